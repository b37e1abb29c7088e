"""A small table that looks well in a notebook and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_HEAD = "text-align: left; font-weight: 500; padding: 4px 16px 4px 0; color: var(--jp-ui-font-color1, inherit);"
_CELL = "text-align: left; padding: 4px 16px 4px 0; vertical-align: baseline;"
_RULE = "border-bottom: 1px solid var(--jp-border-color2, currentColor);"
_FIGURES = "font-variant-numeric: tabular-nums;"


class Table:
    """Rows of text below a head; ``empty`` is said instead when there are none.

    >>> Table(["name", "calls"], [["echo", "2"]])
    name  calls
    echo  2
    """

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str = "") -> None:
        self.head = list(head)
        self.rows = [list(row) for row in rows]
        self.empty = empty

    def __repr__(self) -> str:
        if not self.rows:
            return self.empty
        widths = [max(len(row[column]) for row in [self.head, *self.rows]) for column in range(len(self.head))]
        lines = ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in self._all()]
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(self.empty)}</p>"
        head = "".join(f'<th scope="col" style="{_HEAD} {_RULE}">{escape(word)}</th>' for word in self.head)
        rows = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{_linked(word)}</td>' for word in row) + "</tr>" for row in self.rows
        )
        style = f"border-collapse: collapse; background: none; {_FIGURES}"
        return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'

    def _all(self) -> list[list[str]]:
        return [self.head, *self.rows]


def _linked(word: str) -> str:
    text = escape(word)
    if word.startswith(("http://", "https://")):
        return f'<a href="{text}" target="_blank" rel="noopener">{text}</a>'
    return text
