"""What is kept of each request while it is answered: figures, no keys and no words of anybody's."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from poebook.server.observer import Quiet

if TYPE_CHECKING:
    from poebook.server.asgi import Message, Receive, Scope, Send


@dataclass(slots=True)
class Visit:
    """A request: ``kind`` is the protocol's word (``query``, ``settings``, ...), ``page`` or ``refused``.

    Times are seconds. ``outcome`` is that of a query: ``done``, ``failed`` or ``left`` (whoever asked went away);
    ``failed`` says of any request that the bot's handler raised.
    """

    bot: str | None
    path: str
    client: str | None
    began: float = field(default_factory=time.perf_counter)
    kind: str = ""
    status: int = 0
    events: int = 0
    first_event_s: float | None = None
    duration_s: float = 0.0
    outcome: str | None = None
    failed: bool = False


class Book(Protocol):
    """Where visits are written down. Its methods must not block and must not raise."""

    def began(self, visit: Visit) -> None:
        """A query was accepted, and its stream begins."""

    def ended(self, visit: Visit) -> None:
        """The request has been answered, or whoever asked has gone."""


_now: ContextVar[Visit | None] = ContextVar("poebook_visit", default=None)


class Watching(Quiet):
    """Tells *books* of queries; the rest is noted in the visit that they are a part of."""

    def __init__(self, books: Sequence[Book]) -> None:
        self._books = books

    def around(self, bot: object, request: Any) -> AbstractContextManager[None]:
        visit = _now.get()
        if visit is not None:
            visit.kind = request.type
        return nullcontext()

    def started(self, bot: object, request: object) -> None:
        visit = _now.get()
        if visit is not None:
            visit.outcome = "left"  # until it is known better
            for book in self._books:
                book.began(visit)

    def event(self, bot: object, request: object, name: str, data: str) -> None:
        visit = _now.get()
        if visit is not None:
            visit.events += 1
            if visit.first_event_s is None:
                visit.first_event_s = time.perf_counter() - visit.began

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        super().failed(bot, request, exc)
        visit = _now.get()
        if visit is not None:
            visit.failed = True

    def ended(self, bot: object, request: object, outcome: str) -> None:
        visit = _now.get()
        if visit is not None:
            visit.outcome = outcome


class Reception:
    """Middleware that begins a visit for each request, but for those at *passed_by*, and ends it."""

    def __init__(self, app: Any, bots: Mapping[str, str], books: Sequence[Book], passed_by: Sequence[str]) -> None:
        self._app = app
        self._bots = bots
        self._books = books
        self._passed_by = frozenset(passed_by)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._passed_by:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        visit = Visit(self._bots.get(scope["path"]), scope["path"], client[0] if client else None)

        def noting(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                visit.status = message["status"]
            return send(message)

        token = _now.set(visit)
        try:
            await self._app(scope, receive, noting)
        finally:
            _now.reset(token)
            visit.duration_s = time.perf_counter() - visit.began
            visit.kind = visit.kind or ("page" if visit.status < 400 else "refused")
            for book in self._books:
                book.ended(visit)
