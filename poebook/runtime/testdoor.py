"""A door whose answers have a known timing, open while a public address is being tried."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import TYPE_CHECKING

from poebook.wire.events import DONE, text_event

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

EVENTS = 8
STEP_S = 0.08

_HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class TestDoor:
    """An ASGI application; ``path`` and ``key`` are known to its maker only, so what answers there is this kernel."""

    __test__ = False  # pytest, it is not yours

    def __init__(self) -> None:
        self.path = f"/poebook-test-{secrets.token_hex(8)}"
        self.key = secrets.token_hex(16)
        self.seconds = (EVENTS - 1) * STEP_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(given, f"Bearer {self.key}".encode()):
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
        for number in range(EVENTS):
            if number:
                await asyncio.sleep(STEP_S)
            await send({"type": "http.response.body", "body": text_event(f"{number} ").encode(), "more_body": True})
        await send({"type": "http.response.body", "body": DONE.encode()})
