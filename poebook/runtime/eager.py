"""A stream beside a cell that computes: it must not wait long for its turn each time it has something to send."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# Each send gives up Python's global lock and asks for it back; a cell of pure Python keeps it for a whole switch
# interval, 5 ms unless told otherwise. A tenth of one costs the cell no more than a half did, and the first event of an
# answer comes in a quarter of the time. Measured by ``python3 -m tests.bench computing``.
INTERVAL_S = 0.0001


class Eager:
    """Shortens the interpreter's switch interval while somebody is being answered, and puts back what was.

    Lives on the server's loop. An interval that somebody else set meanwhile is left alone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answering = 0
        self._before = 0.0
        self._ours = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._begin()
        try:
            await self._app(scope, receive, send)
        finally:
            self._end()

    def _begin(self) -> None:
        self._answering += 1
        if self._answering == 1:
            self._before = sys.getswitchinterval()
            _set(min(INTERVAL_S, self._before))
            self._ours = sys.getswitchinterval()

    def _end(self) -> None:
        self._answering -= 1
        if self._answering == 0 and sys.getswitchinterval() == self._ours:
            _set(self._before)


def _set(seconds: float) -> None:
    sys.setswitchinterval(seconds + 1e-7)  # it is cut to whole microseconds, so what was read would shrink
