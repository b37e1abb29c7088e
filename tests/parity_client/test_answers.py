"""What is handed out, told and reported for each event of an answer: as by fastapi_poe, line for line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

import poebook as fp
from tests.client.player import DONE, Scene, says, sse
from tests.parity_client.course import request_of, streamed
from tests.parity_client.stage import Stage
from tests.upstream import fastapi_poe


class Answer(NamedTuple):
    """The events of an answer, and the course that both libraries take."""

    events: Sequence[bytes]
    lines: Sequence[str]


A = sse("text", {"text": "a"})
B = sse("text", {"text": "b"})
TIDE = sse("text", '{"text": "潮"}')  # its last eight bytes begin within the sign
FILE = {"url": "https://a.example/x", "content_type": "image/png", "name": "x.png"}
META_DEFAULT = "meta text/markdown linkify=False replies=False"
NO_TEXT = "told Bot returned no text in response"
NO_DONE = "told Bot exited without sending 'done' event"

EQUAL: dict[str, Answer] = {
    "a text": Answer([A, DONE], ["text 'a'"]),
    "texts come one by one": Answer([A, B, A, DONE], ["text 'a'", "text 'b'", "text 'a'"]),
    "an empty text is a text": Answer([sse("text", {"text": ""}), DONE], ["text ''"]),
    "signs beyond ASCII": Answer([sse("text", '{"text": "Œ 潮 🌊"}'), DONE], ["text 'Œ 潮 🌊'"]),
    "escaped signs beyond ASCII": Answer([sse("text", {"text": "潮 🌊 \x00"}), DONE], ["text '潮 🌊 \\x00'"]),
    "line ends inside a text": Answer([sse("text", {"text": "a\r\nb\nc"}), DONE], ["text 'a\\r\\nb\\nc'"]),
    "fields of an event that nobody knows": Answer([sse("text", {"text": "a", "mood": [1]}), DONE], ["text 'a'"]),
    "a replacement": Answer([A, sse("replace_response", {"text": "b"}), DONE], ["text 'a'", "replace 'b'"]),
    "a replacement by nothing": Answer([A, sse("replace_response", {"text": ""}), DONE], ["text 'a'", "replace ''"]),
    "a replacement alone": Answer([sse("replace_response", {"text": "b"}), DONE], ["replace 'b'"]),
    "suggested replies": Answer(
        [A, sse("suggested_reply", {"text": "b"}), sse("suggested_reply", {"text": "c"}), DONE],
        ["text 'a'", "reply 'b'", "reply 'c'"],
    ),
    "only a suggested reply": Answer([sse("suggested_reply", {"text": "b"}), DONE], ["reply 'b'", NO_TEXT]),
    "a file": Answer([sse("file", FILE), A, DONE], ["file x.png image/png ref=None", "text 'a'"]),
    "a file to show in place": Answer(
        [sse("file", {**FILE, "inline_ref": "r1"}), A, DONE], ["file x.png image/png ref=r1", "text 'a'"]
    ),
    "a file with null for its place": Answer(
        [sse("file", {**FILE, "inline_ref": None}), A, DONE], ["file x.png image/png ref=None", "text 'a'"]
    ),
    "a file whose place is no string": Answer(
        [sse("file", {**FILE, "inline_ref": 7}), A, DONE], ["file x.png image/png ref=None", "text 'a'"]
    ),
    "only a file": Answer([sse("file", FILE), DONE], ["file x.png image/png ref=None", NO_TEXT]),
    "json": Answer([sse("json", {"b": [1, None]}), A, DONE], ['json {"b": [1, null]}', "text 'a'"]),
    "only json": Answer([sse("json", {"b": 1}), DONE], ['json {"b": 1}', NO_TEXT]),
    "json that is empty": Answer([sse("json", {}), A, DONE], ["json {}", "text 'a'"]),
    # meta
    "meta first": Answer(
        [sse("meta", {"content_type": "text/plain", "linkify": True, "suggested_replies": True}), A, DONE],
        ["meta text/plain linkify=True replies=True", "text 'a'"],
    ),
    "meta without its fields": Answer([sse("meta", {}), A, DONE], [META_DEFAULT, "text 'a'"]),
    "meta that asks for the settings": Answer(
        [sse("meta", {"refetch_settings": True}), A, DONE], [META_DEFAULT, "text 'a'"]
    ),
    "meta late": Answer([A, sse("meta", {"content_type": "text/plain"}), DONE], ["text 'a'"]),
    "meta twice": Answer([sse("meta", {}), sse("meta", {"linkify": True}), A, DONE], [META_DEFAULT, "text 'a'"]),
    "meta late and wrong": Answer([A, sse("meta", {"linkify": "yes"}), DONE], ["text 'a'"]),
    "meta whose linkify is a number": Answer(
        [sse("meta", {"linkify": 1}), A, DONE], ["told Invalid linkify value in 'meta' event", "text 'a'"]
    ),
    "meta whose linkify is null": Answer(
        [sse("meta", {"linkify": None}), A, DONE], ["told Invalid linkify value in 'meta' event", "text 'a'"]
    ),
    "meta whose suggested replies are a word": Answer(
        [sse("meta", {"suggested_replies": "no"}), A, DONE],
        ["told Invalid suggested_replies value in 'meta' event", "text 'a'"],
    ),
    "meta whose content type is a number": Answer(
        [sse("meta", {"content_type": 7}), A, DONE], ["told Invalid content_type value in 'meta' event", "text 'a'"]
    ),
    "meta with several wrong fields is told of once": Answer(
        [sse("meta", {"linkify": 1, "content_type": 7}), A, DONE],
        ["told Invalid linkify value in 'meta' event", "text 'a'"],
    ),
    "a wrong meta and no text is told of once": Answer(
        [sse("meta", {"linkify": 1}), DONE], ["told Invalid linkify value in 'meta' event"]
    ),
    # index
    "texts of several responses": Answer(
        [sse("text", {"text": "a", "index": 0}), sse("text", {"text": "b", "index": 1}), DONE],
        ["text 'a' #0", "text 'b' #1"],
    ),
    "an index on every event that has one": Answer(
        [
            sse("replace_response", {"text": "a", "index": 2}),
            sse("suggested_reply", {"text": "b", "index": 3}),
            sse("file", {**FILE, "index": 4}),
            sse("json", {"c": 1, "index": 5}),
            DONE,
        ],
        ["replace 'a' #2", "reply 'b' #3", "file x.png image/png ref=None #4", 'json {"c": 1, "index": 5} #5'],
    ),
    "an index below nought": Answer([sse("text", {"text": "a", "index": -1}), DONE], ["text 'a' #-1"]),
    "an index that is a word": Answer([sse("text", {"text": "a", "index": "1"}), DONE], ["text 'a'"]),
    "an index that is a fraction": Answer([sse("text", {"text": "a", "index": 1.5}), DONE], ["text 'a'"]),
    "an index that is null": Answer([sse("text", {"text": "a", "index": None}), DONE], ["text 'a'"]),
    "an index of meta is not kept": Answer([sse("meta", {"index": 1}), A, DONE], [META_DEFAULT, "text 'a'"]),
    # unknown events, keep-alives and ends
    "an unknown event": Answer([sse("sparkle", {"a": 1}), A, DONE], ["told Unknown event type: sparkle", "text 'a'"]),
    "an unknown event and no text is told of once": Answer(
        [sse("sparkle", {}), DONE], ["told Unknown event type: sparkle"]
    ),
    "an unknown event of great length is told of shortly": Answer(
        [sse("s" * 200, {"a": "x" * 700}), A, DONE], [f"told Unknown event type: {'s' * 97}...", "text 'a'"]
    ),
    "an event without a name": Answer(
        [b'data: {"text": "a"}\r\n\r\n', A, DONE], ["told Unknown event type: message", "text 'a'"]
    ),
    "a ping with an object": Answer([sse("ping"), A, sse("ping"), DONE], ["text 'a'"]),
    "comments": Answer([b": ping - now\r\n\r\n", A, b":\r\n\r\n", DONE], ["text 'a'"]),
    "what follows done is not read": Answer([A, DONE, B, sse("error", {"text": "late"})], ["text 'a'"]),
    "what follows done in the same bytes is not read": Answer([A + DONE + B], ["text 'a'"]),
    "no text": Answer([DONE], [NO_TEXT]),
    "no done": Answer([A, B], ["text 'a'", "text 'b'", NO_DONE]),
    "no event": Answer([], [NO_DONE]),
    "only comments": Answer([b": ping\r\n\r\n"], [NO_DONE]),
    "only meta and no done": Answer([sse("meta", {})], [META_DEFAULT, NO_DONE]),
    "no done after an unknown event is told of too": Answer(
        [sse("sparkle", {}), A], ["told Unknown event type: sparkle", "text 'a'", NO_DONE]
    ),
    # the bytes
    "LF for line ends": Answer([(A + B + DONE).replace(b"\r\n", b"\n")], ["text 'a'", "text 'b'"]),
    "CR for line ends": Answer([(A + B + DONE).replace(b"\r\n", b"\r")], ["text 'a'", "text 'b'"]),
    "id and retry lines": Answer([b"id: 7\r\nretry: 10\r\n" + A, DONE], ["text 'a'"]),
    "no space after the colon": Answer([b'event:text\r\ndata:{"text": "a"}\r\n\r\n', DONE], ["text 'a'"]),
    "data over several lines": Answer([b'event: text\r\ndata: {"text":\r\ndata:  "a"}\r\n\r\n', DONE], ["text 'a'"]),
    "data before its event": Answer([b'data: {"text": "a"}\r\nevent: text\r\n\r\n', DONE], ["text 'a'"]),
    "a byte at a time": Answer([bytes([byte]) for byte in A + B + DONE], ["text 'a'", "text 'b'"]),
    "a sign torn over two reads": Answer([TIDE[:-8], TIDE[-8:], DONE], ["text '潮'"]),
    "a line end torn over two reads": Answer([A[:-3], A[-3:-1], A[-1:], DONE[:-1], DONE[-1:]], ["text 'a'"]),
    "several events in the same bytes": Answer([A + B + A + DONE], ["text 'a'", "text 'b'", "text 'a'"]),
    "a field that nobody knows": Answer([b"mood: calm\r\n" + A, DONE], ["text 'a'"]),
    "separators of Unicode inside a text": Answer(
        [sse("text", '{"text": "a\u2028b\u2029c\u0085d"}'), DONE], ["text 'a\\u2028b\\u2029c\\x85d'"]
    ),
    "many texts": Answer([b"".join([A] * 500), DONE], ["text 'a'"] * 500),
    "a text of 200 kB": Answer([sse("text", {"text": "x" * 200_000}), DONE], [f"text '{'x' * 200_000}'"]),
}


@pytest.mark.parametrize("name", EQUAL)
async def test_an_answer_with(stage: Stage, name: str) -> None:
    scenes = [Scene(EQUAL[name].events)]
    theirs = await streamed(fastapi_poe, stage, scenes)
    ours = await streamed(fp, stage, scenes)
    assert theirs.lines == EQUAL[name].lines
    assert ours.all() == theirs.all()


class Better(NamedTuple):
    """The events of an answer, the course that fastapi_poe takes, and the better one."""

    events: Sequence[bytes]
    theirs: Sequence[str]
    ours: Sequence[str]


BETTER: dict[str, Better] = {
    "a ping that is a date is a keep-alive": Better(
        [sse("ping", "2026-11-24"), A, DONE],
        ["told Invalid JSON in 'ping' event", "BotErrorNoRetry: Invalid JSON in 'ping' event"],
        ["text 'a'"],
    ),
    "a done without data ends the answer": Better(
        [A, b"event: done\r\n\r\n"],
        ["text 'a'", "told Invalid JSON in 'done' event", "BotErrorNoRetry: Invalid JSON in 'done' event"],
        ["text 'a'"],
    ),
    "a done whose data is a word ends the answer": Better(
        [A, sse("done", "[DONE]")],
        ["text 'a'", "told Invalid JSON in 'done' event", "BotErrorNoRetry: Invalid JSON in 'done' event"],
        ["text 'a'"],
    ),
    "stored data is handed out and is no fault": Better(
        [A, sse("data", {"metadata": "page 1"}), DONE],
        ["text 'a'", "told Unknown event type: data"],
        ["text 'a'", "stored 'page 1'"],
    ),
    "stored data that is broken is passed over": Better(
        [A, sse("data", "{"), B, DONE],
        ["text 'a'", "told Invalid JSON in 'data' event", "BotErrorNoRetry: Invalid JSON in 'data' event"],
        ["text 'a'", "text 'b'"],
    ),
    "an unknown event without JSON is told of and passed over": Better(
        [sse("sparkle", "?"), A, DONE],
        ["told Invalid JSON in 'sparkle' event", "BotErrorNoRetry: Invalid JSON in 'sparkle' event"],
        ["told Unknown event type: sparkle", "text 'a'"],
    ),
    "an unknown event is told of once": Better(
        [sse("sparkle", {}), sse("sparkle", {}), A, DONE],
        ["told Unknown event type: sparkle", "told Unknown event type: sparkle", "text 'a'"],
        ["told Unknown event type: sparkle", "text 'a'"],
    ),
    "meta of a content type to come is taken": Better(
        [sse("meta", {"content_type": "text/x-log"}), A, DONE],
        ["BotError: Error communicating with bot echo"],
        ["meta text/x-log linkify=False replies=False", "text 'a'"],
    ),
    "an index that is true is no number": Better(
        [sse("text", {"text": "a", "index": True}), DONE], ["text 'a' #1"], ["text 'a'"]
    ),
    "a mark at the start of the stream is no part of it": Better(
        [b"\xef\xbb\xbf" + A, B, DONE], ["told Unknown event type: message", "text 'b'"], ["text 'a'", "text 'b'"]
    ),
    "a late meta is passed over whatever its data": Better(
        [A, sse("meta", "[]"), DONE],
        ["text 'a'", "told Expected JSON dict in 'meta' event", "BotError: Expected JSON dict in 'meta' event"],
        ["text 'a'"],
    ),
}


@pytest.mark.parametrize("name", BETTER)
async def test_better(stage: Stage, name: str) -> None:
    scenes = [Scene(BETTER[name].events)]
    theirs = await streamed(fastapi_poe, stage, scenes, num_tries=1)
    ours = await streamed(fp, stage, scenes, num_tries=1)
    assert ours.lines == BETTER[name].ours
    assert [line for line in theirs.lines if not line.startswith("failed")] == BETTER[name].theirs


async def test_a_part_keeps_the_prompt_that_led_to_it(stage: Stage) -> None:
    stage.play([says("a")])
    for library in (fp, fastapi_poe):
        asked = library.stream_request(request_of(library), "echo", "k", base_url=f"{stage.url}/")
        parts = [part async for part in asked]
        assert "How high is the tide?" in parts[0].full_prompt


async def test_the_prompt_of_a_part_holds_no_key_where_fastapi_poes_does(stage: Stage) -> None:
    stage.play([says("a")])
    held = {}
    for library in (fp, fastapi_poe):
        request = request_of(library, access_key="s3cret-s3cret")
        asked = library.stream_request(request, "echo", "k", base_url=f"{stage.url}/")
        held[library.__name__] = ["s3cret" in part.full_prompt async for part in asked]
    assert held == {"poebook": [False], "fastapi_poe": [True]}


async def test_stored_data_is_both_a_data_response_and_a_part_without_text(stage: Stage) -> None:
    stage.play([Scene([sse("data", {"metadata": "page 1"}), A, DONE])])
    parts = [part async for part in fp.stream_request(request_of(fp), "echo", "k", base_url=f"{stage.url}/")]
    assert [isinstance(part, fp.DataResponse) for part in parts] == [True, False]
    assert "".join(part.text for part in parts) == "a"
