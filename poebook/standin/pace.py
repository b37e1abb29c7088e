"""How many requests a key may make in a minute."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from typing import NamedTuple

_WINDOW_S = 60.0


class Allowance(NamedTuple):
    """What a request leaves: ``allowed`` or not, and the figures that every answer carries."""

    allowed: bool
    most: int
    remaining: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """Poe's three headers, and when to come again where there is no more."""
        headers = {
            "x-ratelimit-limit-requests": str(self.most),
            "x-ratelimit-remaining-requests": str(self.remaining),
            "x-ratelimit-reset-requests": str(self.reset_s),
        }
        return headers if self.allowed else {**headers, "retry-after": str(self.reset_s)}


class Pace:
    """Counts the requests of the last minute, by key.

    >>> pace = Pace()
    >>> pace.take("key", 1, now=0.0).allowed, pace.take("key", 1, now=30.0).reset_s
    (True, 30)
    """

    def __init__(self) -> None:
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, key: str, most: int | None, now: float) -> Allowance | None:
        """A request at *now* (seconds); None where there is no limit."""
        if most is None:
            return None
        taken = self._taken[key]
        while taken and taken[0] <= now - _WINDOW_S:
            taken.popleft()
        allowed = len(taken) < most
        if allowed:
            taken.append(now)
        reset_s = math.ceil(taken[0] + _WINDOW_S - now) if taken else 0
        return Allowance(allowed, most, most - len(taken), reset_s)
