"""The built files that the page is sent: the first part with the widget, the others when they are asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
LATE_PARTS = {"highlight": "highlight.js", "math": "math.js", "trace": "trace.js", "drawers": "drawers.js"}


@cache
def late_part(name: str) -> bytes | None:
    """The code of a late part; None for a name that is not one.

    >>> late_part("no such part") is None
    True
    """
    file = LATE_PARTS.get(name)
    return None if file is None else (STATIC / file).read_bytes()
