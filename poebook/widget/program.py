"""The program that draws chats, in a model of its own, so that a page and a saved notebook have it once."""

from __future__ import annotations

import threading
from functools import cache
from hashlib import sha256

from poebook.errors import MissingExtra
from poebook.widget.parts import STATIC

try:
    import ipywidgets  # type: ignore[import-untyped]  # it ships no types
    import traitlets
except ImportError:
    raise MissingExtra("ipywidgets", extra="notebook") from None


class Program(ipywidgets.Widget):  # type: ignore[misc]  # which follows from that
    """What ``frontend/src/loader.ts`` takes the code and the style from."""

    code = traitlets.Unicode().tag(sync=True)
    style = traitlets.Unicode().tag(sync=True)


_lock = threading.Lock()
_program: Program | None = None


def program() -> Program:
    """The one of this kernel; made on first use, and anew when somebody has closed it."""
    global _program
    with _lock:
        if _program is None or _program.comm is None:
            _program = Program(code=_text("chat.js"), style=_text("chat.css"))
        return _program


@cache
def version() -> str:
    """Which program this is: equal ones are loaded once, from whichever kernel.

    >>> len(version())
    16
    """
    return sha256((_text("chat.js") + _text("chat.css")).encode()).hexdigest()[:16]


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
