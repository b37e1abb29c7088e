"""Bots that write their stream byte for byte, asked in process."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
Script = Callable[[dict[str, Any], Send], Awaitable[None]]


class Scripted:
    """A bot that is an ASGI application: it sees each body and writes the stream byte for byte.

    ``bodies`` are those of questions and reports.
    """

    def __init__(self, script: Script, name: str = "scripted", status: int = 200) -> None:
        self.script, self.bot_name, self.status = script, name, status
        self.bodies: list[dict[str, Any]] = []
        self.left = threading.Event()

    def asgi_app(self, *, observer: object = None) -> Any:
        async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
            body = b""
            while True:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
            parsed = json.loads(body)
            if parsed["type"] != "settings":
                self.bodies.append(parsed)
            if parsed["type"] != "query":
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b'{"introduction_message": "I repeat."}'})
                return
            head = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": self.status, "headers": head})
            try:
                await self.script(parsed, send)
                await send({"type": "http.response.body", "body": b""})
            except asyncio.CancelledError:
                self.left.set()
                raise

        return app


def sse(name: str, /, **data: Any) -> bytes:
    return f"event: {name}\r\ndata: {json.dumps(data)}\r\n\r\n".encode()


def says(*events: bytes, name: str = "scripted") -> Scripted:
    async def script(body: dict[str, Any], send: Send) -> None:
        for event in events:
            await send({"type": "http.response.body", "body": event, "more_body": True})

    return Scripted(script, name)


def echo(name: str = "echo") -> Scripted:
    async def script(body: dict[str, Any], send: Send) -> None:
        for event in (sse("text", text=body["query"][-1]["content"]), sse("done")):
            await send({"type": "http.response.body", "body": event, "more_body": True})

    return Scripted(script, name)


def endless(name: str = "endless") -> Scripted:
    async def script(body: dict[str, Any], send: Send) -> None:
        await send({"type": "http.response.body", "body": sse("text", text="on"), "more_body": True})
        await asyncio.Event().wait()

    return Scripted(script, name)
