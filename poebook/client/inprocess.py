"""An ASGI application asked without a socket, event by event as it answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx

_END: Any = object()


class InProcessTransport(httpx.AsyncBaseTransport):
    """An httpx transport that calls *app* and streams what it sends.

    When the response is closed early, the application is told of a disconnect, then cancelled.
    """

    def __init__(self, app: Any) -> None:  # any ASGI application
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = _Call(self._app, request, await request.aread())
        try:
            status, headers = await call.head()
        except BaseException:
            await call.aclose()
            raise
        return httpx.Response(status, headers=headers, stream=call)


class _Call(httpx.AsyncByteStream):
    def __init__(self, app: Any, request: httpx.Request, body: bytes) -> None:
        self._body: bytes | None = body
        self._left = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._head: asyncio.Future[tuple[int, list[tuple[bytes, bytes]]]] = loop.create_future()
        self._chunks: asyncio.Queue[Any] = asyncio.Queue(64)
        self._task = loop.create_task(self._run(app, _scope(request)))

    async def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        return await self._head

    async def _run(self, app: Any, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:
            if not self._head.done():
                self._head.set_exception(httpx.RemoteProtocolError(f"The application raised {type(error).__name__}."))
        finally:
            if not self._head.done():
                self._head.set_exception(httpx.RemoteProtocolError("The application sent no response."))
            with contextlib.suppress(asyncio.QueueFull):
                self._chunks.put_nowait(_END)

    async def _receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._head.set_result((message["status"], [(k, v) for k, v in message.get("headers", [])]))
        elif message["type"] == "http.response.body":
            if message.get("body"):
                await self._chunks.put(message["body"])
            if not message.get("more_body"):
                await self._chunks.put(_END)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            if self._task.done() and self._chunks.empty():
                return
            chunk = await self._chunks.get()
            if chunk is _END:
                return
            yield chunk

    async def aclose(self) -> None:
        self._left.set()
        await asyncio.sleep(0)
        if not self._task.done():
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([self._task], timeout=5)


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "root_path": "",
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port or 80),
        "client": ("in-process", 0),
    }
