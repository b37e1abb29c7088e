"""The introduction of a ``%%poebot`` line, written into the bot's own settings."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable

from poebook.export.bots import Found
from poebook.export.changes import dotted, root
from poebook.export.edits import Edit
from poebook.export.statements import Statement

_WIDTH = 118
_SETTINGS = ("get_settings", "get_settings_with_context")


def introduced(found: Found, words: str, taken: Iterable[Statement], alias: str) -> tuple[dict[int, list[Edit]], str]:
    """How *words* become the bot's introduction: edits by a statement's place, and lines to put before the bot.

    Where the settings are made in one call, they say it themselves; where there are none, they are added; else the
    bot is told from outside, by ``introduce(bot, ...)``: then the lines are empty and the edits too.
    """
    told = json.dumps(words, ensure_ascii=False)
    made = f"{alias}.SettingsResponse(introduction_message={told})"
    statements = {name: one for one in taken for name in one.binds}
    if found.hooks:
        one = statements.get("get_settings") if "get_settings" in found.hooks else None
        if one is None:
            return {}, f"def get_settings(setting):\n    return {made}"
        edit = _said_by(one, one.node, told)
        return ({one.place: [edit]}, "") if edit is not None else ({}, "")
    one = statements.get(found.kind or "")
    if one is None or not isinstance(one.node, ast.ClassDef):
        return {}, ""
    own = next((part for part in one.node.body if getattr(part, "name", "") in _SETTINGS), None)
    if own is not None:
        edit = _said_by(one, own, told)
        return ({one.place: [edit]}, "") if edit is not None else ({}, "")
    if not all(
        dotted(base).rpartition(".")[2] == "PoeBot" or _is_silent(root(base), statements) for base in one.node.bases
    ):
        return {}, ""
    return {one.place: [_method(one.node, made)]}, ""


def _is_silent(name: str | None, statements: dict[str, Statement]) -> bool:
    """Whether a class of the notebook, and those above it, leave the settings to PoeBot."""
    one = statements.get(name or "")
    if one is None or not isinstance(one.node, ast.ClassDef):
        return False
    if any(getattr(part, "name", "") in _SETTINGS for part in one.node.body):
        return False
    return all(
        dotted(base).rpartition(".")[2] == "PoeBot" or _is_silent(root(base), statements) for base in one.node.bases
    )


def _method(node: ast.ClassDef, made: str) -> Edit:
    last = node.body[-1]
    assert last.end_lineno is not None
    assert last.end_col_offset is not None
    indent = " " * node.body[0].col_offset if node.body[0].lineno > node.lineno else "    "
    text = f"\n\n{indent}async def get_settings(self, setting):\n{indent}    return {made}"
    return Edit(last.end_lineno, last.end_col_offset, last.end_lineno, last.end_col_offset, text)


def _said_by(one: Statement, function: ast.stmt, told: str) -> Edit | None:
    """An edit to the one call that makes the settings; None where it is not that plain."""
    calls = [
        part
        for part in ast.walk(function)
        if isinstance(part, ast.Call) and dotted(part.func).rpartition(".")[2] == "SettingsResponse"
    ]
    if len(calls) != 1 or any(word.arg is None for word in calls[0].keywords) or calls[0].args:
        return None
    (call,) = calls
    for word in call.keywords:
        if word.arg == "introduction_message":
            return Edit.of(word.value, told)
    lines = one.cell.plain.text.split("\n")
    line, column = call.func.end_lineno or 0, call.func.end_col_offset or 0
    rest = lines[line - 1].encode()[column:].decode()
    if not rest.startswith("("):
        return None
    column += 1
    said = f"introduction_message={told}"
    if not rest[1:].strip() and call.keywords:
        first = call.keywords[0].value
        indent = len(lines[first.lineno - 1]) - len(lines[first.lineno - 1].lstrip())
        return Edit(line, column, line, column, f"\n{' ' * indent}{said},")
    if call.keywords and len(lines[line - 1]) + len(said) > _WIDTH:
        return Edit(line, column, line, column, f"{said},\n{' ' * column}")
    return Edit(line, column, line, column, f"{said}, " if call.keywords else said)
