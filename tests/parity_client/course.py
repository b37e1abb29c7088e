"""What a client makes of a scene: in full, to be compared; and as a course of short lines, to be read in a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import poebook as fp
from tests.parity_client.stage import Part, Sent, Stage
from tests.upstream import fastapi_poe

LIBRARIES = {"poebook": fp, "fastapi_poe": fastapi_poe}
BOT, KEY = "echo", "key-of-a-person"
_WRAPPED = f"Error communicating with bot {BOT}"  # what follows it in an error's text is each library's own


@dataclass
class Course:
    """One call of a client function, from outside."""

    lines: list[str] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str | None, str]] = field(default_factory=list)
    error: Exception | None = None
    sent: list[Sent] = field(default_factory=list)
    reports: list[Sent] = field(default_factory=list)

    def on_error(self, error: Exception, text: str) -> None:
        """Given to the client as its ``on_error``."""
        if text.startswith("Protocol bot error"):
            self.told.append((f"{type(error).__name__}: {error}", text))
            self.lines.append(f"told {error}")
        else:
            own = isinstance(error, fp.BotError | fastapi_poe.BotError) and not str(error).startswith(_WRAPPED)
            self.told.append((f"{type(error).__name__}: {error}" if own else None, text))
            self.lines.append(text.replace("Bot request to echo failed on ", "failed "))

    def add(self, part: Any) -> None:
        self.parts.append(in_full(part))
        self.lines.append(in_short(part))

    def failed(self, error: Exception) -> None:
        self.error = error
        text = _WRAPPED if str(error).startswith(_WRAPPED) else str(error)
        self.lines.append(f"{_kind(error)}: {text}")

    def ended(self, stage: Stage) -> Course:
        self.sent, self.reports = list(stage.asked), list(stage.reports)
        if len(self.sent) != 1:
            self.lines.append(f"asked {len(self.sent)} times")
        return self

    def all(self) -> dict[str, Any]:
        """Everything that two libraries must have in common."""
        return {
            "lines": self.lines,
            "parts": self.parts,
            "told": self.told,
            "sent": [request_in_full(sent) for sent in self.sent],
            "reports": [request_in_full(sent) for sent in self.reports],
        }


def _kind(error: Exception) -> str:
    """The name of the error's type, or of the public one that it is a kind of."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ != "poebook.client.uploads")


def in_full(part: Any) -> dict[str, Any]:
    """A part without ``full_prompt``, which is for the eyes and holds a ``repr``."""
    return {"kind": type(part).__name__, **json.loads(part.model_dump_json(exclude={"full_prompt"}))}


def in_short(part: Any) -> str:
    """A part as a line: what it is, what it says, and the index of its response."""
    kind, what = "text", repr(part.text)
    if type(part).__name__ == "MetaResponse":
        kind, what = "meta", f"{part.content_type} linkify={part.linkify} replies={part.suggested_replies}"
    elif isinstance(part, fp.DataResponse):
        kind, what = "stored", repr(part.metadata)
    elif part.attachment is not None:
        kind, what = "file", f"{part.attachment.name} {part.attachment.content_type} ref={part.attachment.inline_ref}"
    elif part.tool_calls:
        pieces = [f"{call.index}:{call.function.name or ''}({call.function.arguments})" for call in part.tool_calls]
        kind, what = "calls", " ".join(pieces)
    elif part.data is not None:
        kind, what = "json", json.dumps(part.data)
    elif part.is_replace_response:
        kind = "replace"
    elif part.is_suggested_reply:
        kind = "reply"
    return f"{kind} {what}" + (f" #{part.index}" if part.index is not None else "")


def request_in_full(sent: Sent) -> dict[str, Any]:
    """A request but for what belongs to the HTTP client, and the keys in the body, which poebook leaves out."""
    body = {name: value for name, value in sent.json.items() if name not in ("access_key", "api_key")}
    own = ("host", "user-agent", "connection", "accept-encoding", "content-length", "cache-control")
    headers = {name: value for name, value in sent.headers.items() if name not in own}
    return {"method": sent.method, "path": sent.path, "headers": headers, "body": body}


def request_of(library: Any, **more: Any) -> Any:
    messages = [library.ProtocolMessage(role="user", content="How high is the tide?")]
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    return library.QueryRequest(version="1.2", type="query", query=messages, **ids, **more)


async def streamed(library: Any, stage: Stage, scenes: Sequence[Part], **more: Any) -> Course:
    """The course of ``stream_request`` through *scenes*."""
    course = Course()
    stage.play(scenes)
    given = {
        "request": request_of(library),
        "bot_name": BOT,
        "api_key": KEY,
        "base_url": f"{stage.url}/bot/",
        "on_error": course.on_error,
        "retry_sleep_time": 0,
        **more,
    }
    try:
        async for part in library.stream_request(**given):
            course.add(part)
    except Exception as error:
        course.failed(error)
    return course.ended(stage)
