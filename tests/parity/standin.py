"""What stands for Poe's doors for uploads, costs and settings; it remembers what each library asked of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

DEAR = 1000  # amounts from here on the user cannot pay
_HEAD = rb'name="(?P<name>[^"]+)"(?:; filename="(?P<file>[^"]+)")?[^\n]*\r\n(?:[^\r]+\r\n)*\r\n'
_PART = re.compile(_HEAD + rb"(?P<value>.*?)\r\n--", re.S)


@dataclass
class StandIn:
    """An ASGI application; paths begin with the library that asks."""

    url: str = ""
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def take(self, library: str) -> list[dict[str, Any]]:
        """What a library asked since the last look."""
        return self.seen.pop(library, [])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        _, library, path = scope["path"].split("/", 2)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        request = {
            "method": scope["method"],
            "path": path,
            "authorization": headers.get("authorization"),
            "said": _said(headers.get("content-type", ""), body),
        }
        self.seen.setdefault(library, []).append(request)
        status, kind, answer = next(door for part, door in _DOORS.items() if part in path)(request)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": answer})


def _said(kind: str, body: bytes) -> Any:
    if kind.startswith("multipart/"):
        return {
            part["name"].decode(): [part["file"] and part["file"].decode(), part["value"].decode()]
            for part in _PART.finditer(body)
        }
    return json.loads(body) if kind == "application/json" else body.decode()


def _settings(request: dict[str, Any]) -> tuple[int, bytes, bytes]:
    if request["path"].startswith("refuse/"):
        return 400, b"text/plain", b"no such bot"
    return 200, b"text/plain", b"taken"


def _upload(request: dict[str, Any]) -> tuple[int, bytes, bytes]:
    if request["path"].startswith("refuse/"):
        return 400, b"text/plain", b"too large"
    answer = {"attachment_url": "https://files.example.org/1", "mime_type": "text/csv"}
    return 200, b"application/json", json.dumps(answer).encode()


def _cost(request: dict[str, Any]) -> tuple[int, bytes, bytes]:
    kind = b"text/event-stream"
    total = sum(one["amount_usd_milli_cents"] for one in request["said"]["amounts"])
    if request["path"].startswith("refuse/"):
        events = b'event: error\r\ndata: {"message": "not "}\r\n\r\nevent: error\r\ndata: {"message": "you"}\r\n\r\n'
        return 400, kind, events
    if request["path"].startswith("silent/"):
        return 200, kind, b"event: other\r\ndata: {}\r\n\r\n"
    if request["path"].startswith("odd/"):
        return 200, kind, b"event: result\r\ndata: no JSON\r\n\r\n"
    status = b"failure" if total >= DEAR else b"success"
    return 200, kind, b'event: result\r\ndata: {"status": "' + status + b'"}\r\n\r\n'


_DOORS = {"file_upload": _upload, "update_settings": _settings, "cost": _cost}
