"""A bot server made by hand that does everything right, in pieces that an animal of the zoo can spoil one by one."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ClassVar

KEY = "sound-sound-sound-sound-sound-00"
TYPES = ("report_feedback", "report_reaction", "report_error")

Send = Callable[[dict[str, Any]], Awaitable[None]]


def event(name: str, data: object, **more: object) -> bytes:
    """An event as it travels."""
    fields = {**data, **more} if isinstance(data, dict) else data
    return f"event: {name}\r\ndata: {json.dumps(fields)}\r\n\r\n".encode()


def text(words: str) -> bytes:
    return event("text", {"text": words})


DONE = event("done", {})


class Refused(Exception):
    """An answer that is not the one that was asked for."""

    def __init__(self, status: int, words: str = "no", **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.headers = headers


class Sound:
    """An ASGI application that is one bot."""

    plants: ClassVar[str] = ""  # the check that finds what an animal has
    key: ClassVar[str] = KEY
    refusal: ClassVar[int] = 401
    challenge: ClassVar[bool] = True
    stream_headers: ClassVar[dict[str, str]] = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
    }

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        try:
            await self.serve(scope, body, send)
        except Refused as refused:
            await self.plainly(send, refused.status, str(refused).encode(), **refused.headers)

    async def serve(self, scope: Any, body: bytes, send: Send) -> None:
        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        if scope["method"] == "GET":
            return await self.page(send)
        given = headers.get("authorization")
        if not self.lets_in(given, body):
            challenge = {"www-authenticate": "Bearer"} if self.challenge else {}
            raise Refused(self.refusal, '{"detail": "Invalid access key"}', **challenge)
        request = self.read(body)
        kind = request.get("type")
        if kind == "query":
            self.look_at(request)
            return await self.stream(request, send)
        if kind == "settings":
            return await self.plainly(send, 200, self.settings_body())
        if kind in TYPES:
            return await self.report(request, send)
        return await self.unknown(request, send)

    async def page(self, send: Send) -> None:
        await self.plainly(send, 200, b"A bot runs here.", **{"content-type": "text/plain"})

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given is not None and hmac.compare_digest(given, f"Bearer {self.key}".encode())

    def read(self, body: bytes) -> dict[str, Any]:
        try:
            request = json.loads(body)
        except ValueError:
            raise Refused(400, "This is no JSON.") from None
        if request.get("type") == "query" and not isinstance(request.get("query"), list):
            raise Refused(400, "There is no query.")
        found: dict[str, Any] = request
        return found

    def look_at(self, request: dict[str, Any]) -> None:
        """Where an animal takes offence at a question."""

    def settings_body(self) -> bytes:
        return json.dumps(self.settings()).encode()

    def settings(self) -> Any:
        return {"response_version": 2, "server_bot_dependencies": {}, "introduction_message": "Hello."}

    async def report(self, request: dict[str, Any], send: Send) -> None:
        await self.plainly(send, 200, b"{}")

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        await self.plainly(send, 501, b'{"detail": "Unsupported request type"}')

    async def stream(self, request: dict[str, Any], send: Send) -> None:
        await send(_start(200, self.stream_headers))
        async for chunk in self.chunks(request):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        for chunk in self.answer(request):
            yield chunk
            await asyncio.sleep(0)

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("You said: "), text(request["query"][-1]["content"]), DONE]

    async def plainly(self, send: Send, status: int, body: bytes, **headers: str) -> None:
        await send(_start(status, {"content-type": "application/json", **headers}))
        await send({"type": "http.response.body", "body": body})


def _start(status: int, headers: dict[str, str]) -> dict[str, Any]:
    lines = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": lines}
