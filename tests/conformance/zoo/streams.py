"""Streams that are not as the standard says."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

from tests.conformance.sound import DONE, Refused, Send, Sound, event, text

HEADERS = Sound.stream_headers


class BreaksOnQuestions(Sound):
    plants = "stream.status"

    def look_at(self, request: dict[str, Any]) -> None:
        raise Refused(500, "oops")


class SpeaksJsonLines(Sound):
    plants = "stream.content-type"
    stream_headers = {**HEADERS, "content-type": "application/x-ndjson"}  # noqa: RUF012


class HangsUp(Sound):
    plants = "stream.cut"
    stream_headers = {**HEADERS}  # noqa: RUF012

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        yield text("so far")
        raise ConnectionResetError("the server hangs up")


class SpeaksLatin(Sound):
    plants = "stream.not-utf8"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return ['event: text\r\ndata: {"text": "Grüße"}\r\n\r\n'.encode("latin-1"), DONE]


class TearsLines(Sound):
    plants = "stream.stray-line"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("hi"), b"and something between\r\n\r\n", DONE]


class LeavesLastEventOpen(Sound):
    plants = "stream.unfinished-event"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("hi"), DONE.removesuffix(b"\r\n\r\n")]


class NamesNoEvents(Sound):
    plants = "stream.unnamed-event"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("hi"), b'data: {"text": "there"}\n\n', DONE]


class QuotesWrongly(Sound):
    plants = "stream.bad-json"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("hi"), b"event: json\ndata: {'a': 1}\n\n", DONE]


class SendsBareStrings(Sound):
    plants = "stream.not-object"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("hi"), event("text", "hi"), DONE]


class GathersFirst(Sound):
    plants = "stream.length"

    async def stream(self, request: dict[str, Any], send: Send) -> None:
        body = b"".join(self.answer(request))
        await self.plainly(send, 200, body, **self.stream_headers, **{"content-length": str(len(body))})


class Compresses(Sound):
    plants = "stream.compressed"
    stream_headers = {**HEADERS, "content-encoding": "gzip"}  # noqa: RUF012

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [gzip.compress(b"".join(super().answer(request)))]


class MayBeCached(Sound):
    plants = "stream.cacheable"
    stream_headers = {name: value for name, value in HEADERS.items() if name != "cache-control"}  # noqa: RUF012


class MayBeBuffered(Sound):
    plants = "stream.no-buffering-header"
    stream_headers = {name: value for name, value in HEADERS.items() if name != "x-accel-buffering"}  # noqa: RUF012


class Fluent(Sound):
    """No fault: bare carriage returns, comments, several data lines, a BOM and an ASCII-only encoding are fine."""

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        words = json.dumps({"text": request["query"][-1]["content"]})
        return [
            "\ufeff: hello\r\r".encode(),
            b'event: text\rdata: {"text":\rdata: "hi"}\r\r',
            f"event:text\ndata:{words}\nid: 1\nretry: 10\n\n".encode(),
            b"event: ping\ndata: now\n\nevent: done\ndata\n\n",
        ]
