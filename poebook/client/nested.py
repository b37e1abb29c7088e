"""The calls that a handler makes for one answer: who listens to them, or answers them in another's place."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from poebook.errors import BotError
from poebook.protocol import Attachment
from poebook.wire.sse import ServerSentEvent

Batches = AsyncGenerator[list[ServerSentEvent], None]


class Ear(Protocol):
    """Stands at the door through which one answer's handler asks other bots."""

    is_answering: bool  # whether it answers by itself, so that no key and no network is needed, and nothing is charged

    def began(self) -> None:
        """The handler runs in this process, so its calls come by here."""

    def uploaded(self, name: str) -> Attachment | None:
        """The file that the handler is to have uploaded; None lets it do that."""

    def through(self, bot: str, body: bytes, batches: Batches) -> Batches:
        """What the handler gets for the question *body* to *bot*; *batches* asks the bot once it is iterated."""


@dataclass
class NestedCall:
    """A question of a handler to another bot, and what came back; times are in seconds since the question.

    ``end`` is ``done``, ``stopped`` (the handler heard enough) or ``error``, then with ``error`` and HTTP's
    ``status``.
    """

    bot: str
    body: bytes
    events: list[tuple[str, str, float]] = field(default_factory=list)  # name, data, seconds
    end: str = "done"
    error: str | None = None
    status: int | None = None
    total_s: float = 0.0


class Heard:
    """Keeps the calls that a handler makes, each with its events, and lets them go where they go.

    >>> Heard().calls
    []
    """

    is_answering = False

    def __init__(self) -> None:
        self.calls: list[NestedCall] = []

    def began(self) -> None: ...

    def uploaded(self, name: str) -> Attachment | None:
        return None

    async def through(self, bot: str, body: bytes, batches: Batches) -> Batches:
        call, began = NestedCall(bot, body), time.perf_counter()
        self.calls.append(call)
        try:
            async with aclosing(batches):
                async for batch in batches:
                    s = time.perf_counter() - began
                    call.events += [(event.event, event.data, s) for event in batch]
                    yield batch
        except BotError as error:
            call.end, call.error, call.status = "error", error.reason or str(error), error.status
            raise
        except BaseException:
            call.end = "done" if any(name in ("done", "error") for name, _, _ in call.events) else "stopped"
            raise
        finally:
            call.total_s = time.perf_counter() - began


_expected: dict[str, tuple[str, Ear]] = {}  # a bot's name and its ear, by the id of the answer that is to be made
_here: ContextVar[Ear | None] = ContextVar("poebook_ear", default=None)


@contextmanager
def expecting(message_id: str, bot: str, ear: Ear) -> Iterator[None]:
    """Let *ear* have the calls that the handler of *bot* makes for this message, if it runs in this process."""
    expected = _expected[message_id] = bot, ear
    try:
        yield
    finally:
        if _expected.get(message_id) is expected:
            del _expected[message_id]


def claimed(message_id: str, bot: str) -> Ear | None:
    """Who waits for the calls of *bot* for this message; nobody does from then on, as bots pass their ids on.

    >>> with expecting("m-1", "orrery", Heard()):
    ...     claimed("m-1", "moon"), claimed("m-1", "orrery") is None, claimed("m-1", "orrery")
    (None, False, None)
    """
    expected = _expected.get(message_id)
    if expected is None or expected[0].casefold() != bot.casefold():
        return None
    _expected.pop(message_id, None)
    return expected[1]


@contextmanager
def handling(ear: Ear | None) -> Iterator[None]:
    """What is asked inside goes by *ear*; also in tasks and ``asyncio.to_thread`` begun inside."""
    if ear is not None:
        ear.began()
    token = _here.set(ear)
    try:
        yield
    finally:
        with suppress(ValueError):  # ended in another context, which never had it
            _here.reset(token)


def ear_here() -> Ear | None:
    """Who stands at the door of the code that runs now.

    >>> with handling(Heard()):
    ...     ear_here().is_answering
    False
    """
    return _here.get()
