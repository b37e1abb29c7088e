"""What goes wrong on request, or by chance with a seed."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Sequence

from poebook.errors import InvalidParameterError
from poebook.protocol.model import near
from poebook.standin.refused import Refused
from poebook.wire.events import DONE, error_event
from poebook.wire.sse import ServerSentEvent

KINDS: dict[str, str] = {
    "slow": "the first event comes too late",
    "cut": "the connection breaks after the first event",
    "split": "each byte comes by itself, so characters come in pieces",
    "429": "too many requests; Retry-After says 1 s",
    "500": "Poe itself fails",
    "insufficient_fund": "the user cannot pay",
    "error": "an error that may be retried",
    "error_no_retry": "an error that may not",
    "twice": "the bot is sent the same message, with the same id, twice",
}
_REFUSALS = {
    "429": Refused(429, "Too many requests; try again in 1 s.", {"retry-after": "1"}),
    "500": Refused(500, "Internal server error"),
}
_EVENTS = {
    "insufficient_fund": error_event("", allow_retry=False, error_type="insufficient_fund"),
    "error": error_event("The bot ran into trouble.", allow_retry=True),
    "error_no_retry": error_event("The bot ran into trouble.", allow_retry=False),
}


class Faults:
    """The faults that the next questions to a bot suffer: in order, None for none; after the last all goes well.

    With a *seed* they come by chance instead, for as long as the bot is asked, the same for the same seed.

    >>> faults = Faults(["429", None, "cut"])
    >>> [faults.draw() for _ in range(4)]
    ['429', None, 'cut', None]
    """

    def __init__(self, faults: Sequence[str | None], *, seed: int | None = None, chance: float = 0.25) -> None:
        for fault in faults:
            if fault is not None and fault not in KINDS:
                raise InvalidParameterError(f"There is no fault {fault}.{near(fault, KINDS)}")
        self._faults = list(faults)
        self._chance = chance
        self._random = random.Random(seed) if seed is not None else None

    def draw(self) -> str | None:
        """The fault of the next question."""
        if self._random is not None:
            return self._random.choice(self._faults) if self._random.random() < self._chance else None
        return self._faults.pop(0) if self._faults else None


def refuse(fault: str | None) -> None:
    """Raise the refusal that the fault is, if it is one."""
    if fault in _REFUSALS:
        refusal = _REFUSALS[fault]
        raise Refused(refusal.status, refusal.message, refusal.headers)


async def spoiled(fault: str | None, events: AsyncIterator[ServerSentEvent | None]) -> AsyncIterator[bytes | None]:
    """The bytes of *events* as they travel with the fault; None is a sign of life."""
    if fault in _EVENTS:
        for event in (_EVENTS[fault], DONE):
            yield event.encode()
        return
    async for made in events:
        if made is None:
            yield None
        elif fault == "split":
            for byte in _plain(made).encode():
                yield bytes([byte])
                await asyncio.sleep(0)
        else:
            yield made.encode()
            if fault == "cut":
                raise CutOff


def _plain(event: ServerSentEvent) -> ServerSentEvent:
    """The event with its characters as they are, which take several bytes."""
    return ServerSentEvent(event.event, json.dumps(json.loads(event.data), ensure_ascii=False))


class CutOff(Exception):
    """Breaks a stream off in its middle, as a lost connection does."""


def _is_accident(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], CutOff))


logging.getLogger("uvicorn.error").addFilter(_is_accident)  # what was cut on request is nobody's error
