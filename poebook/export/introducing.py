"""The introduction of a ``%%poebot`` line, written into the bot's own settings."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from poebook.export.bots import Found
from poebook.export.changes import dotted, root
from poebook.export.edits import Edit
from poebook.export.statements import Statement

_WIDTH = 118
_SETTINGS = ("get_settings", "get_settings_with_context")


@dataclass
class Introduction:
    """``edits`` to statements, by their places; lines that stand ``before`` the bot is made, and ``after``."""

    edits: dict[int, list[Edit]] = field(default_factory=dict)
    before: str = ""
    after: str = ""


def introduced(found: Found, words: str, taken: Iterable[Statement], alias: str) -> Introduction:
    """How *words* become the bot's introduction.

    Where the settings are made in one call, they say it themselves; where there are none, they are added; else what
    they return is changed.
    """
    told = json.dumps(words, ensure_ascii=False)
    made = f"{alias}.SettingsResponse(introduction_message={told})"
    statements = {name: one for one in taken for name in one.binds}
    if found.hooks:
        one = statements.get("get_settings") if "get_settings" in found.hooks else None
        if one is None:
            return Introduction(before=f"def get_settings(setting):\n    return {made}")
        edit = _said_by(one, one.node, told)
        if edit is not None:
            return Introduction({one.place: [edit]})
        return Introduction(before=_around("get_settings", told, isinstance(one.node, ast.AsyncFunctionDef)))
    kind = found.kind or _kind_of(found.made.node)
    one, own = _settings_of(kind, statements)
    edit = _said_by(one, own, told) if one is not None and own is not None else None
    if one is not None and edit is not None:
        return Introduction({one.place: [edit]})
    bot = statements.get(kind)
    if (
        own is None
        and bot is not None
        and isinstance(bot.node, ast.ClassDef)
        and _are_silent(bot.node.bases, statements)
    ):
        return Introduction({bot.place: [_method(bot.node, made)]})
    around = _around("bot.get_settings", told, own is None or isinstance(own, ast.AsyncFunctionDef))
    return Introduction(after=f"{around}\n\n\nbot.get_settings = get_settings")


def _around(own: str, told: str, is_async: bool) -> str:
    """Lines that change what the settings' own function returns."""
    start, wait = ("async ", "await ") if is_async else ("", "")
    return f"""\
own_settings = {own}


{start}def get_settings(setting):
    settings = {wait}own_settings(setting)
    return settings.model_copy(update={{"introduction_message": {told}}})"""


def _kind_of(node: ast.stmt) -> str:
    """The class of which ``bot = Kind(...)`` makes an object."""
    value = node.value if isinstance(node, ast.Assign) else None
    return dotted(value.func) if isinstance(value, ast.Call) else ""


def _settings_of(kind: str, statements: dict[str, Statement]) -> tuple[Statement | None, ast.stmt | None]:
    """Where a class of the notebook, or the first one above it, makes its settings."""
    one = statements.get(kind)
    if one is None or not isinstance(one.node, ast.ClassDef):
        return None, None
    for part in one.node.body:
        if getattr(part, "name", "") in _SETTINGS:
            return one, part
    for base in one.node.bases:
        above, found = _settings_of(root(base) or "", statements)
        if found is not None:
            return above, found
    return None, None


def _is_silent(name: str | None, statements: dict[str, Statement]) -> bool:
    """Whether a class of the notebook, and those above it, leave the settings to PoeBot."""
    one = statements.get(name or "")
    if one is None or not isinstance(one.node, ast.ClassDef):
        return False
    if any(getattr(part, "name", "") in _SETTINGS for part in one.node.body):
        return False
    return _are_silent(one.node.bases, statements)


def _are_silent(bases: Iterable[ast.expr], statements: dict[str, Statement]) -> bool:
    return all(dotted(base).rpartition(".")[2] == "PoeBot" or _is_silent(root(base), statements) for base in bases)


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
