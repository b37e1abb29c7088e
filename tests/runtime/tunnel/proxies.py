"""Web servers that stand before a bot, as the world has them: good ones, and ones that spoil something."""

from __future__ import annotations

from typing import Any

import httpx

DROPPED = ("host", "content-length", "connection", "transfer-encoding")


class Proxy:
    """Passes everything on as it comes. Raises what its children raise."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        await self.serve(scope, body, send)

    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.pass_on(scope, body, send)

    def headers(self, scope: Any) -> list[tuple[bytes, bytes]]:
        kept: list[tuple[bytes, bytes]] = [h for h in scope["headers"] if h[0].decode() not in DROPPED]
        return kept

    def path(self, scope: Any) -> str:
        return str(scope["path"])

    def status(self, status: int) -> int:
        return status

    async def pass_on(self, scope: Any, body: bytes, send: Any) -> None:
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream(
                scope["method"], self.upstream + self.path(scope), content=body, headers=self.headers(scope)
            ) as answer,
        ):
            head = [(k.encode(), v.encode()) for k, v in answer.headers.items() if k.lower() not in DROPPED]
            await send({"type": "http.response.start", "status": self.status(answer.status_code), "headers": head})
            await self.body(answer, send)

    async def body(self, answer: httpx.Response, send: Any) -> None:
        async for chunk in answer.aiter_raw():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def plainly(self, send: Any, status: int, body: bytes, kind: str = "text/plain", **more: str) -> None:
        head = [(b"content-type", kind.encode()), *((k.encode(), v.encode()) for k, v in more.items())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})


class Gathers(Proxy):
    async def body(self, answer: httpx.Response, send: Any) -> None:
        await send({"type": "http.response.body", "body": await answer.aread()})


class ShowsPage(Proxy):
    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.plainly(send, 200, b"<p>You are about to visit", "text/html")


class WantsLogin(Proxy):
    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.plainly(send, 401, b"who are you?")


class DropsKey(Proxy):
    def headers(self, scope: Any) -> list[tuple[bytes, bytes]]:
        return [h for h in super().headers(scope) if h[0] != b"authorization"]


class AddsKey(Proxy):
    """Whoever comes, it shows the right key."""

    key = ""

    def headers(self, scope: Any) -> list[tuple[bytes, bytes]]:
        kept = [h for h in super().headers(scope) if h[0] != b"authorization"]
        return [*kept, (b"authorization", f"Bearer {self.key}".encode())]


class ChangesPaths(Proxy):
    def path(self, scope: Any) -> str:
        return "/elsewhere" + super().path(scope)


class OtherAnswers(Proxy):
    def status(self, status: int) -> int:
        return 500 if status == 501 else status


class CutsStreams(Proxy):
    async def body(self, answer: httpx.Response, send: Any) -> None:
        if "event-stream" not in answer.headers.get("content-type", ""):
            await super().body(answer, send)
            return
        async for chunk in answer.aiter_raw():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            break
        await send({"type": "http.response.body", "body": b""})


class LeadsOn(Proxy):
    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.plainly(send, 301, b"", location="https://www.example.org/there?token=s3cret")


class NothingThere(Proxy):
    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.plainly(send, 404, b"nothing")


class DeadBehind(Proxy):
    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.plainly(send, 502, b"bad gateway")


class NoBot(Proxy):
    async def serve(self, scope: Any, body: bytes, send: Any) -> None:
        await self.plainly(send, 200, b"[]", "application/json")
