"""The outcome of an evaluation: a DataFrame where pandas is installed, else a list of rows that prints as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import import_module
from typing import Any

COLUMNS = ("target", "case", "text", "first_event_s", "total_s", "events", "error", "passed", "why", "cost")
_WIDTH = 40  # characters of a cell that is printed


class Rows(list[dict[str, Any]]):
    """A list of dicts that prints as a table.

    >>> print(Rows([{"target": "echo", "text": "hi"}]))
    target  text
    echo    hi
    """

    @property
    def columns(self) -> list[str]:
        """The names of all columns."""
        return list(dict.fromkeys(name for row in self for name in row))

    def __str__(self) -> str:
        lines = [self.columns, *([_shown(row.get(name)) for name in self.columns] for row in self)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(_line(cells, widths) for cells in lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(_shown(row.get(name)))}</td>' for name in self.columns)}</tr>" for row in self
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def table_of(rows: Iterable[dict[str, Any]], columns: Sequence[str] = COLUMNS) -> Any:
    """A DataFrame of the rows, or ``Rows``; *columns* are those of a table without any."""
    made = Rows(rows)
    try:
        pandas: Any = import_module("pandas")
    except ImportError:
        return made
    return pandas.DataFrame(list(made), columns=made.columns or list(columns))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _shown(value: object) -> str:
    text = "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
