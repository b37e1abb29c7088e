"""One bot as an ASGI application, at whatever path it is mounted."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from poebook.protocol import QueryRequest, RequestContext
from poebook.server.handlers import AuthorSlip
from poebook.server.observer import QUIET, Observer, observing
from poebook.wire.bodies import BadRequest, Request, parse_request
from poebook.wire.events import DONE, public_error

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PING_EVERY_S = 15.0
_YIELD_EVERY = 64  # events; a handler that never waits must not keep the loop to itself
_STREAM_HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"keep-alive"),
    (b"x-accel-buffering", b"no"),
]
_METHODS = (b"allow", b"GET, POST")


class BotEndpoint:
    """Answers Poe's requests to one bot.

    ``key`` is what the asker must show; None asks for none. ``observer`` is told what happens. It needs neither
    FastAPI nor a path of its own: mount it anywhere, or hand it to uvicorn as it is.

    >>> from poebook import PoeBot
    >>> BotEndpoint(PoeBot(), key=None).bot.path
    '/'
    """

    def __init__(self, bot: PoeBot, *, key: str | None, observer: Observer | None = None) -> None:
        self.bot = bot
        self.observer = observer or QUIET
        self._key = key
        self._shown = key.encode() if key is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("A bot answers HTTP only.")
        method = _ROUTES.get(scope["method"])
        if method is None:
            await _reply(send, 405, {"detail": "Method Not Allowed"}, _METHODS)
        else:
            await method(self, scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What a person sees who opens the address in a browser."""
        name = escape(self.bot.bot_name or type(self.bot).__name__)
        page = (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{name}</title>"
            f"<h1>{name} is running</h1><p>This is the server of a Poe bot. "
            '<a href="https://poe.com/create_bot?server=1">Register it at Poe</a> with this address and its access '
            "key.</p></html>"
        )
        await _body(send, 200, page.encode(), b"text/html; charset=utf-8")

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await _reply(send, 401, {"detail": refusal}, (b"www-authenticate", b"Bearer"))
            return
        body = await _read(receive)
        if body is None:
            return
        try:
            request = parse_request(body)
        except BadRequest as error:
            await _reply(send, error.status, {"detail": error.detail})
            return
        if isinstance(request, QueryRequest):
            await self._query(request, scope, receive, send)
        else:
            await self._report(request, scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        """Why this request may not come in; None when it may."""
        if self._shown is None:
            return None
        given = next((value for name, value in scope["headers"] if name == b"authorization"), None)
        if given is None:
            return "Not authenticated"
        scheme, _, key = given.partition(b" ")
        right = hmac.compare_digest(key.strip(), self._shown)
        return None if right and scheme == b"Bearer" else "Invalid access key"

    async def _report(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Settings, feedback, reactions and errors: answered by JSON."""
        handle = getattr(self.bot, _HANDLERS[request.type])
        token = observing.set(self.observer)
        try:
            with self.observer.around(self.bot, request):
                response = await handle(request, _context(scope, receive))
        except (Exception, SystemExit) as error:
            self.observer.failed(self.bot, request, error)
            await _reply(send, 500, {"detail": "Internal server error"})
            return
        finally:
            observing.reset(token)
        if callable(response):
            await response(scope, receive, send)
        else:
            await _reply(send, 200, response)

    async def _query(self, request: QueryRequest, scope: Scope, receive: Receive, send: Send) -> None:
        request.access_key = request.api_key = self._key or "<missing>"
        outcome = "left"
        token = observing.set(self.observer)
        self.observer.started(self.bot, request)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEAD})
            async with AsyncExitStack() as stack:
                reader = await stack.enter_async_context(_Reader.watching(receive, send))
                with self.observer.around(self.bot, request):
                    outcome = await self._stream(request, _context(scope, receive), send)
                reader.gone = reader.gone or outcome == "left"
        finally:
            observing.reset(token)
            self.observer.ended(self.bot, request, outcome)

    async def _stream(self, request: QueryRequest, context: RequestContext, send: Send) -> str:
        """Send the events of an answer as they are made; ``done`` last, once."""
        outcome, count = "done", 0
        events = self._events(request, context)
        async with aclosing(events):
            async for event in events:
                name = str(event.event)
                if name == "done":
                    continue
                self.observer.event(self.bot, request, name, str(event.data))
                await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
                count += 1
                if count % _YIELD_EVERY == 0:
                    await asyncio.sleep(0)
                if name == "error":
                    outcome = "failed"
        self.observer.event(self.bot, request, "done", "{}")
        await send({"type": "http.response.body", "body": DONE.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return outcome

    async def _events(self, request: QueryRequest, context: RequestContext) -> AsyncGenerator[Any, None]:
        """What ``handle_query`` gives; an author's override may fail where ours does not."""
        try:
            given = self.bot.handle_query(request, context)
            if not hasattr(given, "__aiter__"):
                raise AuthorSlip(f"{type(self.bot).__name__}.handle_query is no async generator; let it `yield`.")
            iterator = aiter(given)
            try:
                async for event in iterator:
                    yield event
            finally:
                close = getattr(iterator, "aclose", None)
                if close is not None:
                    await close()
        except Exception as error:
            self.observer.failed(self.bot, request, error)
            yield public_error()


class _Reader:
    """The one who reads a stream: watched, so that the handler ends when they go; pinged, so that they stay."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.gone = False
        self._receive = receive
        self._send = send

    @classmethod
    def watching(cls, receive: Receive, send: Send) -> _Watch:
        return _Watch(cls(receive, send))

    async def wait(self, streaming: asyncio.Task[Any]) -> None:
        """Cancel *streaming* when the reader leaves."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        streaming.cancel()

    async def ping(self) -> None:
        now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        await self._send({"type": "http.response.body", "body": f": ping - {now}\r\n\r\n".encode(), "more_body": True})


class _Watch:
    """While a stream is under way: one task that watches its reader, one timer for the next ping."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    async def __aenter__(self) -> _Reader:
        self._loop = asyncio.get_running_loop()
        self._streaming = asyncio.current_task()
        assert self._streaming is not None
        self._watcher = self._loop.create_task(self._reader.wait(self._streaming))
        self._pings: set[asyncio.Task[None]] = set()
        self._arm()
        return self._reader

    def _arm(self) -> None:
        self._timer = self._loop.call_later(PING_EVERY_S, self._ping)

    def _ping(self) -> None:
        ping = self._loop.create_task(self._reader.ping())
        self._pings.add(ping)
        ping.add_done_callback(self._pings.discard)
        self._arm()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        self._timer.cancel()
        self._watcher.cancel()
        if kind is not None and issubclass(kind, asyncio.CancelledError) and self._reader.gone:
            if self._streaming is not None:
                self._streaming.uncancel()
            return True  # the reader left; nobody waits for the rest
        return False


_ROUTES: dict[str, Callable[[BotEndpoint, Scope, Receive, Send], Awaitable[None]]] = {
    "GET": BotEndpoint._page,
    "POST": BotEndpoint._post,
}
_HANDLERS = {
    "settings": "handle_settings",
    "report_feedback": "handle_report_feedback",
    "report_reaction": "handle_report_reaction",
    "report_error": "handle_report_error",
}


def _context(scope: Scope, receive: Receive) -> RequestContext:
    from starlette.requests import Request

    return RequestContext(http_request=Request(scope, receive))


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when its sender has gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _reply(send: Send, status: int, content: object, *headers: tuple[bytes, bytes]) -> None:
    await _body(send, status, json.dumps(content).encode(), b"application/json", *headers)


async def _body(send: Send, status: int, body: bytes, kind: bytes, *headers: tuple[bytes, bytes]) -> None:
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
