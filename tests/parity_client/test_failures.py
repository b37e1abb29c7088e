"""What goes wrong, what is asked again, and what is raised in the end: as by fastapi_poe, or better."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import monotonic
from typing import Any, NamedTuple

import pytest

import poebook as fp
from poebook.errors import PoebookError
from tests.client.player import DONE, Scene, says, sse
from tests.parity_client.course import KEY, streamed
from tests.parity_client.stage import Part, Raw, Stage
from tests.upstream import fastapi_poe

A = sse("text", {"text": "a"})
CUT = Scene([A], cut=True)
PLAIN = [(b"content-type", b"text/plain")]
JSON = [(b"content-type", b"application/json")]
HUNG_UP = Raw(b"")
WRAPPED = "BotError: Error communicating with bot echo"
FILE = {"url": "https://a.example/x", "content_type": "image/png", "name": "x.png"}


def refused(status: int, text: str = "no", **headers: str) -> Scene:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Scene([text.encode()], status, [*PLAIN, *named])


def error(**event: Any) -> Scene:
    return Scene([sse("error", event), DONE])


class Failure(NamedTuple):
    """The scenes, the course that both libraries take through them, and what the call was given besides."""

    scenes: Sequence[Part]
    lines: Sequence[str]
    given: dict[str, Any] = {}  # noqa: RUF012


EQUAL: dict[str, Failure] = {
    # error events
    "an error event is tried again": Failure(
        [error(text="no"), says("a")], ["failed try 0", "text 'a'", "asked 2 times"]
    ),
    "an error event twice is raised as it came": Failure(
        [error(text="no", allow_retry=True)],
        ["failed try 0", "failed try 1", 'BotError: {"text": "no", "allow_retry": true}', "asked 2 times"],
    ),
    "an error event after a text is not tried again": Failure(
        [Scene([A, sse("error", {"text": "no"})])], ["text 'a'", "failed try 0", 'BotError: {"text": "no"}']
    ),
    "an error event after a meta is not tried again": Failure(
        [Scene([sse("meta", {}), sse("error", {"text": "no"})])],
        ["meta text/markdown linkify=False replies=False", "failed try 0", 'BotError: {"text": "no"}'],
    ),
    "an error event that forbids it is not tried again": Failure(
        [error(text="no", allow_retry=False)], ['BotErrorNoRetry: {"text": "no", "allow_retry": false}']
    ),
    "an error event that forbids it by nought": Failure(
        [error(allow_retry=0)], ['BotErrorNoRetry: {"allow_retry": 0}']
    ),
    "an error event that says nothing": Failure(
        [error()], ["failed try 0", "failed try 1", "BotError: {}", "asked 2 times"]
    ),
    "an error event with its type": Failure(
        [error(allow_retry=False, text=None, error_type="insufficient_fund")],
        ['BotErrorNoRetry: {"allow_retry": false, "text": null, "error_type": "insufficient_fund"}'],
    ),
    "what follows an error event is not read": Failure(
        [Scene([sse("error", {"allow_retry": False}), A, DONE])], ['BotErrorNoRetry: {"allow_retry": false}']
    ),
    # events that break the protocol
    "a text that is no JSON": Failure(
        [Scene([sse("text", "{"), DONE])],
        ["told Invalid JSON in 'text' event", "BotErrorNoRetry: Invalid JSON in 'text' event"],
    ),
    "a text without data": Failure(
        [Scene([b"event: text\r\n\r\n", DONE])],
        ["told Invalid JSON in 'text' event", "BotErrorNoRetry: Invalid JSON in 'text' event"],
    ),
    "a text that is a list is tried again": Failure(
        [Scene([sse("text", []), DONE]), says("a")],
        ["told Expected JSON dict in 'text' event", "failed try 0", "text 'a'", "asked 2 times"],
    ),
    "a text that is a word twice": Failure(
        [Scene([sse("text", '"a"'), DONE])],
        [
            *["told Expected JSON dict in 'text' event", "failed try 0"],
            *["told Expected JSON dict in 'text' event", "failed try 1"],
            *["BotError: Expected JSON dict in 'text' event", "asked 2 times"],
        ],
    ),
    "a text that is a number": Failure(
        [Scene([sse("text", {"text": 7}), DONE])],
        ["told Expected string in 'text' field for 'text' event", "BotErrorNoRetry: Expected string in 'text' event"],
    ),
    "a text that is null": Failure(
        [Scene([sse("text", {"text": None}), DONE])],
        ["told Expected string in 'text' field for 'text' event", "BotErrorNoRetry: Expected string in 'text' event"],
    ),
    "a replacement that is a number": Failure(
        [Scene([A, sse("replace_response", {"text": 7}), DONE])],
        [
            "text 'a'",
            "told Expected string in 'text' field for 'replace_response' event",
            "BotErrorNoRetry: Expected string in 'replace_response' event",
        ],
    ),
    "a suggested reply that is a list": Failure(
        [Scene([A, sse("suggested_reply", {"text": ["b"]}), DONE])],
        [
            "text 'a'",
            "told Expected string in 'text' field for 'suggested_reply' event",
            "BotErrorNoRetry: Expected string in 'suggested_reply' event",
        ],
    ),
    "a file whose URL is a number": Failure(
        [Scene([sse("file", {**FILE, "url": 7}), DONE])],
        ["told Expected string in 'url' field for 'file' event", "BotErrorNoRetry: Expected string in 'file' event"],
    ),
    "a file whose name is null": Failure(
        [Scene([sse("file", {**FILE, "name": None}), DONE])],
        ["told Expected string in 'name' field for 'file' event", "BotErrorNoRetry: Expected string in 'file' event"],
    ),
    "json that is none": Failure(
        [Scene([sse("json", "{"), DONE])],
        ["told Invalid JSON in 'json' event", "BotErrorNoRetry: Invalid JSON in 'json' event"],
    ),
    "json that is a list": Failure(
        [Scene([sse("json", []), DONE])],
        ["told Expected JSON dict in 'json' event", "failed try 0", "BotError: Expected JSON dict in 'json' event"],
        {"num_tries": 1},
    ),
    "meta that is no JSON": Failure(
        [Scene([sse("meta", "{"), A, DONE])],
        ["told Invalid JSON in 'meta' event", "BotErrorNoRetry: Invalid JSON in 'meta' event"],
    ),
    "meta that is a list is tried again": Failure(
        [Scene([sse("meta", []), A, DONE]), says("a")],
        ["told Expected JSON dict in 'meta' event", "failed try 0", "text 'a'", "asked 2 times"],
    ),
    "an error event that is no JSON": Failure(
        [Scene([sse("error", "no"), DONE])],
        ["told Invalid JSON in 'error' event", "BotErrorNoRetry: Invalid JSON in 'error' event"],
    ),
    "an error event that is a list": Failure(
        [Scene([sse("error", []), DONE]), says("a")],
        ["told Expected JSON dict in 'error' event", "failed try 0", "text 'a'", "asked 2 times"],
    ),
    "a broken text after a good one": Failure(
        [Scene([A, sse("text", "{"), DONE])],
        ["text 'a'", "told Invalid JSON in 'text' event", "BotErrorNoRetry: Invalid JSON in 'text' event"],
    ),
    # the connection
    "hung up without an answer, then an answer": Failure(
        [HUNG_UP, says("a")], ["failed try 0", "text 'a'", "asked 2 times"]
    ),
    "hung up each time": Failure([HUNG_UP], ["failed try 0", "failed try 1", WRAPPED, "asked 2 times"]),
    "an answer that is not HTTP": Failure([Raw(b"SSH-2.0\r\n\r\n")], ["failed try 0", WRAPPED], {"num_tries": 1}),
    "cut before any event, then an answer": Failure(
        [Scene([], cut=True), says("a")], ["failed try 0", "text 'a'", "asked 2 times"]
    ),
    "cut in the middle, and the text of both tries comes out": Failure(
        [CUT, says("a", "b")], ["text 'a'", "failed try 0", "text 'a'", "text 'b'", "asked 2 times"]
    ),
    "cut in the middle of each try": Failure(
        [CUT], ["text 'a'", "failed try 0", "text 'a'", "failed try 1", WRAPPED, "asked 2 times"]
    ),
    "cut in the middle of an event": Failure(
        [Scene([A, b"event: text\r\ndata: {"], cut=True), says("b")],
        ["text 'a'", "failed try 0", "text 'b'", "asked 2 times"],
    ),
    "cut in the middle, then refused": Failure(
        [CUT, refused(500), says("b")],
        ["text 'a'", "failed try 0", "failed try 1", WRAPPED, "asked 2 times"],
        {"num_tries": 3},
    ),
    "cut after done": Failure([Scene([A, DONE], cut=True)], ["text 'a'"]),
    "ended in the middle of an event": Failure(
        [Scene([A, b'event: text\r\ndata: {"text": "b"}'])],
        ["text 'a'", "told Bot exited without sending 'done' event"],
    ),
    # refusals
    **{
        f"{status} is tried again": Failure([refused(status), says("a")], ["failed try 0", "text 'a'", "asked 2 times"])
        for status in (400, 401, 402, 403, 404, 429, 500, 502, 503)
    },
    **{
        f"{status} each time": Failure([refused(status)], ["failed try 0", "failed try 1", WRAPPED, "asked 2 times"])
        for status in (401, 404, 429, 500)
    },
    "a refusal in JSON": Failure(
        [Scene([b'{"detail": "Invalid access key"}'], 401, JSON)], ["failed try 0", WRAPPED], {"num_tries": 1}
    ),
    "an answer that is no event stream": Failure(
        [Scene([b"<html>"], headers=[(b"content-type", b"text/html")]), says("a")],
        ["failed try 0", "text 'a'", "asked 2 times"],
    ),
    "an answer that is JSON": Failure([Scene([b"{}"], headers=JSON)], ["failed try 0", WRAPPED], {"num_tries": 1}),
    "an answer without a content type": Failure(
        [Scene([A, DONE], headers=[])], ["failed try 0", WRAPPED], {"num_tries": 1}
    ),
    "an event stream with its charset": Failure(
        [Scene([A, DONE], headers=[(b"content-type", b"text/event-stream; charset=utf-8")])], ["text 'a'"]
    ),
    # how many tries
    "one try": Failure([refused(500)], ["failed try 0", WRAPPED], {"num_tries": 1}),
    "five tries": Failure(
        [refused(500)], [*[f"failed try {n}" for n in range(5)], WRAPPED, "asked 5 times"], {"num_tries": 5}
    ),
    "five tries, the third of which succeeds": Failure(
        [HUNG_UP, refused(503), says("a")],
        ["failed try 0", "failed try 1", "text 'a'", "asked 3 times"],
        {"num_tries": 5},
    ),
    "no try at all": Failure([says("a")], ["asked 0 times"], {"num_tries": 0}),
    "the last failure counts": Failure(
        [refused(500), error(text="no")],
        ["failed try 0", "failed try 1", 'BotError: {"text": "no"}', "asked 2 times"],
    ),
    "a failure that forbids it ends the tries": Failure(
        [refused(500), error(allow_retry=False)],
        ["failed try 0", 'BotErrorNoRetry: {"allow_retry": false}', "asked 2 times"],
        {"num_tries": 5},
    ),
}


@pytest.mark.parametrize("name", EQUAL)
async def test_failing(stage: Stage, name: str) -> None:
    scenes, lines, given = EQUAL[name]
    theirs = await streamed(fastapi_poe, stage, scenes, **given)
    ours = await streamed(fp, stage, scenes, **given)
    assert theirs.lines == lines
    assert ours.all() == theirs.all()


class Better(NamedTuple):
    """The scenes, the course that fastapi_poe takes, and the better one."""

    scenes: Sequence[Part]
    theirs: Sequence[str]
    ours: Sequence[str]


BETTER: dict[str, Better] = {
    "a file without its URL is told of and not asked for again": Better(
        [Scene([sse("file", {"name": "x", "content_type": "y"}), DONE])],
        ["failed try 0", "failed try 1", WRAPPED, "asked 2 times"],
        ["told Expected string in 'url' field for 'file' event", "BotErrorNoRetry: Expected string in 'file' event"],
    ),
    "an event without its text is told of and not asked for again": Better(
        [Scene([sse("text", {}), DONE])],
        ["failed try 0", "failed try 1", WRAPPED, "asked 2 times"],
        ["told Expected string in 'text' field for 'text' event", "BotErrorNoRetry: Expected string in 'text' event"],
    ),
    "a refusal that calls itself an event stream is a refusal": Better(
        [Scene([A, DONE], 500), says("b")],
        ["text 'a'"],
        ["failed try 0", "text 'b'", "asked 2 times"],
    ),
    "a server that asks for an hour is not asked again": Better(
        [refused(429, retry_after="3600")],
        ["failed try 0", "failed try 1", WRAPPED, "asked 2 times"],
        ["failed try 0", "BotErrorNoRetry: Error communicating with bot echo"],
    ),
}


@pytest.mark.parametrize("name", BETTER)
async def test_better(stage: Stage, name: str) -> None:
    scenes, theirs, ours = BETTER[name]
    assert (await streamed(fastapi_poe, stage, scenes)).lines == theirs
    assert (await streamed(fp, stage, scenes)).lines == ours


WORDS: dict[str, tuple[Part, str]] = {
    "a wrong key": (refused(401, '{"detail": "Invalid access key"}'), "401 Invalid access key. The key was refused."),
    "a bot that is not there": (refused(404, "Not found"), "404 Not found. There is no such bot there."),
    "too many requests": (refused(429, "slow down"), "429 slow down. Too many requests; try again later."),
    "too few points": (refused(402, "pay"), "402 pay. The account has not enough points."),
    "a server that failed": (refused(500, "oops"), "500 oops. The bot's server failed; its log says why."),
    "a hang-up": (HUNG_UP, "The connection hung up without an answer."),
    "an hour to wait": (
        refused(503, "later", retry_after="3600"),
        "503 later. The bot's server failed; its log says why. "
        "It asks to wait for 60 minutes, so it was not asked again.",
    ),
    "a cut": (Scene([], cut=True), "The connection was cut off."),
}


@pytest.mark.parametrize("name", WORDS)
async def test_the_error_that_is_raised_in_the_end_says_why(stage: Stage, name: str) -> None:
    scene, words = WORDS[name]
    theirs = (await streamed(fastapi_poe, stage, [scene])).error
    ours = (await streamed(fp, stage, [scene])).error
    assert str(theirs) == "Error communicating with bot echo"
    assert str(ours) == f"Error communicating with bot echo: {words}"
    assert isinstance(ours, fp.BotError)
    assert ours.bot_name == "echo"
    if isinstance(scene, Scene) and scene.status != 200:
        assert (ours.status, ours.body) == (scene.status, b"".join(scene.pieces).decode())


async def test_a_refusal_keeps_the_headers_that_help(stage: Stage) -> None:
    kept = {"retry_after": "0", "x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "7"}
    ours = (await streamed(fp, stage, [refused(429, "no", **kept, x_request_id="r-1", set_cookie="a=b")])).error
    assert isinstance(ours, fp.BotError)
    assert ours.request_id == "r-1"
    assert ours.headers == {name.replace("_", "-"): value for name, value in kept.items()}


async def test_every_error_is_one_of_poebooks(stage: Stage) -> None:
    for scene in (HUNG_UP, CUT, refused(404), error(text="no"), error(allow_retry=False)):
        assert isinstance((await streamed(fp, stage, [scene])).error, PoebookError)


async def test_an_error_never_holds_the_key(stage: Stage) -> None:
    ours = (await streamed(fp, stage, [refused(401, f"no such key: {KEY}")])).error
    assert isinstance(ours, fp.BotError)
    assert KEY not in f"{ours} {ours.body} {ours.reason} {ours.headers}"


async def test_an_error_event_is_read_for_the_caller(stage: Stage) -> None:
    event = {"allow_retry": False, "text": "no", "error_type": "user_caused_error"}
    theirs = (await streamed(fastapi_poe, stage, [error(**event)])).error
    ours = (await streamed(fp, stage, [error(**event)])).error
    assert json.loads(str(theirs)) == json.loads(str(ours)) == event
    assert not hasattr(theirs, "error_type")
    assert isinstance(ours, fp.BotErrorNoRetry)
    assert (ours.event, ours.error_type, ours.allow_retry) == (event, "user_caused_error", False)


async def test_nobody_there_is_told_with_the_address(stage: Stage) -> None:
    nowhere = {"base_url": "http://127.0.0.1:9/bot/", "num_tries": 1}
    theirs = await streamed(fastapi_poe, stage, [], **nowhere)
    ours = await streamed(fp, stage, [], **nowhere)
    assert theirs.lines == ours.lines == ["failed try 0", WRAPPED, "asked 0 times"]
    assert str(theirs.error) == "Error communicating with bot echo"
    assert "Nothing answers at http://127.0.0.1:9/bot/echo." in str(ours.error)


async def test_a_short_retry_after_is_honoured_where_fastapi_poe_asks_at_once(stage: Stage) -> None:
    took = {}
    for library in (fp, fastapi_poe):
        began = monotonic()
        course = await streamed(library, stage, [refused(503, retry_after="1"), says("a")], retry_sleep_time=0)
        took[library.__name__] = monotonic() - began
        assert course.lines == ["failed try 0", "text 'a'", "asked 2 times"]
    assert took["poebook"] >= 1
