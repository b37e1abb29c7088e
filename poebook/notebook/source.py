"""Running the body of a cell in the notebook's own namespace, with its lines where the author sees them."""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from poebook.client.portal import Portal
from poebook.faults import name_cell
from poebook.notebook.shell import Shell

if TYPE_CHECKING:
    from types import CodeType, FrameType


@dataclass
class Ran:
    """A cell that ran to its end: its code, what its last line was worth, and the namespace as it was before."""

    tree: ast.Module
    value: Any
    shown: bool  # whether the last line is an expression that a cell would show
    before: dict[str, Any]


def run(shell: Shell, line: str, body: str) -> Ran:
    """Run *body*, a cell below the magic's *line*. What it raises comes through, SyntaxError included.

    The code is compiled under the name that IPython gives the cell, one line lower, so that tracebacks, breakpoints
    and the debugger point at the author's lines.
    """
    source, number = _source(shell, body), _number(shell)
    filename = shell.compile.cache(source, number, raw_code=_raw(shell, line, body))
    name_cell(filename, number)
    tree = _parsed(shell, source, filename)
    tree = shell.transform_ast(tree)
    assert isinstance(tree, ast.Module)
    before = dict(shell.user_ns)
    statements, last = list(tree.body), None
    if statements and isinstance(end := statements[-1], ast.Expr):
        last = end.value
        del statements[-1]
    with shell.compile.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
        code = [shell.compile(ast.Module(statements, tree.type_ignores), filename, "exec")]
        if last is not None:
            code.append(shell.compile(ast.Expression(last), filename, "eval"))
    value = [_evaluate(shell, one) for one in code][-1]
    shown = last is not None and value is not None and not body.rstrip().endswith(";")
    return Ran(tree, value, shown, before)


def _parsed(shell: Shell, source: str, filename: str) -> ast.AST:
    """The cell's syntax. IPython's parser, which also reads half a cell, may say no more than "incomplete input"."""
    try:
        tree: ast.AST = shell.compile.ast_parse(source, filename=filename)
    except SyntaxError as error:
        try:
            ast.parse(source, filename)
        except SyntaxError as plainer:
            raise plainer from None
        raise error from None
    return tree


def _source(shell: Shell, body: str) -> str:
    """*body* as Python (``%magics`` and ``!commands`` written out), below an empty line for the magic's own."""
    lines = body.splitlines(keepends=True)
    blank = 0
    while blank < len(lines) and not lines[blank].strip():
        blank += 1  # IPython drops these, and with them the count of lines
    return "\n" * (blank + 1) + str(shell.transform_cell("".join(lines[blank:])))


def _number(shell: Shell) -> int:
    """The number of the cell that runs; the shell's own count may be one ahead of it by now."""
    numbers, found = getattr(shell.compile, "_filename_map", {}), None
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        found = numbers.get(frame.f_code.co_filename, found)
        frame = frame.f_back
    return int(found if found is not None else shell.execution_count)


def _raw(shell: Shell, line: str, body: str) -> str:
    """The cell as the front end sent it; its debugger finds the file by it."""
    history = shell.history_manager.input_hist_raw if shell.history_manager is not None else []
    last = str(history[-1]) if history else ""
    if last.startswith("%%poebot") and last.rstrip().endswith(body.rstrip()):
        return last
    return f"%%poebot {line}\n{body}"


def _evaluate(shell: Shell, code: CodeType) -> Any:
    """Carry *code* out; with an ``await`` at its top level on a loop of the cells' own."""
    if code.co_flags & inspect.CO_COROUTINE:
        return _portal().run(_await(code, shell.user_global_ns, shell.user_ns))
    return eval(code, shell.user_global_ns, shell.user_ns)


async def _await(code: CodeType, names: dict[str, Any], own: dict[str, Any]) -> Any:
    return await eval(code, names, own)


_awaiting: Portal | None = None


def _portal() -> Portal:
    """The kernel's own loop waits for the cell, so what a cell awaits runs on another, which stays."""
    global _awaiting
    if _awaiting is None or not _awaiting.alive:
        _awaiting = Portal("poebook-cells")
    return _awaiting
