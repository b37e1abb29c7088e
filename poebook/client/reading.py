"""From the events of one answer to the changes that they make: pure, one event at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic_core import from_json

from poebook.client.answer import AnswerError, AnswerEvent
from poebook.client.turns import Op

NO_DONE = "The answer ended without `done`. Here is what came."
EMPTY = "The answer is empty: the bot sent neither text nor a file."

_ERROR_TYPES = {
    "insufficient_fund": "There are not enough points for this answer.",
    "user_message_too_long": "The message is too long for this bot.",
    "user_caused_error": "The bot could not work with this message.",
    "privacy_authorization_error": "The bot may not be asked with this account's privacy settings.",
}


class Unreadable(Exception):
    """An event that breaks the protocol; the message says which and why."""


class AnswerReader:
    """Reads one answer's events in order.

    ``done`` is set by the end mark, ``error`` by an error event, ``metadata`` by the last ``data`` event,
    ``count`` counts all events but keep-alives.

    >>> reader = AnswerReader("m-1")
    >>> event, ops = reader.read("text", '{"text": "hi"}', 0.1, "echo")
    >>> ops
    [{'op': 'text', 'id': 'm-1', 'text': 'hi', 'n': 1}]
    """

    def __init__(self, id: str) -> None:
        self.id = id
        self.count = 0
        self.done = False
        self.shown = False
        self.error: AnswerError | None = None
        self.metadata: str | None = None

    def read(self, name: str, data: str, s: float, target: str) -> tuple[AnswerEvent, list[Op]]:
        """The event as it is kept, and the changes that it makes. Raises Unreadable when it breaks the protocol."""
        self.count += name != "ping"
        self.done = self.done or name == "done"
        read = _EVENTS.get(name)
        if read is None:
            return AnswerEvent(name, None, s, target, data), []
        try:
            parsed = _parsed(data)
        except (ValueError, RecursionError):
            raise Unreadable(f"The bot sent a `{name}` event whose data is no JSON.") from None
        if not isinstance(parsed, dict):
            raise Unreadable(f"The bot sent a `{name}` event whose data is no JSON object.")
        return AnswerEvent(name, parsed, s, target, data), read(self, parsed)

    def _string(self, name: str, field: str, data: dict[str, Any]) -> str:
        value = data.get(field)
        if not isinstance(value, str):
            raise Unreadable(f"The bot sent a `{name}` event without a string `{field}`.")
        return value

    def _text(self, data: dict[str, Any]) -> list[Op]:
        text = self._string("text", "text", data)
        self.shown = self.shown or bool(text)
        return [{"op": "text", "id": self.id, "text": text, "n": self.count}]

    def _replace(self, data: dict[str, Any]) -> list[Op]:
        text = self._string("replace_response", "text", data)
        self.shown = self.shown or bool(text)
        return [{"op": "replace", "id": self.id, "text": text, "n": self.count}]

    def _reply(self, data: dict[str, Any]) -> list[Op]:
        return [{"op": "reply", "id": self.id, "text": self._string("suggested_reply", "text", data)}]

    def _file(self, data: dict[str, Any]) -> list[Op]:
        self.shown = True
        file = {field: self._string("file", field, data) for field in ("url", "name", "content_type")}
        ref = data.get("inline_ref")
        return [
            {
                "op": "file",
                "id": self.id,
                "file": {**file, "inline_ref": ref if isinstance(ref, str) else None},
            }
        ]

    def _meta(self, data: dict[str, Any]) -> list[Op]:
        kind = data.get("content_type")
        if self.count > 1 or not isinstance(kind, str):
            return []
        return [{"op": "meta", "id": self.id, "content_type": kind}]

    def _data(self, data: dict[str, Any]) -> list[Op]:
        metadata = data.get("metadata")
        self.metadata = metadata if isinstance(metadata, str) else self.metadata
        return []

    def _json(self, data: dict[str, Any]) -> list[Op]:
        return []

    def _error(self, data: dict[str, Any]) -> list[Op]:
        text, kind = data.get("text"), data.get("error_type")
        title = text if isinstance(text, str) and text else _ERROR_TYPES.get(str(kind), "The bot ended with an error.")
        self.error = AnswerError(title, allow_retry=data.get("allow_retry") is not False)
        return []


def _parsed(data: str) -> Any:
    """*data* as JSON; the quick reader refuses half a surrogate pair, and what lies very deep."""
    try:
        return from_json(data)
    except ValueError:
        return json.loads(data)


_EVENTS: dict[str, Callable[[AnswerReader, dict[str, Any]], list[Op]]] = {
    "text": AnswerReader._text,
    "replace_response": AnswerReader._replace,
    "suggested_reply": AnswerReader._reply,
    "file": AnswerReader._file,
    "meta": AnswerReader._meta,
    "data": AnswerReader._data,
    "json": AnswerReader._json,
    "error": AnswerReader._error,
}
