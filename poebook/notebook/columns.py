"""Two columns of text that fit below a cell, where longer lines are broken within words."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

_LEFT, _WIDTH = 34, 96


def columns(rows: Iterable[tuple[str, str]]) -> str:
    """What is written, and what it does; where the first is long, the second begins on a line of its own.

    >>> print(columns([("--key KEY", "the bot's access key")]))
      --key KEY                         the bot's access key
    """
    return "\n".join(line for left, right in rows for line in _lines(left, right))


def _lines(left: str, right: str) -> list[str]:
    room = " " * (_LEFT + 2)
    told = wrap(right, _WIDTH, initial_indent=room, subsequent_indent=room, break_on_hyphens=False)
    first = f"  {left}"
    if len(first) >= len(room):
        return [first, *told]
    return [first.ljust(len(room)) + told[0].strip(), *told[1:]]
