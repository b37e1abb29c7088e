"""Between what handlers yield and the events that travel: one row an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Any, Protocol, Self, runtime_checkable

from poebook.protocol import DataResponse, ErrorResponse, MetaResponse, PartialResponse
from poebook.wire.sse import ServerSentEvent

DONE = ServerSentEvent("done", "{}")
PUBLIC_ERROR = "The bot encountered an unexpected issue."

_quoted = encode_basestring_ascii  # a JSON string, made in C


@runtime_checkable
class EventLike(Protocol):
    """An event of another library, such as sse-starlette's ``ServerSentEvent``."""

    event: Any
    data: Any

    def encode(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class CarriedEvent:
    """An event of another library: sent as that library wrote it."""

    event: str
    data: str
    body: bytes

    @classmethod
    def of(cls, event: EventLike) -> Self:
        return cls(str(event.event or "message"), "" if event.data is None else str(event.data), event.encode())

    def encode(self) -> bytes:
        return self.body


def text_event(text: str, name: str = "text") -> ServerSentEvent:
    """An event whose data is one text: ``text``, ``replace_response`` or ``suggested_reply``.

    >>> text_event("hi").data
    '{"text": "hi"}'
    """
    return ServerSentEvent(name, f'{{"text": {_quoted(text)}}}')


def file_event(url: str, content_type: str, name: str, inline_ref: str | None = None) -> ServerSentEvent:
    """A file that goes with the answer."""
    return _event("file", {"url": url, "content_type": content_type, "name": name, "inline_ref": inline_ref})


def data_event(metadata: str) -> ServerSentEvent:
    """A string that Poe keeps with the answer."""
    return _event("data", {"metadata": metadata})


def meta_event(
    *,
    content_type: str = "text/markdown",
    refetch_settings: bool = False,
    linkify: bool = True,
    suggested_replies: bool = False,
) -> ServerSentEvent:
    """How the answer is to be shown; counts only as the first event."""
    return _event(
        "meta",
        {
            "content_type": content_type,
            "refetch_settings": refetch_settings,
            "linkify": linkify,
            "suggested_replies": suggested_replies,
        },
    )


def error_event(
    text: str | None = None,
    *,
    raw_response: object = None,
    allow_retry: bool = True,
    error_type: str | None = None,
) -> ServerSentEvent:
    """An error; ``raw_response`` is sent as its ``repr``, so only what the author gave belongs there."""
    data: dict[str, Any] = {"allow_retry": allow_retry}
    if text is not None:
        data["text"] = text
    if raw_response is not None:
        data["raw_response"] = repr(raw_response)
    if error_type is not None:
        data["error_type"] = error_type
    return _event("error", data)


def public_error() -> ServerSentEvent:
    """What the asker reads when a handler raised: nothing of the exception."""
    return error_event(PUBLIC_ERROR, allow_retry=False)


def events_of(response: object) -> list[ServerSentEvent] | None:
    """The events that a yielded response is sent as; None for what is no response.

    >>> events_of(PartialResponse(text="hi"))
    [ServerSentEvent(event='text', data='{"text": "hi"}')]
    """
    write = _WRITERS.get(type(response)) or _inherited(type(response))
    return write(response) if write is not None else None


def _inherited(kind: type) -> Callable[[Any], list[ServerSentEvent]] | None:
    for base in kind.__mro__:
        write = _WRITERS.get(base) or (_THEIRS.get(base.__name__) if base.__module__ == "fastapi_poe.types" else None)
        if write is not None:
            return write
    return None


def _event(name: str, data: dict[str, Any], index: int | None = None) -> ServerSentEvent:
    if index is not None:
        data["index"] = index
    return ServerSentEvent(name, json.dumps(data))


def _partial(response: PartialResponse) -> list[ServerSentEvent]:
    name = (
        "suggested_reply"
        if response.is_suggested_reply
        else "replace_response"
        if response.is_replace_response
        else "text"
    )
    index = response.index
    if index is None and response.attachment is None and response.data is None:
        return [text_event(response.text, name)]
    events = _files(response)
    if response.data is not None and not response.text:
        return [*events, _event("json", dict(response.data), index)]
    return [*events, _event(name, {"text": response.text}, index)]


def _files(response: PartialResponse) -> list[ServerSentEvent]:
    """The file of a response goes out before the response itself, whichever kind it is of."""
    file = response.attachment
    if file is None:
        return []
    data = {"url": file.url, "content_type": file.content_type, "name": file.name, "inline_ref": file.inline_ref}
    return [_event("file", data, response.index)]


def _error(response: ErrorResponse) -> list[ServerSentEvent]:
    return [
        *_files(response),
        error_event(
            response.text,
            raw_response=response.raw_response,
            allow_retry=response.allow_retry,
            error_type=response.error_type,
        ),
    ]


def _meta(response: MetaResponse) -> list[ServerSentEvent]:
    return [
        *_files(response),
        meta_event(
            content_type=response.content_type,
            refetch_settings=response.refetch_settings,
            linkify=response.linkify,
            suggested_replies=response.suggested_replies,
        ),
    ]


def _data(response: DataResponse) -> list[ServerSentEvent]:
    return [data_event(response.metadata)]


def _itself(event: ServerSentEvent) -> list[ServerSentEvent]:
    return [event]


def _words(text: str) -> list[ServerSentEvent]:
    return [text_event(text)]


_WRITERS: dict[type, Callable[[Any], list[ServerSentEvent]]] = {
    str: _words,
    PartialResponse: _partial,
    ErrorResponse: _error,
    MetaResponse: _meta,
    DataResponse: _data,
    ServerSentEvent: _itself,
}
_THEIRS = {kind.__name__: write for kind, write in _WRITERS.items() if issubclass(kind, PartialResponse | DataResponse)}
