"""A stand-in for Poe's own servers: it keeps what it was sent and answers what it was told to."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Sent:
    """One request, as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Poe:
    """An ASGI application that answers *body* to everything."""

    body: bytes = b"{}"
    status: int = 200
    content_type: str = "application/json"
    sent: list[Sent] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.sent.append(Sent(scope["path"], headers, body))
        self.arrived.set()
        head = [(b"content-type", self.content_type.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": head})
        await send({"type": "http.response.body", "body": self.body})
