"""The one who reads a stream: watched, so that the handler ends when they go; pinged, so that they stay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from poebook.server.asgi import Receive, Send

PING_EVERY_S = 15.0


class Reader:
    """The reader of one stream, for the time of an ``async with``: one task that watches, one timer for pings.

    When the reader leaves, the task that entered is cancelled; the block swallows that, and ``gone`` is true. An
    answer that is over before the loop turns, when a task could first run, needs neither.
    """

    __slots__ = (
        "_loop",
        "_over",
        "_pings",
        "_receive",
        "_start",
        "_streaming",
        "_timer",
        "_watcher",
        "gone",
        "send",
        "watched",
    )

    def __init__(self, receive: Receive, send: Send) -> None:
        self.gone = False
        self.watched = False  # as soon as the loop has turned
        self.send = send
        self._over = False
        self._receive = receive
        self._pings: set[asyncio.Task[None]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def finish(self, body: bytes) -> None:
        """Hand over the last of the stream."""
        self._over = True
        await self.send({"type": "http.response.body", "body": body})

    async def __aenter__(self) -> Reader:
        self._loop = asyncio.get_running_loop()
        streaming = asyncio.current_task()
        assert streaming is not None
        self._streaming = streaming
        self._start = self._loop.call_soon(self._begin)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        self._over = True
        self._start.cancel()
        for begun in (self._timer, self._watcher, *(self._pings or ())):
            if begun is not None:
                begun.cancel()
        if self.gone:
            self._streaming.uncancel()
        return self.gone and kind is not None and issubclass(kind, asyncio.CancelledError)

    def _begin(self) -> None:
        self.watched = True
        self._watcher = self._loop.create_task(self._watch())
        self._set_timer()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if not self._over:  # servers also say so when all has been sent
            self.gone = True
            self._streaming.cancel()

    def _set_timer(self) -> None:
        self._timer = self._loop.call_later(PING_EVERY_S, self._ping)

    def _ping(self) -> None:
        ping = self._loop.create_task(self._say_something())
        self._pings = self._pings or set()
        self._pings.add(ping)
        ping.add_done_callback(self._pings.discard)
        self._set_timer()

    async def _say_something(self) -> None:
        now = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        await self.send({"type": "http.response.body", "body": f": ping - {now}\r\n\r\n".encode(), "more_body": True})
