"""Whether what is written is coloured: on a terminal that can, for a person who has not said no."""

from __future__ import annotations

import os
from typing import TextIO


def wanted() -> bool:
    """Whether colours are welcome where there is a terminal: ``NO_COLOR`` and ``TERM=dumb`` say no."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def shows(stream: TextIO) -> bool:
    """Whether what is written to *stream* may be coloured.

    >>> import io
    >>> shows(io.StringIO())
    False
    """
    return stream.isatty() and wanted()


def quiet(text: str, stream: TextIO) -> str:
    """*text*, which stands back behind what matters more, as *stream* shows it."""
    return f"\x1b[2m{text}\x1b[0m" if shows(stream) else text
