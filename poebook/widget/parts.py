"""The built files that the page is sent: a loader with each chat, the program once, other parts when asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PARTS = {"chat": "chat.js", "style": "chat.css"}  # also to be asked for, where a front end keeps its models apart
LATE_PARTS = {"highlight": "highlight.js", "math": "math.js", "trace": "trace.js", "drawers": "drawers.js"}


@cache
def late_part(name: str) -> bytes | None:
    """The code of a part; None for a name that is not one.

    >>> late_part("no such part") is None
    True
    """
    file = LATE_PARTS.get(name) or PARTS.get(name)
    return None if file is None else (STATIC / file).read_bytes()
