"""Keeps the pages that show one chat up to date. Runs on the client portal's loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from poebook.client.portal import Portal
from poebook.client.turns import Op
from poebook.errors import PoebookError
from poebook.widget.messages import Message, Outbox, Pace, pieces

BATCH_S = 0.02
SNAPSHOT_S = 0.005  # what asks meanwhile is answered by the same snapshot

_pace = Pace()  # one for all chats, as they share the kernel's way to the page


class Feed:
    """From changes to numbered messages: a batch each 20 ms, a snapshot when a page asks.

    ``send`` may be called on the loop, ``state`` gives the card and the conversation as they stand.
    Nothing is sent before a page has asked for the first time.
    """

    def __init__(self, portal: Portal, send: Callable[[Message], None], state: Callable[[], dict[str, Any]]) -> None:
        self._portal = portal
        self._send = send
        self._state = state
        self._outbox = Outbox()
        self._queue: deque[tuple[Message, int]] = deque()
        self._replies: deque[tuple[Message, int]] = deque()  # a snapshot takes the place of changes, not of these
        self._turn = True  # whether a reply goes before the next change
        self._seq = 0
        self._heard = False
        self._asked = False
        self._timer: asyncio.TimerHandle | None = None

    def hello(self) -> None:
        """A page wants everything."""
        self._heard = self._asked = True
        self._wake(SNAPSHOT_S)

    def change(self, op: Op) -> None:
        """The conversation has changed."""
        if self._heard:
            self._outbox.put(op)
            if op["op"] == "end" and self._timer is not None:  # nothing more will come that it could wait for
                self._timer.cancel()
                self._timer = None
            self._wake(0 if op["op"] == "end" else BATCH_S)

    def card(self, card: dict[str, Any]) -> None:
        """What the card shows has changed."""
        if self._heard:
            self._flush()
            self._seq += 1
            self._queue.extend(pieces({"kind": "card", "seq": self._seq, "card": card}))
            self._drain()

    def reply(self, make: Callable[[], Message | None]) -> None:
        """Send what a page has asked for, in pieces, between the changes."""
        message = None
        with suppress(PoebookError):  # then there is nothing to tell
            message = make()
        if message is not None:
            self._replies.extend(pieces(message))
            self._drain()

    def close(self) -> None:
        """Send nothing any more."""
        self._heard = self._asked = False
        self._queue.clear()
        self._replies.clear()
        self._outbox.take()

    def _flush(self) -> None:
        if self._outbox:
            self._seq += 1
            self._queue.extend(pieces({"kind": "batch", "seq": self._seq, "ops": self._outbox.take()}))

    def _snapshot(self) -> None:
        """Everything as it stands; what waited is part of that."""
        self._asked = False
        self._outbox.take()
        self._queue.clear()
        self._seq += 1
        self._queue.extend(pieces({"kind": "snapshot", "seq": self._seq, **self._state()}))

    def _wake(self, delay: float) -> None:
        if self._timer is None:
            self._timer = self._portal.loop.call_later(delay, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._asked:
            self._snapshot()
        elif not self._queue:  # changes that wait behind a queue grow into one batch
            self._flush()
        self._drain()

    def _drain(self) -> None:
        """Send what may go now; come back for the rest."""
        clock = self._portal.loop.time
        while self._queue or self._replies:
            delay = _pace.wait(clock())
            if delay > 0:
                self._wake(delay)
                return
            queue = self._replies if self._replies and (self._turn or not self._queue) else self._queue
            self._turn = queue is self._queue
            message, size = queue.popleft()
            _pace.spend(size, clock())
            self._send(message)
        if self._outbox:
            self._wake(BATCH_S)
