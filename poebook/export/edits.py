"""Small changes to a statement's text, by the places that its syntax tree names."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """``text`` stands instead of what is there; columns are counted in bytes of UTF-8, as ast does."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    @staticmethod
    def of(node: ast.expr, text: str) -> Edit:
        """*text* in place of *node*."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Edit(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text)


def edited(text: str, first: int, edits: Iterable[Edit]) -> str:
    """*text*, whose first line has the number *first*, with *edits*.

    >>> edited("KEY = 'x'", 7, [Edit(7, 6, 7, 9, "os.environ['KEY']")])
    "KEY = os.environ['KEY']"
    """
    lines = [line.encode() for line in text.split("\n")]
    for edit in sorted(set(edits), key=lambda one: (one.line, one.column), reverse=True):
        top, bottom = edit.line - first, edit.end_line - first
        joined = lines[top][: edit.column] + edit.text.encode() + lines[bottom][edit.end_column :]
        lines[top : bottom + 1] = joined.split(b"\n")
    return b"\n".join(lines).decode()
