"""Who is told what happens while bots are served: nobody by default, the notebook's journal in a kernel."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Protocol

logger = logging.getLogger("poebook")


class Observer(Protocol):
    """Told of each request that a bot serves. Its methods must not block and must not raise."""

    def around(self, bot: object, request: object) -> AbstractContextManager[None]:
        """Entered around a handler's run, in the handler's own context."""

    def started(self, bot: object, request: object) -> None:
        """A query was accepted."""

    def event(self, bot: object, request: object, name: str, data: str) -> None:
        """An event is about to be sent."""

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        """A handler raised."""

    def ended(self, bot: object, request: object, outcome: str) -> None:
        """A query is over: ``done``, ``failed`` or ``left`` (the reader went away)."""


class Quiet:
    """Logs what handlers raise, with the traceback, and nothing else."""

    def around(self, bot: object, request: object) -> AbstractContextManager[None]:
        return nullcontext()

    def started(self, bot: object, request: object) -> None: ...

    def event(self, bot: object, request: object, name: str, data: str) -> None: ...

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        name = getattr(bot, "bot_name", None) or type(bot).__name__
        logger.error("Bot %s raised while it answered", name, exc_info=exc)

    def ended(self, bot: object, request: object, outcome: str) -> None: ...


QUIET: Observer = Quiet()
observing: ContextVar[Observer] = ContextVar("poebook_observing", default=QUIET)
