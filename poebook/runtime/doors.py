"""Who answers at which path. Looked up once a request, so that a bot can be swapped under its path."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from urllib.parse import quote

from poebook.runtime.outside import is_from_outside

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Doors:
    """An ASGI application made of others: bots, each behind one exact path, and *below*, each below a prefix.

    Of the prefixes only those in *public* are there for whoever comes by a tunnel.
    What was begun with an application ends with it, whatever is put in its place meanwhile.
    """

    def __init__(self, below: dict[str, ASGIApp] | None = None, public: Collection[str] = ()) -> None:
        self._apps: dict[str, ASGIApp] = {}
        self._public = public
        self._below = below or {}
        self._listener: Callable[[str, Scope], None] | None = None

    def open(self, path: str, app: ASGIApp) -> None:
        """Let *app* answer at *path*, instead of the one that did."""
        self._apps = {**self._apps, path: app}

    def close(self, path: str) -> None:
        """Let nobody answer at *path*."""
        self._apps = {kept: app for kept, app in self._apps.items() if kept != path}

    def listen(self, listener: Callable[[str, Scope], None] | None) -> None:
        """Call *listener* with the path of each request that somebody answers; None ends that."""
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        app = self._apps.get(path)
        if app is not None:
            if self._listener is not None:
                self._listener(path, scope)
            await app(scope, receive, send)
        elif (bare := path.rstrip("/")) in self._apps and bare:
            query = scope.get("query_string", b"")
            where = quote(bare).encode() + (b"?" + query if query else b"")
            await _answer(send, 307, b"", [(b"location", where)])
        elif (below := self._found_below("/" + path.split("/")[1], scope)) is not None:
            await below(scope, receive, send)
        else:
            body = json.dumps({"detail": "No bot is served at this path"}).encode()
            await _answer(send, 404, body, [(b"content-type", b"application/json")])

    def _found_below(self, prefix: str, scope: Scope) -> ASGIApp | None:
        return self._below.get(prefix) if prefix in self._public or not is_from_outside(scope) else None


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
