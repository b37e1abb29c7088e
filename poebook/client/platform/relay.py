"""The events of an answer on their way from a bot to whoever asked: checked, counted, and ended by ``done``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import from_json

from poebook.client.platform.limits import Limits
from poebook.wire.events import DONE, error_event
from poebook.wire.sse import ServerSentEvent

_QUOTED = 500  # characters of an event that a report quotes
_UNKNOWN_REPORTED = 10  # names of unknown events in one answer
_UNREADABLE = "The bot's answer cannot be read."


class Report(NamedTuple):
    """Something that the bot is told of by ``report_error``."""

    message: str
    metadata: dict[str, Any]


class Relay:
    """Takes one answer's events in order, with the seconds since the question, and gives those that go on.

    ``message_id`` is the answer's own; ``over`` says that nothing more goes on; ``reports`` gathers what the bot is to
    be told, ``warnings`` which limits were broken, ``text`` what is shown, ``metadata`` what the bot stores with the
    answer, and ``refetch`` that it wants to be asked for its settings.

    >>> relay = Relay(Limits(), message_id="m-1")
    >>> relay.take(ServerSentEvent("text", '{"text": "hi"}'), 0.1)
    [ServerSentEvent(event='text', data='{"text": "hi"}')]
    >>> [event.event for event in relay.end(0.2)], relay.reports[0].message
    (['done'], "Bot exited without sending 'done' event")
    """

    def __init__(self, limits: Limits, *, message_id: str = "") -> None:
        self.over = False
        self.failed = False
        self.reports: list[Report] = []
        self.warnings: list[str] = []
        self.text = ""
        self.count = 0
        self.first_event_s: float | None = None
        self.metadata: str | None = None
        self.refetch = False
        self.files: list[dict[str, Any]] = []
        self.replies: list[str] = []
        self._limits = limits
        self.message_id = message_id
        self._length = 0
        self._parts: list[str] = []
        self._unknown: set[str] = set()

    def due_s(self) -> float | None:
        """The second by which something has to happen."""
        limits = self._limits
        if not limits.enforce:
            return None
        dues = [limits.total_s, limits.first_event_s if self.first_event_s is None else None]
        return min((due for due in dues if due is not None), default=None)

    def take(self, event: ServerSentEvent, s: float) -> list[ServerSentEvent]:
        """What goes on of this event."""
        name = event.event
        if self.over or name == "ping":
            return []
        self.count += 1
        broken = self._timed(s)
        if self.first_event_s is None:
            self.first_event_s = s
        if name == "done":
            return self._close()
        broken = broken or self._breaks(self.count, self._limits.events, "sent more than {} events")
        if broken:
            return self._fail(broken)
        look = _LOOKS.get(name)
        if look is None:
            self._report_unknown(event)
            return []
        try:
            data = from_json(event.data)
        except ValueError:
            return self._unreadable(f"Invalid JSON in {name!r} event", event.data)
        if not isinstance(data, dict):
            return self._unreadable(f"Expected JSON dict in {name!r} event", event.data, allow_retry=True)
        for field in _STRINGS.get(name, ()):
            if not isinstance(data.get(field), str):
                return self._unreadable(f"Expected string in {field!r} field for {name!r} event", event.data)
        return look(self, event, data)

    def late(self, s: float) -> list[ServerSentEvent]:
        """Nothing has come until now."""
        broken = self._timed(s)
        return self._fail(broken, allow_retry=True) if broken else []

    def end(self, s: float) -> list[ServerSentEvent]:
        """The stream is at its end."""
        if self.over:
            return []
        self._report("Bot exited without sending 'done' event")
        return self._close()

    def cut(self, words: str = "The bot's answer was cut off.") -> list[ServerSentEvent]:
        """The connection broke off, or there was no answer at all."""
        return [] if self.over else self._fail(words, allow_retry=True)

    # -- limits -----------------------------------------------------------------------------------------------

    def _timed(self, s: float) -> str | None:
        limits = self._limits
        if self.first_event_s is None and limits.first_event_s is not None and s > limits.first_event_s:
            return self._broken(f"took longer than {limits.first_event_s:g} s to its first event")
        if limits.total_s is not None and s > limits.total_s:
            return self._broken(f"took longer than {limits.total_s:g} s")
        return None

    def _breaks(self, amount: int, most: int | None, words: str) -> str | None:
        return self._broken(words.format(f"{most:,}")) if most is not None and amount > most else None

    def _broken(self, words: str) -> str | None:
        """The sentence about a broken limit; None where that is only warned about."""
        sentence = f"The bot {words}."
        if sentence not in self.warnings:
            self.warnings.append(sentence)
        return sentence if self._limits.enforce else None

    # -- ends -------------------------------------------------------------------------------------------------

    def _close(self) -> list[ServerSentEvent]:
        self.over = True
        self.text = "".join(self._parts)
        return [DONE]

    def _fail(self, sentence: str, *, allow_retry: bool = False) -> list[ServerSentEvent]:
        self.failed = True
        self._report(sentence)
        return [error_event(sentence, allow_retry=allow_retry), *self._close()]

    def _unreadable(self, words: str, data: str, *, allow_retry: bool = False) -> list[ServerSentEvent]:
        self.failed = True
        self._report(words, data=data[:_QUOTED])
        return [error_event(_UNREADABLE, allow_retry=allow_retry), *self._close()]

    def _report(self, message: str, **metadata: Any) -> None:
        self.reports.append(Report(message, {**metadata, "message_id": self.message_id}))

    def _report_unknown(self, event: ServerSentEvent) -> None:
        name = event.event[:100]
        if name not in self._unknown and len(self._unknown) < _UNKNOWN_REPORTED:
            self._unknown.add(name)
            self._report(f"Unknown event type: {name}", event_data=event.data[:_QUOTED])

    # -- one look an event ------------------------------------------------------------------------------------

    def _text(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        return self._shown(event, data["text"])

    def _replace(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        self._parts, self._length = [], 0
        return self._shown(event, data["text"])

    def _shown(self, event: ServerSentEvent, text: str) -> list[ServerSentEvent]:
        self._length += len(text)
        broken = self._breaks(self._length, self._limits.characters, "sent more than {} characters of text")
        if broken:
            return self._fail(broken)
        self._parts.append(text)
        return [event]

    def _meta(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        """Counts only as the first event."""
        if self.count > 1:
            return []
        for field, kind in _META.items():
            if field in data and not isinstance(data[field], kind):
                self._report(f"Invalid {field} value in 'meta' event", **{field: data[field]})
                return []
        self.refetch = data.get("refetch_settings") is True
        return [event]

    def _file(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        self.files.append(data)
        return [event]

    def _reply(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        self.replies.append(data["text"])
        return [event]

    def _data(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        """Kept by Poe, for whoever tells the bot of this answer later; it does not go on."""
        self.metadata = data["metadata"]
        return []

    def _json(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        return [event]

    def _error(self, event: ServerSentEvent, data: dict[str, Any]) -> list[ServerSentEvent]:
        self.failed = True
        return [event, *self._close()]


_Look = Callable[[Relay, ServerSentEvent, dict[str, Any]], list[ServerSentEvent]]
_LOOKS: dict[str, _Look] = {
    "text": Relay._text,
    "replace_response": Relay._replace,
    "suggested_reply": Relay._reply,
    "file": Relay._file,
    "meta": Relay._meta,
    "data": Relay._data,
    "json": Relay._json,
    "error": Relay._error,
}
_STRINGS = {
    "text": ("text",),
    "replace_response": ("text",),
    "suggested_reply": ("text",),
    "file": ("url", "content_type", "name"),
    "data": ("metadata",),
}
_META: dict[str, type] = {"linkify": bool, "suggested_replies": bool, "content_type": str}
