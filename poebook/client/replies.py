"""From the events of an answer to what a client hands out: pure, one event at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic_core import from_json

from poebook.errors import BotError, BotErrorNoRetry
from poebook.protocol import Attachment, MetaResponse, PartialResponse


class Faulty(NamedTuple):
    """A fault of the answer that its bot is told of."""

    message: str
    metadata: dict[str, Any]


@dataclass
class ReplyReader:
    """Reads one answer's events; ``faults()`` gives what is to be reported since the last look.

    >>> reader = ReplyReader(prompt="")
    >>> [reply.text for reply in reader.read("text", '{"text": "hi"}')]
    ['hi']
    """

    prompt: str
    expects_text: bool = True
    count: int = 0
    done: bool = False
    _has_text: bool = False
    _told: bool = False
    _unknown: set[str] = field(default_factory=set)
    _faults: list[Faulty] = field(default_factory=list)

    def read(self, name: str, data: str) -> list[PartialResponse]:
        """What the event is for the caller. Raises BotError for an ``error`` event and for a broken one."""
        self.count += name != "ping"
        read = _EVENTS.get(name)
        if read is not None:
            return read(self, name, data)
        if name not in ("ping", "done") and name not in self._unknown:
            self._unknown.add(name)
            self._fault(f"Unknown event type: {name[:100]}", {"event_data": data[:500]})
        if name == "done":
            self.done = True
            if self.expects_text and not self._has_text and not self._told:
                self._fault("Bot returned no text in response", {})
        return []

    def finish(self) -> None:
        """The stream has ended."""
        if not self.done:
            self._fault("Bot exited without sending 'done' event", {})

    def faults(self) -> list[Faulty]:
        """What is to be reported, once."""
        if not self._faults:
            return []
        found, self._faults = self._faults, []
        return found

    def _fault(self, message: str, metadata: dict[str, Any]) -> None:
        self._told = True
        self._faults.append(Faulty(message, metadata))

    def _parsed(self, name: str, data: str) -> dict[str, Any]:
        try:
            parsed = from_json(data)
        except ValueError:
            self._fault(f"Invalid JSON in {name!r} event", {"data": data[:500]})
            raise BotErrorNoRetry(f"Invalid JSON in {name!r} event") from None
        if not isinstance(parsed, dict):
            self._fault(f"Expected JSON dict in {name!r} event", {"data": data[:500]})
            raise BotError(f"Expected JSON dict in {name!r} event")
        return parsed

    def _string(self, name: str, field: str, data: dict[str, Any]) -> str:
        value = data.get(field)
        if not isinstance(value, str):
            self._fault(f"Expected string in {field!r} field for {name!r} event", {"data": str(data)[:500]})
            raise BotErrorNoRetry(f"Expected string in {name!r} event")
        return value

    def _text(self, name: str, data: str) -> list[PartialResponse]:
        parsed = self._parsed(name, data)
        text = self._string(name, "text", parsed)
        self._has_text = self._has_text or name != "suggested_reply"
        return [
            PartialResponse(
                text=text,
                raw_response={"type": name, "text": data},
                full_prompt=self.prompt,
                is_suggested_reply=name == "suggested_reply",
                is_replace_response=name == "replace_response",
                index=_index(parsed),
            )
        ]

    def _file(self, name: str, data: str) -> list[PartialResponse]:
        parsed = self._parsed(name, data)
        fields = {field: self._string(name, field, parsed) for field in ("url", "content_type", "name")}
        ref = parsed.get("inline_ref")
        file = Attachment(**fields, inline_ref=ref if isinstance(ref, str) else None)
        return [PartialResponse(text="", attachment=file, index=_index(parsed))]

    def _json(self, name: str, data: str) -> list[PartialResponse]:
        parsed = self._parsed(name, data)
        return [PartialResponse(text="", data=parsed, index=_index(parsed))]

    def _data(self, name: str, data: str) -> list[PartialResponse]:
        """What the bot had stored: handed out as ``data``, with no text, so that loops over ``.text`` go on."""
        parsed = self._parsed(name, data)
        return [PartialResponse(text="", data={"metadata": parsed.get("metadata")}, raw_response={"type": name})]

    def _meta(self, name: str, data: str) -> list[PartialResponse]:
        if self.count > 1:
            return []
        parsed = self._parsed(name, data)
        linkify, replies = parsed.get("linkify", False), parsed.get("suggested_replies", False)
        kind = parsed.get("content_type", "text/markdown")
        for field_name, value, wanted in (
            ("linkify", linkify, bool),
            ("suggested_replies", replies, bool),
            ("content_type", kind, str),
        ):
            if not isinstance(value, wanted):
                self._fault(f"Invalid {field_name} value in 'meta' event", {field_name: str(value)[:500]})
                return []
        return [MetaResponse(text="", linkify=linkify, suggested_replies=replies, content_type=kind)]

    def _error(self, name: str, data: str) -> list[PartialResponse]:
        parsed = self._parsed(name, data)
        kind = BotError if parsed.get("allow_retry", True) else BotErrorNoRetry
        error_type = parsed.get("error_type")
        raise kind(
            data,
            event=parsed,
            error_type=error_type if isinstance(error_type, str) else None,
            allow_retry=bool(parsed.get("allow_retry", True)),
            reason=str(parsed.get("text") or "The bot ended with an error."),
        )


def _index(parsed: dict[str, Any]) -> int | None:
    index = parsed.get("index")
    return index if isinstance(index, int) and not isinstance(index, bool) else None


_EVENTS: dict[str, Callable[[ReplyReader, str, str], list[PartialResponse]]] = {
    "text": ReplyReader._text,
    "replace_response": ReplyReader._text,
    "suggested_reply": ReplyReader._text,
    "file": ReplyReader._file,
    "json": ReplyReader._json,
    "data": ReplyReader._data,
    "meta": ReplyReader._meta,
    "error": ReplyReader._error,
}
