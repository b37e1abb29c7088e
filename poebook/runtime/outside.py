"""What a tunnel leads to: the doors of bots that have a key, and nothing else that this process serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_MARK = "poebook.outside"


class Outside:
    """Marks what comes in by it, so that whoever stands behind can tell it from what is asked on this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, _MARK: True}, receive, send)


def is_from_outside(scope: Scope) -> bool:
    """Whether a request came in by a tunnel.

    >>> is_from_outside({"type": "http"})
    False
    """
    return bool(scope.get(_MARK))
