"""From the events of an answer to what a client hands out: pure, one event at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import from_json

from poebook.client.parts import Prompt, StoredData, meta, part
from poebook.errors import BotError, BotErrorNoRetry
from poebook.protocol import Attachment, PartialResponse
from poebook.wire.sse import ServerSentEvent

_QUOTED = 500  # characters of an event that a report quotes
_UNKNOWN_REPORTED = 10  # names of unknown events in one answer


class Faulty(NamedTuple):
    """A fault of the answer that its bot is told of."""

    message: str
    metadata: dict[str, Any]


class ReplyReader:
    """Reads one answer's events in order; ``faults`` gathers what is to be reported.

    >>> reader = ReplyReader(Prompt("hi?"), "echo")
    >>> reader.read(ServerSentEvent("text", '{"text": "hi"}')).text
    'hi'
    """

    def __init__(self, prompt: Prompt, bot_name: str, message_id: str = "", *, expects_text: bool = True) -> None:
        self.faults: list[Faulty] = []
        self._prompt = prompt
        self._bot_name = bot_name
        self._message_id = message_id
        self._expects_text = expects_text
        self._count = 0
        self._is_done = False
        self._has_text = False
        self._was_faulty = False
        self._unknown: set[str] = set()

    def read(self, event: ServerSentEvent) -> PartialResponse | None:
        """What the event is for the caller. Raises BotError for an ``error`` event and for a broken one."""
        name = event.event
        self._count += name != "ping"
        read = _EVENTS.get(name)
        if read is not None:
            return read(self, name, event.data)
        if name not in self._unknown and len(self._unknown) < _UNKNOWN_REPORTED:
            self._unknown.add(name)
            self._fault(f"Unknown event type: {_cut(name, 100)}", event_data=_cut(event.data, _QUOTED))
        return None

    def finish(self) -> None:
        """The stream has ended."""
        if not self._is_done:
            self._fault("Bot exited without sending 'done' event")

    def _fault(self, message: str, **metadata: Any) -> None:
        self._was_faulty = True
        self.faults.append(Faulty(message, {**metadata, "message_id": self._message_id}))

    def _parsed(self, name: str, data: str) -> dict[str, Any]:
        try:
            parsed = from_json(data)
        except ValueError:
            parsed = self._mended(name, data)
        if not isinstance(parsed, dict):
            self._fault(f"Expected JSON dict in {name!r} event", data=_cut(data, _QUOTED))
            raise BotError(f"Expected JSON dict in {name!r} event", bot_name=self._bot_name)
        return parsed

    def _mended(self, name: str, data: str) -> Any:
        try:
            return _json(data)
        except ValueError:
            self._fault(f"Invalid JSON in {name!r} event", data=_cut(data, _QUOTED))
            raise BotErrorNoRetry(f"Invalid JSON in {name!r} event", bot_name=self._bot_name) from None

    def _string(self, name: str, field: str, parsed: dict[str, Any], data: str) -> str:
        value = parsed.get(field)
        if not isinstance(value, str):
            told = f"Expected string in {field!r} field for {name!r} event"
            self._fault(told, data=parsed if len(data) <= _QUOTED else _cut(data, _QUOTED))
            raise BotErrorNoRetry(f"Expected string in {name!r} event", bot_name=self._bot_name)
        return value

    def _on_text(self, name: str, data: str) -> PartialResponse:
        parsed = self._parsed(name, data)
        text = parsed.get("text")
        if type(text) is not str:
            text = self._string(name, "text", parsed, data)
        self._has_text = self._has_text or name != "suggested_reply"
        raw = {"type": name, "text": data}
        return part(self._prompt, {"text": text, "raw_response": raw, "index": _index(parsed), **_KINDS_OF_TEXT[name]})

    def _on_file(self, name: str, data: str) -> PartialResponse:
        parsed = self._parsed(name, data)
        fields = {field: self._string(name, field, parsed, data) for field in ("url", "content_type", "name")}
        ref = parsed.get("inline_ref")
        file = Attachment(**fields, inline_ref=ref if isinstance(ref, str) else None)
        return part(self._prompt, {"attachment": file, "index": _index(parsed)})

    def _on_json(self, name: str, data: str) -> PartialResponse:
        parsed = self._parsed(name, data)
        return part(self._prompt, {"data": parsed, "index": _index(parsed)})

    def _on_data(self, name: str, data: str) -> PartialResponse | None:
        try:
            parsed = _json(data)
        except ValueError:
            return None
        metadata = parsed.get("metadata") if isinstance(parsed, dict) else None
        if not isinstance(metadata, str):
            return None
        return StoredData(metadata=metadata, data=parsed, raw_response={"type": name, "text": data})

    def _on_meta(self, name: str, data: str) -> PartialResponse | None:
        if self._count > 1:
            return None
        parsed = self._parsed(name, data)
        values: dict[str, Any] = {}
        for field, default in (("linkify", False), ("suggested_replies", False), ("content_type", "text/markdown")):
            values[field] = parsed.get(field, default)
            if not isinstance(values[field], type(default)):
                told = {"message_id": self._message_id, field: values[field]}
                self._fault(f"Invalid {field} value in 'meta' event", **told)
                return None
        return meta(self._prompt, {"raw_response": parsed, **values})

    def _on_error(self, name: str, data: str) -> PartialResponse | None:
        parsed = self._parsed(name, data)
        allow_retry = bool(parsed.get("allow_retry", True))
        error_type = parsed.get("error_type")
        raise (BotError if allow_retry else BotErrorNoRetry)(
            data,
            bot_name=self._bot_name,
            event=parsed,
            error_type=error_type if isinstance(error_type, str) else None,
            allow_retry=allow_retry,
            reason=str(parsed.get("text") or "The bot ended with an error."),
        )

    def _on_done(self, name: str, data: str) -> None:
        self._is_done = True
        if self._expects_text and not self._has_text and not self._was_faulty:
            self._fault("Bot returned no text in response")

    def _on_ping(self, name: str, data: str) -> None:
        """Only says that the bot is still there."""


_KINDS_OF_TEXT: dict[str, dict[str, bool]] = {
    "text": {},
    "replace_response": {"is_replace_response": True},
    "suggested_reply": {"is_suggested_reply": True},
}
_EVENTS: dict[str, Callable[[ReplyReader, str, str], PartialResponse | None]] = {
    "text": ReplyReader._on_text,
    "replace_response": ReplyReader._on_text,
    "suggested_reply": ReplyReader._on_text,
    "file": ReplyReader._on_file,
    "json": ReplyReader._on_json,
    "data": ReplyReader._on_data,
    "meta": ReplyReader._on_meta,
    "error": ReplyReader._on_error,
    "done": ReplyReader._on_done,
    "ping": ReplyReader._on_ping,
}


def _json(data: str) -> Any:
    """Parsed JSON. Half a surrogate pair, as some bots stream emoji, is let through. Raises ValueError."""
    try:
        return from_json(data)
    except ValueError:
        try:
            return json.loads(data)
        except RecursionError:
            raise ValueError("too deep") from None


def _index(parsed: dict[str, Any]) -> int | None:
    index = parsed.get("index")
    return index if type(index) is int else None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
