"""One bot as an ASGI application, at whatever path it is mounted."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from html import escape
from typing import Any

from poebook.protocol import QueryRequest, RequestContext
from poebook.server.asgi import Receive, Scope, Send
from poebook.server.bodies import read_body, request_in
from poebook.server.bot import PoeBot
from poebook.server.handlers import AuthorSlip, close, events_for, is_own, leaves, name_of
from poebook.server.keys import shown_key
from poebook.server.observer import QUIET, Observer, observing
from poebook.server.raised import answer_to, is_meant, own_refusal
from poebook.server.reader import Reader
from poebook.wire.bodies import BadRequest, Request
from poebook.wire.events import DONE, CarriedEvent, public_error
from poebook.wire.sse import ServerSentEvent

_YIELD_EVERY = 64  # events; a handler that never waits must not keep the loop to itself
_STREAM_HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"keep-alive"),
    (b"x-accel-buffering", b"no"),
]


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
            await _refuse(scope, receive, send, 405, "Method Not Allowed", ("allow", "GET, POST"))
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
            await _refuse(scope, receive, send, 401, refusal, ("www-authenticate", "Bearer"))
            return
        try:
            body = await read_body(scope, receive, self.bot.max_body_size)
        except BadRequest as error:
            await _refuse(scope, receive, send, error.status, error.detail, ("connection", "close"))
            return
        if body is None:
            return
        try:
            request = request_in(body)
        except BadRequest as error:
            await _refuse(scope, receive, send, error.status, error.detail)
            return
        context = _context(scope, receive, send, body)
        if isinstance(request, QueryRequest):
            await self._query(request, context, receive, send)
        else:
            await self._report(request, context, scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        """Why this request may not come in; None when it may."""
        if self._shown is None:
            return None
        given = next((value for name, value in scope["headers"] if name == b"authorization"), None)
        scheme, _, key = (given or b"").partition(b" ")
        key = key.strip()
        if not key or scheme.lower() != b"bearer":
            return "Not authenticated"
        right = hmac.compare_digest(key, self._shown)
        return None if right and scheme == b"Bearer" else "Invalid access key"

    async def _report(
        self, request: Request, context: RequestContext, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Settings, feedback, reactions and errors: answered by JSON."""
        handle = getattr(self.bot, _HANDLERS[request.type])
        token = observing.set(self.observer)
        try:
            with self.observer.around(self.bot, request):
                response = await handle(request, context)
        except BaseException as error:
            if leaves(error):
                raise
            if not is_meant(error):
                self.observer.failed(self.bot, request, error)
            response = await self._answer_to(error, context)
            if response is None:
                await _reply(send, 500, {"detail": "Internal server error"})
                return
        finally:
            observing.reset(token)
        if callable(response):
            await response(scope, receive, send)
        else:
            await _reply(send, 200, response)

    async def _answer_to(self, error: BaseException, context: RequestContext) -> Any:  # a response, or None
        try:
            return await answer_to(error, context.http_request)
        except Exception as another:
            self.observer.failed(self.bot, context, another)
            return None

    async def _query(self, request: QueryRequest, context: RequestContext, receive: Receive, send: Send) -> None:
        request.access_key = request.api_key = self._key or "<missing>"
        outcome: str | None = None
        token = observing.set(self.observer)
        shown_key.set(self._key)
        self.observer.started(self.bot, request)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEAD})
            async with Reader(receive, send) as reader:
                with self.observer.around(self.bot, request):
                    outcome = await self._stream(request, context, reader)
                # Observers know of the end before the asker does, so that who has the answer finds it in their books.
                self.observer.ended(self.bot, request, outcome)
                if outcome != "left":
                    await reader.finish(DONE.encode())
        except OSError:  # how some servers say that the reader has gone
            pass
        finally:
            observing.reset(token)
            if outcome is None:
                self.observer.ended(self.bot, request, "left")

    async def _stream(self, request: QueryRequest, context: RequestContext, reader: Reader) -> str:
        """Send the events of an answer as they are made, but for the ``done``. The outcome, as observers have it."""
        outcome, count, bot, tell, send = "done", 0, self.bot, self.observer.event, reader.send
        async with aclosing(self._events(request, context)) as events:
            async for event in events:
                name = event.event
                if name == "done":
                    continue
                if reader.gone:
                    return "left"
                if count == 1 and not reader.watched:
                    await asyncio.sleep(0)  # an answer that goes on lets others have their first event
                tell(bot, request, name, event.data)
                await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
                count += 1
                if count % _YIELD_EVERY == 0:
                    await asyncio.sleep(0)
                if name == "error":
                    outcome = "failed"
                event = None  # who waits for the next one does not keep the last
        if reader.gone:
            return "left"
        tell(bot, request, DONE.event, DONE.data)
        return outcome

    def _events(self, request: QueryRequest, context: RequestContext) -> Any:  # an asynchronous generator of events
        """What ``handle_query`` gives; an author's override may fail where ours does not."""
        if is_own(self.bot.handle_query, PoeBot.handle_query):
            return self.bot.handle_query(request, context)
        return self._overridden(request, context)

    async def _overridden(
        self, request: QueryRequest, context: RequestContext
    ) -> AsyncGenerator[ServerSentEvent | CarriedEvent, None]:
        try:
            given = self.bot.handle_query(request, context)
            if not hasattr(given, "__aiter__"):
                raise AuthorSlip(f"{name_of(self.bot.handle_query)} is no async generator; let it `yield`.")
            iterator = aiter(given)
            try:
                async for event in iterator:
                    if type(event) is ServerSentEvent:
                        yield event
                    else:
                        for made in events_for(event, self.bot.handle_query):
                            yield made
            finally:
                await close(iterator)
        except BaseException as error:
            if leaves(error):
                raise
            self.observer.failed(self.bot, request, error)
            yield public_error()


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


def _context(scope: Scope, receive: Receive, send: Send, body: bytes) -> RequestContext:
    from starlette.requests import Request

    request = Request(scope, receive, send)
    request._body = body  # it was read already, so a handler that asks for it finds it here
    return RequestContext(http_request=request)


async def _reply(send: Send, status: int, content: object, *headers: tuple[bytes, bytes]) -> None:
    await _body(send, status, json.dumps(content, separators=(",", ":")).encode(), b"application/json", *headers)


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, detail: str, *headers: tuple[str, str]
) -> None:
    """Say no, in the words of the application where its author has words of their own."""
    if "app" in scope:
        from starlette.requests import Request

        response = await own_refusal(Request(scope, receive), status, detail, dict(headers))
        if response is not None:
            await response(scope, receive, send)
            return
    await _reply(send, status, {"detail": detail}, *((name.encode(), value.encode()) for name, value in headers))


async def _body(send: Send, status: int, body: bytes, kind: bytes, *headers: tuple[bytes, bytes]) -> None:
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
