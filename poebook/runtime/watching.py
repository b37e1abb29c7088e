"""The observer that writes what happens at a bot's door into its journal, and into a local Poe's books."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import NamedTuple, Protocol

from poebook.client import nested
from poebook.client.nearby import Neighbour, answering
from poebook.client.platform import Call, Relay
from poebook.runtime.journal import Journal, message_id_of
from poebook.runtime.output import written_to
from poebook.runtime.taping import Taping
from poebook.wire.sse import ServerSentEvent


class Question(NamedTuple):
    """A question to a bot: its call, the local Poe that is to be asked meanwhile, and whether the call begins now."""

    call: Call
    poe: Callable[[], Neighbour]
    is_new: bool


class Platform(Protocol):
    """A local Poe, as an observer knows it."""

    def asked(self, name: str, request: object) -> Question | None:
        """What is known of a question; None for one that comes from the real Poe."""

    def meter(self, message_id: str) -> Relay:
        """What an answer that is not asked for through this Poe is measured by."""

    def measured(self, name: str, meter: Relay) -> None:
        """Tell the author what was measured."""


class Watch:
    """An ``Observer`` (see ``poebook.server.observer``) for the bot *name*.

    Where the question comes from *poe*, or from nobody's Poe, the handler's calls, uploads and charges go to *poe*.
    """

    def __init__(
        self, journal: Journal, name: str = "", poe: Platform | None = None, taping: Taping | None = None
    ) -> None:
        self._journal = journal
        self._name = name
        self._poe = poe
        self._taping = taping or Taping(name)
        self._opened: dict[int, tuple[Call, float, Relay]] = {}
        self._ours: dict[int, Callable[[], Neighbour]] = {}

    def around(self, bot: object, request: object) -> AbstractContextManager[None]:
        if not message_id_of(request):
            self._journal.forget(request)
        poe = self._ours.get(id(request))
        ear = self._taping.handled(request, nested.claimed(message_id_of(request), self._name))
        if poe is None and ear is None:
            return written_to(self._journal, message_id_of(request))
        stack = ExitStack()
        stack.enter_context(written_to(self._journal, message_id_of(request)))
        stack.enter_context(nested.handling(ear))
        if poe is not None:
            stack.enter_context(answering(poe))
        return stack  # type: ignore[return-value]  # what it gives to `as` is not used

    def started(self, bot: object, request: object) -> None:
        self._journal.begin(request)
        self._taping.began(request)
        if self._poe is None:
            return
        question = self._poe.asked(self._name, request)
        if question is not None:
            call = question.call
            self._ours[id(request)] = question.poe
            if question.is_new:
                self._opened[id(request)] = call, time.perf_counter(), self._poe.meter(call.message_id)

    def event(self, bot: object, request: object, name: str, data: str) -> None:
        self._journal.event(request)
        self._taping.event(request, name, data)
        opened = self._opened.get(id(request))
        if opened is not None:
            _, began, meter = opened
            meter.take(ServerSentEvent(name, data), time.perf_counter() - began)

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        self._journal.fail(request, exc)

    def ended(self, bot: object, request: object, outcome: str) -> None:
        self._journal.end(request, outcome)
        self._taping.ended(request, outcome)
        self._ours.pop(id(request), None)
        opened = self._opened.pop(id(request), None)
        if opened is not None and self._poe is not None:
            call, began, meter = opened
            call.total_s, call.outcome = time.perf_counter() - began, outcome
            call.problems += meter.warnings
            self._poe.measured(self._name, meter)
