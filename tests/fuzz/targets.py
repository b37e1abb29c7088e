"""What is fuzzed: functions of bytes that raise nothing, whatever the bytes, and the seeds to begin with.

Nothing here needs more than poebook itself, so that it runs in the fuzzer's own environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import poebook as fp
from poebook.client import keeping, refusals
from poebook.client.filestore import safe_name
from poebook.client.parts import Prompt
from poebook.client.reading import AnswerReader, Unreadable
from poebook.client.replies import ReplyReader
from poebook.errors import PoebookError
from poebook.runtime.names import checked_name, checked_path
from poebook.server.endpoint import BotEndpoint
from poebook.wire.sse import Decoder, EventTooLarge, ServerSentEvent

_ROOT = Path(__file__).resolve().parents[1]
_EVENTS = (
    "text",
    "replace_response",
    "suggested_reply",
    "file",
    "json",
    "data",
    "meta",
    "error",
    "done",
    "ping",
    "odd",
)


@dataclass(frozen=True)
class Target:
    """A function to be fed, and what it is fed first."""

    name: str
    title: str
    feed: Callable[[bytes], None]
    seeds: Sequence[bytes]


class Echo(fp.PoeBot):
    """Says what it was asked last, and takes attachments' words in."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=request.query[-1].content)


_echo = BotEndpoint(Echo(), key=None)


def stream(data: bytes) -> None:
    """However the bytes of a stream are cut, the events are the same."""
    cut, wire = data[:1], data[1:]
    step = 1 + (cut[0] if cut else 0) % 37
    try:
        whole = Decoder(1 << 20).feed(wire)
    except EventTooLarge:
        return
    decoder = Decoder(1 << 20)
    pieces = [event for at in range(0, len(wire), step) for event in decoder.feed(wire[at : at + step])]
    assert pieces == whole, (step, wire)
    for event in whole:
        if "\x00" not in event.event:
            (again,) = Decoder(1 << 20).feed(event.encode())
            assert again.data == event.data.replace("\r\n", "\n").replace("\r", "\n")


def events(data: bytes) -> None:
    """What a bot sends is read, or given up with an error of ours, by both readers."""
    which, text = data[:1], data[1:].decode("utf-8", "replace")
    name = _EVENTS[(which[0] if which else 0) % len(_EVENTS)]
    replies = ReplyReader(Prompt("hi"), "b")
    try:
        replies.read(ServerSentEvent(name, text))
        replies.finish()
    except PoebookError:
        pass
    with contextlib.suppress(Unreadable):
        AnswerReader("m").read(name, text, 0.1, "b")


def bodies(data: bytes) -> None:
    """Whatever the body: an answer, or a refusal with its reason."""
    status, content = asyncio.run(_asked(data))
    assert status in (200, 400, 413, 422, 501), (status, content[:200])
    if status != 200:
        assert json.loads(content)["detail"], content


async def _asked(body: bytes) -> tuple[int, bytes]:
    sent: list[Any] = []
    given = [{"type": "http.request", "body": body}]

    async def receive() -> Any:
        return given.pop() if given else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    await _echo(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def saved(data: bytes) -> None:
    """A file that is no saved conversation is refused in words."""
    with contextlib.suppress(PoebookError):
        keeping.parsed(data, Path("talk.json"))


def words(data: bytes) -> None:
    """Small readers of what others wrote: headers, addresses, names of files and bots."""
    text = data.decode("utf-8", "surrogateescape")
    wait = refusals.seconds(text)
    assert wait is None or wait >= 0
    refusals.place(text)
    name = safe_name(text)
    assert name.strip(), name
    assert "/" not in name, name
    assert name not in (".", ".."), name
    for check in (checked_name, checked_path):
        with contextlib.suppress(PoebookError):
            check(text)


def _wires() -> list[bytes]:
    files = sorted((_ROOT / "transcripts" / "wire").glob("*.json"))
    return [b"\x05" + json.loads(file.read_text(encoding="utf-8"))["wire"].encode() for file in files]


_QUERY = {
    "version": "1.2",
    "type": "query",
    "query": [
        {
            "role": "user",
            "content": "hi",
            "content_type": "text/markdown",
            "timestamp": 7,
            "message_id": "m-1",
            "feedback": [{"type": "like", "reason": "good"}],
            "attachments": [
                {"url": "u", "content_type": "text/plain", "name": "n", "parsed_content": "p", "inline_ref": "r"}
            ],
        }
    ],
    "user_id": "u",
    "conversation_id": "c",
    "message_id": "m",
    "temperature": 0.7,
    "stop_sequences": ["x"],
    "logit_bias": {"1": 0.5},
}
_BODIES = [
    _QUERY,
    {"version": "1.2", "type": "settings"},
    {**_QUERY, "type": "report_feedback", "feedback_type": "like"},
    {**_QUERY, "type": "report_reaction", "reaction": "wow"},
    {"version": "1.2", "type": "report_error", "message": "m", "metadata": {"a": [1, None, 1.5]}},
]
_DATA = (
    '{"text": "hi", "index": 3}',
    '{"url": "u", "name": "n", "content_type": "image/png", "inline_ref": "r"}',
    '{"content_type": "text/plain", "suggested_replies": true}',
    '{"text": "no", "allow_retry": true, "error_type": "user_caused_error"}',
    '{"metadata": "x"}',
    '{"choices": [{"delta": {"tool_calls": []}}]}',
    "{}",
)
_SAVED = {
    "poebook": 2,
    "targets": ["echo"],
    "conversation": {"targets": [{"name": "echo"}]},
    "tree": {"shown": None, "turns": [], "answers": []},
}

TARGETS = (
    Target("stream", "streams, cut anywhere", stream, _wires()),
    Target(
        "events",
        "events of an answer",
        events,
        [bytes([n]) + data.encode() for n in range(len(_EVENTS)) for data in _DATA],
    ),
    Target("bodies", "bodies of requests", bodies, [json.dumps(body).encode() for body in _BODIES]),
    Target("saved", "saved conversations", saved, [json.dumps(_SAVED).encode()]),
    Target(
        "words",
        "headers, addresses and names",
        words,
        [b"7", b"Wed, 21 Oct 2026 07:28:00 GMT", b"https://me:pw@a.example/x?y", b"../../tides.csv", b"echo-2"],
    ),
)
