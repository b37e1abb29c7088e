"""``await`` at a cell's own level, which a module does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from poebook.export.edits import Edit
from poebook.export.statements import Statement


def awaits(one: Statement) -> bool:
    """Whether the statement awaits something at its own level."""
    return any(isinstance(part, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for part in _here(one.nodes)) or any(
        isinstance(part, ast.comprehension) and part.is_async for part in _here(one.nodes)
    )


def run_instead(one: Statement) -> list[Edit] | None:
    """``asyncio.run(x)`` in place of each ``await x``; None where there is more to it than that.

    >>> from poebook.export.notebooks import Cell
    >>> from poebook.export.statements import statements_of
    >>> [edit.text for edit in run_instead(statements_of([Cell(1, "x = await f(1)")])[0])]
    ['asyncio.run(f(1))']
    """
    edits = []
    for part in _here(one.nodes):
        if isinstance(part, (ast.AsyncFor, ast.AsyncWith)) or (isinstance(part, ast.comprehension) and part.is_async):
            return None
        if isinstance(part, ast.Await):
            if any(isinstance(inner, ast.Await) for inner in ast.walk(part.value)):
                return None
            inside = ast.get_source_segment(one.cell.plain.text, part.value)
            if inside is None or not isinstance(part.value, ast.Call):
                return None
            edits.append(Edit.of(part, f"asyncio.run({inside})"))
    return edits


def _here(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """The parts of statements that are in no function."""
    waiting: list[ast.AST] = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
