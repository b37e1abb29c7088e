"""A tape: what was asked of bots, what came back, and which bots they asked meanwhile. Data only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
SUFFIX = ".tape.jsonl"


@dataclass(frozen=True)
class TapeEvent:
    """An event as it travelled; ``s`` is in seconds since the question was sent.

    >>> TapeEvent("text", '{"text": "hi"}', 0.1).parsed
    {'text': 'hi'}
    """

    name: str
    data: str
    s: float

    @property
    def parsed(self) -> Any:
        """The data as JSON; as the text that it is where it is none."""
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError):
            return self.data


@dataclass(frozen=True)
class TapeCall:
    """A question that the bot put to another one while it answered.

    ``end`` is ``done``, ``stopped`` (it did not hear the answer to its end) or ``error``, with why in ``error`` and
    HTTP's ``status``.
    """

    bot: str
    request: Mapping[str, Any]
    events: Sequence[TapeEvent] = ()
    end: str = "done"
    error: str | None = None
    status: int | None = None
    total_s: float = 0.0


@dataclass(frozen=True)
class TapeFile:
    """A file that went with a question: its address then, and its bytes where they are kept."""

    url: str
    name: str
    content_type: str
    size: int | None = None
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class TapeTurn:
    """A question to one bot and its answer.

    ``request`` is the query's body, without keys; ``end`` is ``done``, ``stopped`` or ``error``, with why in ``error``.
    ``feedback`` and ``reactions`` are what the asker said of the answer later.
    """

    target: str
    request: Mapping[str, Any]
    events: Sequence[TapeEvent] = ()
    calls: Sequence[TapeCall] = ()
    files: Sequence[TapeFile] = ()
    end: str = "done"
    error: str | None = None
    total_s: float | None = None
    at: str = ""
    feedback: str | None = None
    reason: str | None = None
    reactions: Sequence[str] = ()

    @property
    def id(self) -> str:
        """The answer's id."""
        return str(self.request.get("message_id", ""))

    @property
    def question(self) -> str:
        """What was asked."""
        return question_in(self.request)

    @property
    def text(self) -> str:
        """The answer's text, as it stood at its end."""
        return text_of((event.name, event.parsed) for event in self.events)


@dataclass(frozen=True)
class Tape:
    """What ``read_tape`` gives. ``compare`` and ``matchers`` are how it wants to be replayed, see ``fp.replay``.

    >>> Tape().target is None
    True
    """

    turns: Sequence[TapeTurn] = ()
    name: str = "tape"
    target: str | None = None
    compare: str = "strict"
    matchers: Any = None  # as ``poebook.client.tapes.matchers`` reads them

    @property
    def targets(self) -> list[str]:
        """Who was asked, in the order in which they come."""
        return list(dict.fromkeys(turn.target for turn in self.turns))


def question_in(request: Mapping[str, Any]) -> str:
    """The words that a query's body asks last.

    >>> question_in({"query": [{"role": "user", "content": "hi"}]})
    'hi'
    """
    query = request.get("query")
    last = query[-1] if isinstance(query, list) and query else None
    content = last.get("content") if isinstance(last, dict) else None
    return content if isinstance(content, str) else ""


def text_of(events: Any) -> str:  # pairs of a name and parsed data
    """The text that events leave, as it is shown at the end.

    >>> text_of([("text", {"text": "so"}), ("replace_response", {"text": "no"}), ("text", {"text": "!"})])
    'no!'
    """
    text = ""
    for name, data in events:
        words = data.get("text") if isinstance(data, dict) else None
        if isinstance(words, str):
            text = words if name == "replace_response" else text + words if name == "text" else text
    return text
