"""What travels between the kernel and the page: batches of changes, numbered, and never too large; pure.

``frontend/src/kernel/messages.ts`` is the other side.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from poebook.client.refusals import place
from poebook.client.turns import Op
from poebook.widget.outside import outside

if TYPE_CHECKING:
    from poebook.runtime.publication import Publication

Message = dict[str, Any]  # its keys depend on its "kind"

# Jupyter's server drops what a kernel sends above 1 MB a second, silently; one message stays far below that.
PIECE_SIZE = 100_000


class Bot(Protocol):
    """What a card shows of a served bot."""

    name: str
    key: str | None
    since: datetime

    @property
    def url(self) -> str: ...
    @property
    def public_url(self) -> str | None: ...
    @property
    def version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def publication(self) -> Publication | None: ...
    @property
    def publishing(self) -> bool: ...
    @property
    def obstacle(self) -> str | None: ...


class Outbox:
    """Changes that wait for the next batch; neighbouring texts of one answer become one.

    >>> box = Outbox()
    >>> box.put({"op": "text", "id": "m-1", "text": "he", "n": 1})
    >>> box.put({"op": "text", "id": "m-1", "text": "y", "n": 2})
    >>> box.take()
    [{'op': 'text', 'id': 'm-1', 'text': 'hey', 'n': 2}]
    """

    def __init__(self) -> None:
        self._ops: list[Op] = []
        self._texts: list[str] = []

    def put(self, op: Op) -> None:
        """Add one change."""
        last = self._ops[-1] if self._ops else None
        if last is not None and op["op"] == "text" and last["op"] in ("text", "replace") and last["id"] == op["id"]:
            self._texts.append(op["text"])
            last["n"] = op["n"]
            return
        self._close()
        self._ops.append(dict(op))
        if op["op"] in ("text", "replace"):
            self._texts = [op["text"]]

    def take(self) -> list[Op]:
        """All changes since the last time."""
        self._close()
        ops, self._ops = self._ops, []
        return ops

    def _close(self) -> None:
        if self._texts:
            self._ops[-1]["text"] = "".join(self._texts)
            self._texts = []

    def __bool__(self) -> bool:
        return bool(self._ops)


class Pace:
    """How soon the next message may go, so that a second's bytes stay below *rate*; *burst* may go at once.

    >>> pace = Pace(rate=100, burst=50)
    >>> pace.spend(150, now=0.0)
    >>> pace.wait(now=0.0)
    1.0
    """

    def __init__(self, rate: float = 500_000, burst: float = 1_000_000) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at: float | None = None

    def spend(self, size: int, now: float) -> None:
        """Say that a message of *size* bytes went."""
        self._refill(now)
        self._left -= size

    def wait(self, now: float) -> float:
        """Seconds until the next message may go."""
        self._refill(now)
        return max(0.0, -self._left / self._rate)

    def _refill(self, now: float) -> None:
        if self._at is not None:
            self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now


_numbers = itertools.count(1)


def pieces(message: Message, size: int = PIECE_SIZE) -> Iterator[tuple[Message, int]]:
    """*message*, or the pieces of its JSON where it is large, each with about the bytes that it takes.

    >>> [piece["kind"] for piece, _ in pieces({"kind": "batch", "text": "x" * 15}, size=25)]
    ['piece', 'piece']
    """
    text = json.dumps(message)
    if len(text) <= size:
        yield message, len(text)
        return
    cuts = range(0, len(text), size)
    of = f"{next(_numbers)}"
    for index, start in enumerate(cuts):
        part = text[start : start + size]
        # JSON within JSON: each quotation mark and backslash is escaped once more
        cost = len(part) + part.count('"') + part.count("\\")
        yield {"kind": "piece", "of": of, "index": index, "count": len(cuts), "text": part}, cost


def card(bot: Bot) -> dict[str, Any]:
    """What the card shows; of the key only whether there is one."""
    state = bot.state if bot.state in _WORDS else "serving"
    world = None if state == "stopped" else outside(bot.public_url, bot.publication)
    word = _WORDS[state]
    if state == "serving":
        if bot.public_url is not None:
            word = "Unreachable" if world is not None and world["trouble"] else "Published"
        elif bot.publishing:
            word = "Publishing"
    return {
        "name": bot.name,
        "state": state,
        "word": word,
        "url": bot.url,
        "public_url": None if bot.public_url is None else place(bot.public_url),
        "has_key": bot.key is not None,
        "version": bot.version,
        "since": bot.since.strftime("%H:%M:%S"),
        "publishing": bot.publishing,
        "obstacle": bot.obstacle,
        "world": world,
    }


_WORDS = {"serving": "Serving", "failed": "Failed", "stopped": "Stopped"}
