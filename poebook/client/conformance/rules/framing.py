"""Whether an answer is an event stream, by the standard."""

from __future__ import annotations

import json
import re

from poebook.client.conformance.evidence import Rule, cut, event, of, stream, whole
from poebook.client.conformance.exchange import Exchange, Seen

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELDS = (b"event", b"data", b"id", b"retry", b"")
_ENDS = (b"\n\n", b"\r\r", b"\r\n\r\n")
_UNREAD = ("done", "ping")  # their data is not looked at


def _status(one: Exchange) -> str | None:
    if one.status in (None, 200, 429):
        return None
    return f"A plain question is answered with the status {one.status}."


def _content_type(one: Exchange) -> str | None:
    if not one.ok or one.is_stream:
        return None
    return f"An answer comes as {one.kind or 'nothing in particular'}."


def _cut(one: Exchange) -> str | None:
    return f"The connection broke in the middle of an answer ({one.trouble})." if one.fate == "cut" else None


def _not_utf8(one: Exchange) -> str | None:
    try:
        one.body.decode()
    except UnicodeDecodeError as error:
        return f"Byte {error.start} of an answer is no UTF-8." if error.reason != "unexpected end of data" else None
    return None


def _stray(one: Exchange) -> str | None:
    lines = _LINE_END.split(one.body.removeprefix(b"\xef\xbb\xbf"))
    complete = lines if one.fate == "whole" else lines[:-1]
    strays = (line for line in complete if line and line.partition(b":")[0] not in _FIELDS)
    return next((f'A line of the stream begins with no field: "{cut(_text(line))}".' for line in strays), None)


def _unfinished(one: Exchange) -> str | None:
    if not one.body or one.body.endswith(_ENDS):
        return None
    return "The last event of an answer does not end with a blank line, so it does not count."


def _unnamed(one: Seen) -> str | None:
    return f'An event has no name: "{cut(one.data)}".' if one.name == "message" else None


def _bad_json(one: Seen) -> str | None:
    if one.name in _UNREAD:
        return None
    try:
        json.loads(one.data)
    except (ValueError, RecursionError):
        return f'The data of an event {cut(one.name)} is no JSON: "{cut(one.data)}".'
    return None


def _not_object(one: Seen) -> str | None:
    if one.name in _UNREAD or _bad_json(one) or isinstance(json.loads(one.data), dict):
        return None
    return f'The data of an event {cut(one.name)} is no JSON object: "{cut(one.data)}".'


def _length(one: Exchange) -> str | None:
    length = one.headers.get("content-length")
    return f"An answer says beforehand that it has {length} bytes, so it was whole before it went." if length else None


def _encoded(one: Exchange) -> str | None:
    coding = one.headers.get("content-encoding", "identity")
    return None if coding == "identity" else f"An answer comes compressed ({coding}), though that was not asked for."


def _cacheable(one: Exchange) -> str | None:
    said = one.headers.get("cache-control", "")
    return None if "no-store" in said or "no-cache" in said else "An answer does not say that it must not be cached."


def _buffered(one: Exchange) -> str | None:
    if one.headers.get("x-accel-buffering", "").lower() == "no":
        return None
    return "An answer does not ask proxies to pass it on as it comes."


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


RULES = (
    Rule("stream.status", "error", of("hello", _status), "Answer a query with 200 and a stream; the log says why not."),
    Rule("stream.content-type", "error", of("hello", _content_type), "Send `Content-Type: text/event-stream`."),
    Rule("stream.cut", "error", stream(_cut), "Let the server send the whole answer, also when the handler fails."),
    Rule("stream.not-utf8", "error", stream(_not_utf8), "Encode the stream as UTF-8."),
    Rule("stream.stray-line", "error", stream(_stray), "Begin every line of an event with `event:` or `data:`."),
    Rule("stream.unfinished-event", "error", whole(_unfinished), "End every event with a blank line, the last too."),
    Rule("stream.unnamed-event", "error", event(_unnamed), "Send a line `event: NAME` with each event."),
    Rule("stream.bad-json", "error", event(_bad_json), "Send a JSON object as each event's data, on one line."),
    Rule("stream.not-object", "error", event(_not_object), 'Send a JSON object as data, such as {"text": "hi"}.'),
    Rule("stream.length", "warning", stream(_length), "Send each event as it is made, without Content-Length."),
    Rule("stream.compressed", "warning", stream(_encoded), "Leave streams uncompressed: compression holds them up."),
    Rule("stream.cacheable", "info", stream(_cacheable), "Send `Cache-Control: no-store`."),
    Rule("stream.no-buffering-header", "info", stream(_buffered), "Send `X-Accel-Buffering: no`, which nginx heeds."),
)
