"""How long, as people write it."""

from __future__ import annotations

import re

from poebook.errors import TunnelError

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(min|[smhd])")


def seconds(words: str | float) -> float:
    """The seconds in *words*. Raises TunnelError.

    >>> seconds("2h"), seconds("1h30m"), seconds(90)
    (7200.0, 5400.0, 90.0)
    """
    if isinstance(words, (int, float)) and not isinstance(words, bool):
        total = float(words)
    else:
        text = str(words).strip().lower()
        parts = _PART.findall(text)
        total = sum(float(number) * _UNITS[unit] for number, unit in parts) if not _PART.sub("", text).strip() else 0.0
    if not 0 < total < float("inf"):
        raise TunnelError(f"{words!r} is no length of time; write it as 45m, 2h or 1h30m.", final=True)
    return total
