"""From a bot's events to what an OpenAI client is told: text, calls of tools, an end; pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from poebook.standin.refused import Refused
from poebook.wire.sse import ServerSentEvent

_STATUSES = {
    "insufficient_fund": (402, "There are not enough points for this answer."),
    "user_message_too_long": (413, "The message is too long for this bot."),
    "user_caused_error": (400, "The bot could not work with this message."),
    "privacy_authorization_error": (403, "The bot may not be asked with this account's privacy settings."),
}


class Text(NamedTuple):
    """Text that is added."""

    text: str


class CallPart(NamedTuple):
    """A piece of a call: the first of an index has id and name, all have some of the arguments."""

    place: int  # among the answer's calls, as the bot counts them
    id: str | None
    name: str | None
    arguments: str


@dataclass
class Call:
    """A call of a tool, whole so far."""

    id: str
    name: str
    arguments: str = ""


Piece = Text | CallPart


class Reply:
    """Folds one answer's events; ``text``, ``calls`` and ``error`` are what it comes to.

    >>> reply = Reply()
    >>> reply.take(ServerSentEvent("text", '{"text": "hi"}'))
    [Text(text='hi')]
    >>> reply.text, reply.finish_reason
    ('hi', 'stop')
    """

    def __init__(self) -> None:
        self.calls: dict[int, Call] = {}
        self.error: Refused | None = None
        self._shown = ""  # the bot's text as it stands
        self._sent = ""  # what a stream has sent of it
        self._files: list[str] = []

    @property
    def text(self) -> str:
        """The whole text, files at its end."""
        return "\n\n".join(part for part in (self._shown, *self._files) if part)

    @property
    def finish_reason(self) -> str:
        return "tool_calls" if self.calls else "stop"

    def take(self, event: ServerSentEvent) -> list[Piece]:
        """What a stream sends for this event."""
        read = _READERS.get(event.event)
        return read(self, json.loads(event.data)) if read is not None else []

    def _text(self, data: dict[str, Any]) -> list[Piece]:
        self._shown += data["text"]
        return self._sending(data["text"])

    def _replace(self, data: dict[str, Any]) -> list[Piece]:
        self._shown = text = data["text"]
        if text.startswith(self._sent):
            return self._sending(text[len(self._sent) :])
        new, self._sent = f"\n\n{text}", text
        return [Text(new)]

    def _sending(self, text: str) -> list[Piece]:
        self._sent += text
        return [Text(text)] if text else []

    def _file(self, data: dict[str, Any]) -> list[Piece]:
        mark = "!" if data["content_type"].startswith("image/") else ""
        link = f"{mark}[{data['name']}]({data['url']})"
        before = "\n\n" if self.text else ""
        self._files.append(link)
        return [Text(before + link)]

    def _json(self, data: dict[str, Any]) -> list[Piece]:
        choices = data.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        given = choice.get("delta")
        delta = given if isinstance(given, dict) else {}
        pieces: list[Piece] = []
        if isinstance(delta.get("content"), str):
            pieces += self._text({"text": delta["content"]})
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else []:
            pieces += self._call(call)
        return pieces

    def _call(self, call: Any) -> list[Piece]:
        if not isinstance(call, dict):
            return []
        place, given = call.get("index"), call.get("function")
        index, function = place if isinstance(place, int) else 0, given if isinstance(given, dict) else {}
        arguments = str(function.get("arguments") or "")
        if index in self.calls:
            self.calls[index].arguments += arguments
            return [CallPart(index, None, None, arguments)]
        id, name = call.get("id"), function.get("name")
        if not isinstance(id, str) or not isinstance(name, str):
            return []
        self.calls[index] = Call(id, name, arguments)
        return [CallPart(index, id, name, arguments)]

    def _error(self, data: dict[str, Any]) -> list[Piece]:
        status, words = _STATUSES.get(str(data.get("error_type")), (502, "The bot ended with an error."))
        again = {"x-should-retry": "false"} if data.get("allow_retry") is False else {}
        text = data.get("text")
        self.error = Refused(status, text if isinstance(text, str) and text else words, again)
        return []


_READERS: dict[str, Callable[[Reply, dict[str, Any]], list[Piece]]] = {
    "text": Reply._text,
    "replace_response": Reply._replace,
    "file": Reply._file,
    "json": Reply._json,
    "error": Reply._error,
}


def tokens(text: str) -> int:
    """About how many tokens a text has.

    >>> tokens("How deep is it?")
    4
    """
    return -(-len(text) // 4)
