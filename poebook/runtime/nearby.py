"""A bot without a key, on this machine only: a page elsewhere must not reach it through the browser of its author."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from poebook.runtime.outside import is_from_outside

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_NEARBY = frozenset(("127.0.0.1", "localhost", "::1"))
_BODY = json.dumps(
    {"detail": "This bot has no key, so it answers only what is asked from this machine, by 127.0.0.1 or localhost."}
).encode()


class NearbyOnly:
    """Refuses requests whose ``Host`` or ``Origin`` is another machine's, as those of a page that a browser shows,
    and all that comes by a tunnel.

    >>> is_nearby(b"127.0.0.1:8080"), is_nearby(b"rebound.example.org:8080")
    (True, False)
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        host, origin = headers.get(b"host", b""), headers.get(b"origin")
        near = not is_from_outside(scope) and is_nearby(host)
        if near and (origin is None or is_nearby(origin.partition(b"://")[2])):
            await self._app(scope, receive, send)
            return
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": head})
        await send({"type": "http.response.body", "body": _BODY})


def is_nearby(host: bytes) -> bool:
    """Whether a host, with its port if any, is this machine."""
    try:
        return urlsplit(f"//{host.decode('latin-1')}").hostname in _NEARBY
    except ValueError:
        return False
