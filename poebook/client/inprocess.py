"""An ASGI application asked without a socket, event by event as it answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx

logger = logging.getLogger("poebook")

_END: Any = object()
_AHEAD = 64  # pieces that the application may be ahead of the reader
_LISTEN_S = 0.05  # in which an application has to ask whether its reader is still there
_GRACE_S = 2.0  # in which one that was told that the reader left, or was cancelled, has to end

_finishing: set[asyncio.Task[None]] = set()


class InProcessTransport(httpx.AsyncBaseTransport):
    """An httpx transport that calls *app* and streams what it sends.

    When the response is closed early, the application is told of a disconnect; one that does not listen for it is
    cancelled. What it does after its whole answer, it may finish. A failure is what a server would make of it: 500,
    or an answer that is cut off.

    >>> async def app(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200, "headers": []})
    ...     await send({"type": "http.response.body", "body": b"hi"})
    >>> async def ask() -> str:
    ...     async with httpx.AsyncClient(transport=InProcessTransport(app)) as client:
    ...         return (await client.get("http://in-process/")).text
    >>> asyncio.run(ask())
    'hi'
    """

    def __init__(self, app: Any) -> None:  # any ASGI application
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = _Call(self._app, request, await request.aread())
        try:
            status, headers = await call.head
        except BaseException:
            await call.aclose()
            raise
        return httpx.Response(status, headers=headers, stream=call)


class _Call(httpx.AsyncByteStream):
    def __init__(self, app: Any, request: httpx.Request, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        self.head: asyncio.Future[tuple[int, list[tuple[bytes, bytes]]]] = loop.create_future()
        self._body: bytes | None = body
        self._left = asyncio.Event()
        self._told = False
        self._chunks: asyncio.Queue[Any] = asyncio.Queue(_AHEAD)
        self._complete = False
        self._task = loop.create_task(self._run(app, _scope(request)))

    async def _run(self, app: Any, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._send)
        except Exception:
            if not self._left.is_set():
                logger.exception("An application that was asked in process raised")
        except BaseException:
            if not self._complete:
                if self._chunks.full():
                    self._chunks.get_nowait()
                self._chunks.put_nowait(_END)
            self.head.cancel()
            raise
        if not self.head.done():
            self._complete = True
            self.head.set_result((500, [(b"content-type", b"text/plain; charset=utf-8")]))
            await self._chunks.put(b"Internal Server Error")
            await self._chunks.put(_END)
        elif not self._complete and not self._left.is_set():
            await self._chunks.put(_END)

    async def _receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._left.wait()
        self._told = True
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if self._left.is_set():
            await asyncio.sleep(0)  # nobody reads; the application must still not hold the loop
        elif message["type"] == "http.response.start":
            if not self.head.done():
                self.head.set_result((message["status"], list(message.get("headers", []))))
        elif message["type"] == "http.response.body" and not self._complete:
            self._complete = not message.get("more_body", False)
            if message.get("body"):
                await self._chunks.put(bytes(message["body"]))
            if self._complete:
                await self._chunks.put(_END)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._chunks.get()) is not _END:
            yield chunk
        if not self._complete:
            raise httpx.RemoteProtocolError("The application ended before its answer did.")

    async def aclose(self) -> None:
        self._left.set()
        while not self._chunks.empty():
            self._chunks.get_nowait()  # wakes whoever waits to send
        if self._complete and not self._task.done():
            _finishing.add(self._task)
            self._task.add_done_callback(_finishing.discard)
            return
        try:
            await asyncio.wait({self._task}, timeout=_LISTEN_S)
            if self._told:
                await asyncio.wait({self._task}, timeout=_GRACE_S)
        finally:
            self._task.cancel()
        await asyncio.wait({self._task}, timeout=_GRACE_S)


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "root_path": "",
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port or 80),
        "client": ("127.0.0.1", 0),
    }
