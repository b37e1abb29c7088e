"""How long to wait before the next try."""

from __future__ import annotations

FIRST_S = 0.2
LONGEST_S = 30.0
HELD_S = 20.0  # a line that held so long was a good one


class Backoff:
    """Doubles from 0.2 s to 30 s; a line that held for a while begins it anew.

    >>> waits = Backoff()
    >>> [waits.next_s() for _ in range(3)]
    [0.2, 0.4, 0.8]
    """

    def __init__(self, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> None:
        self._first = self._next = first_s
        self._longest = longest_s

    def next_s(self) -> float:
        """Seconds to wait now."""
        wait, self._next = self._next, min(2 * self._next, self._longest)
        return wait

    def held(self, seconds: float) -> None:
        """Say how long the last line held."""
        if seconds >= HELD_S:
            self._next = self._first
