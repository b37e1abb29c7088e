"""Function calling: what is handed out, what is run, what is sent the second time; as by fastapi_poe, or better."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest

import poebook as fp
from tests.client.player import DONE, Scene, says, sse
from tests.client.test_tools import call, calls, chunk, tools
from tests.parity_client.course import Course, request_of, streamed
from tests.parity_client.stage import Part, Stage
from tests.upstream import fastapi_poe

Executables = Sequence[Callable[..., Any]] | None


def weather(city: str, unit: str = "C") -> dict[str, str]:
    return {"city": city, "unit": unit}


async def now() -> str:
    return "noon"


def more(arguments: str, index: int = 0) -> dict[str, object]:
    """A later piece of a call, which has no name."""
    return {"index": index, "function": {"arguments": arguments}}


LISBON = calls(call("weather", '{"city": "Lisbon"}'))
NOON = calls(call("now", "{}", 1, "call-2"))
STOP = chunk({}, "tool_calls")
FINE = says("Fine.")


class Talk(NamedTuple):
    """The first answer, the functions, the course, and the results that are sent in a second query, if there is one."""

    events: Sequence[bytes]
    executables: Executables
    lines: Sequence[str]
    results: Sequence[tuple[str, Any]] | None = None


BOTH: list[Callable[..., Any]] = [weather, now]
ONE_MORE = ["text 'Fine.'", "asked 2 times"]

EQUAL: dict[str, Talk] = {
    # run
    "a call is run and its result sent": Talk(
        [LISBON, STOP, DONE], BOTH, ONE_MORE, [("call-1", {"city": "Lisbon", "unit": "C"})]
    ),
    "a coroutine function is awaited": Talk([NOON, STOP, DONE], BOTH, ONE_MORE, [("call-2", "noon")]),
    "several calls are run in their order": Talk(
        [LISBON, NOON, STOP, DONE],
        BOTH,
        ONE_MORE,
        [("call-1", {"city": "Lisbon", "unit": "C"}), ("call-2", "noon")],
    ),
    "several calls in one chunk": Talk(
        [calls(call("now", "{}"), call("weather", '{"city": "Porto"}', 1, "call-2")), STOP, DONE],
        BOTH,
        ONE_MORE,
        [("call-1", "noon"), ("call-2", {"city": "Porto", "unit": "C"})],
    ),
    "one function called twice": Talk(
        [calls(call("weather", '{"city": "A"}')), calls(call("weather", '{"city": "B"}', 1, "call-2")), STOP, DONE],
        BOTH,
        ONE_MORE,
        [("call-1", {"city": "A", "unit": "C"}), ("call-2", {"city": "B", "unit": "C"})],
    ),
    "arguments in pieces are put together": Talk(
        [calls(call("weather", "")), calls(more('{"ci')), calls(more('ty": "Lis')), calls(more('bon"}')), STOP, DONE],
        BOTH,
        ONE_MORE,
        [("call-1", {"city": "Lisbon", "unit": "C"})],
    ),
    "pieces of several calls in turn": Talk(
        [
            calls(call("weather", '{"city"'), call("weather", '{"city"', 1, "call-2")),
            calls(more(': "A"}'), more(': "B", "unit": "F"}', 1)),
            STOP,
            DONE,
        ],
        BOTH,
        ONE_MORE,
        [("call-1", {"city": "A", "unit": "C"}), ("call-2", {"city": "B", "unit": "F"})],
    ),
    "a piece without its index belongs to the first call": Talk(
        [calls(call("weather", '{"city": ')), calls({"function": {"arguments": '"A"}'}}), STOP, DONE],
        BOTH,
        ONE_MORE,
        [("call-1", {"city": "A", "unit": "C"})],
    ),
    "indexes that do not begin at nought": Talk(
        [calls(call("now", "{}", 7, "call-7")), STOP, DONE], BOTH, ONE_MORE, [("call-7", "noon")]
    ),
    "a call whose first piece has no name is dropped": Talk(
        [calls(call(None, "{}")), NOON, STOP, DONE], BOTH, ONE_MORE, [("call-2", "noon")]
    ),
    "a call whose first piece has no id is dropped": Talk(
        [calls(call("now", "{}", id=None)), calls(more("{}")), STOP, DONE], BOTH, []
    ),
    "a call without its end mark is run all the same": Talk([NOON, DONE], BOTH, ONE_MORE, [("call-2", "noon")]),
    "an answer without done": Talk(
        [NOON, STOP],
        BOTH,
        ["told Bot exited without sending 'done' event", *ONE_MORE],
        [("call-2", "noon")],
    ),
    "calls after the chunk that says why it ended": Talk([STOP, NOON, DONE], BOTH, ONE_MORE, [("call-2", "noon")]),
    "a chunk with a finish reason is skipped whole": Talk(
        [chunk({"tool_calls": [call("now", "{}")], "content": "lost"}, "stop"), DONE], BOTH, []
    ),
    # no call
    "text instead of calls": Talk(
        [chunk({"role": "assistant", "content": ""}), chunk({"content": "a"}), chunk({"content": "b"}), STOP, DONE],
        BOTH,
        ["text ''", "text 'a'", "text 'b'"],
    ),
    "text instead of calls keeps its index": Talk([chunk({"content": "a"}, index=3), DONE], BOTH, ["text 'a' #3"]),
    "text, then calls": Talk(
        [chunk({"content": "Let me see."}), NOON, STOP, DONE],
        BOTH,
        ["text 'Let me see.'", *ONE_MORE],
        [("call-2", "noon")],
    ),
    "ordinary text events": Talk([*says("a", "b").pieces], BOTH, ["text 'a'", "text 'b'"]),
    "ordinary text events and calls": Talk(
        [*says("a").pieces[:-1], NOON, STOP, DONE], BOTH, ["text 'a'", *ONE_MORE], [("call-2", "noon")]
    ),
    "other events go through": Talk(
        [sse("meta", {}), sse("suggested_reply", {"text": "b"}), sse("replace_response", {"text": "c"}), DONE],
        BOTH,
        ["meta text/markdown linkify=False replies=False", "reply 'b'", "replace 'c'"],
    ),
    "nothing said and nothing called is no fault": Talk([DONE], BOTH, []),
    "nothing said without functions is no fault": Talk([DONE], None, []),
    "a delta that is empty": Talk([chunk({}), chunk({"role": "assistant"}), DONE], BOTH, []),
    "a chunk without choices is handed out raw": Talk(
        [sse("json", {"usage": 7}), *says("a").pieces], BOTH, ['json {"usage": 7}', "text 'a'"]
    ),
    "a chunk with empty choices is handed out raw": Talk(
        [sse("json", {"choices": []}), *says("a").pieces], BOTH, ['json {"choices": []}', "text 'a'"]
    ),
    # handed out
    "without functions the pieces are handed out": Talk(
        [calls(call("weather", "")), calls(more('{"city": "A"}')), STOP, DONE],
        None,
        ["calls 0:weather()", 'calls 0:({"city": "A"})'],
    ),
    "several pieces in one chunk are handed out together": Talk(
        [calls(call("now", "{}"), call("weather", "", 1, "call-2")), DONE],
        None,
        ["calls 0:now({}) 1:weather()"],
    ),
    "pieces keep the index of the response": Talk(
        [chunk({"tool_calls": [call("now", "{}")]}, index=4), DONE], None, ["calls 0:now({}) #4"]
    ),
    "without functions text comes as it is": Talk([chunk({"content": "a"}), DONE], None, ["text 'a'"]),
    "no functions at all swallow the calls": Talk([LISBON, NOON, STOP, DONE], [], []),
    "no functions at all let text through": Talk([chunk({"content": "a"}), NOON, DONE], [], ["text 'a'"]),
}


async def talked(library: Any, stage: Stage, scenes: Sequence[Part], executables: Executables, **given: Any) -> Course:
    return await streamed(library, stage, scenes, tools=tools(library), tool_executables=executables, **given)


def results_of(course: Course) -> list[tuple[str, Any]] | None:
    if len(course.sent) < 2:
        return None
    return [(result["tool_call_id"], json.loads(result["content"])) for result in course.sent[-1].json["tool_results"]]


@pytest.mark.parametrize("name", EQUAL)
async def test_calling(stage: Stage, name: str) -> None:
    events, executables, lines, results = EQUAL[name]
    theirs = await talked(fastapi_poe, stage, [Scene(events), FINE], executables)
    ours = await talked(fp, stage, [Scene(events), FINE], executables)
    assert theirs.lines == lines
    assert results_of(theirs) == results
    assert ours.all() == theirs.all()


SECOND: dict[str, tuple[Sequence[Part], Sequence[str]]] = {
    "chunks of the second answer are handed out as they are": (
        [Scene([chunk({"content": "a"}), DONE])],
        ['json {"choices": [{"delta": {"content": "a"}, "finish_reason": null}]}', "asked 2 times"],
    ),
    "calls of the second answer are not run": (
        [Scene([NOON, DONE])],
        [f"json {NOON.decode().split('data: ')[1].strip()}", "asked 2 times"],
    ),
    "a second answer without text is no fault": ([Scene([DONE])], ["asked 2 times"]),
    "the second query is tried again": (
        [Scene([b"no"], 500, []), says("a")],
        ["failed try 0", "text 'a'", "asked 3 times"],
    ),
    "an error of the second answer is raised": (
        [Scene([sse("error", {"allow_retry": False})])],
        ['BotErrorNoRetry: {"allow_retry": false}', "asked 2 times"],
    ),
}


@pytest.mark.parametrize("name", SECOND)
async def test_after_the_functions_were_run(stage: Stage, name: str) -> None:
    scenes, lines = SECOND[name]
    theirs = await talked(fastapi_poe, stage, [Scene([NOON, STOP, DONE]), *scenes], BOTH)
    ours = await talked(fp, stage, [Scene([NOON, STOP, DONE]), *scenes], BOTH)
    assert theirs.lines == lines
    assert ours.all() == theirs.all()


async def test_the_first_query_is_tried_again_and_calls_of_both_tries_come_out(stage: Stage) -> None:
    scenes = [Scene([b"no"], 500, []), Scene([NOON, STOP, DONE]), FINE]
    theirs = await talked(fastapi_poe, stage, scenes, BOTH)
    ours = await talked(fp, stage, scenes, BOTH)
    assert theirs.lines == ["failed try 0", "text 'Fine.'", "asked 3 times"]
    assert ours.all() == theirs.all()


@pytest.mark.parametrize("library", [fp, fastapi_poe], ids=["poebook", "fastapi_poe"])
async def test_what_a_function_raises_escapes(stage: Stage, library: Any) -> None:
    def now() -> None:
        raise ZeroDivisionError("of the function")

    course = await talked(library, stage, [Scene([NOON, STOP, DONE]), FINE], [now])
    assert course.lines == ["ZeroDivisionError: of the function"]


@pytest.mark.parametrize("library", [fp, fastapi_poe], ids=["poebook", "fastapi_poe"])
async def test_arguments_that_a_function_does_not_know_are_a_type_error(stage: Stage, library: Any) -> None:
    events = [calls(call("weather", '{"town": "A"}')), DONE]
    course = await talked(library, stage, [Scene(events), FINE], BOTH)
    assert isinstance(course.error, TypeError)


@pytest.mark.parametrize("library", [fp, fastapi_poe], ids=["poebook", "fastapi_poe"])
async def test_a_method_is_found_by_its_name(stage: Stage, library: Any) -> None:
    class Clock:
        def now(self) -> str:
            return "midnight"

    course = await talked(library, stage, [Scene([NOON, DONE]), FINE], [Clock().now])
    assert results_of(course) == [("call-2", "midnight")]


async def test_stream_request_base_sends_calls_and_results_of_the_caller(stage: Stage) -> None:
    sent = []
    for library in (fp, fastapi_poe):
        stage.play([Scene([chunk({"content": "a"}), DONE])])
        call_made = {"id": "call-1", "type": "function", "function": {"name": "now", "arguments": "{}"}}
        result = {"role": "tool", "name": "now", "tool_call_id": "call-1", "content": '"noon"'}
        asked = library.client.stream_request_base(
            request_of(library),
            "echo",
            "k",
            tools=tools(library),
            tool_calls=[library.ToolCallDefinition(**call_made)],
            tool_results=[library.ToolResultDefinition(**result)],
            base_url=f"{stage.url}/",
        )
        assert [part.data is not None async for part in asked] == [True]
        body = stage.asked[0].json
        sent.append({name: body[name] for name in ("tools", "tool_calls", "tool_results")})
        assert stage.reports == []
    assert sent[0] == sent[1]


class Better(NamedTuple):
    """The first answer, the functions, what fastapi_poe fails with, and the better course with its results."""

    events: Sequence[bytes]
    executables: Executables
    theirs: str
    lines: Sequence[str]
    results: Sequence[tuple[str, Any]] | None = None


class Called:
    def __call__(self, city: str) -> str:
        return f"{city} is called"


BETTER: dict[str, Better] = {
    "calls that are null are as if absent": Better(
        [chunk({"content": "a", "tool_calls": None}), DONE], BOTH, "TypeError", ["text 'a'"]
    ),
    "text that is null is as if absent": Better(
        [chunk({"content": None}), chunk({"content": "a"}), DONE], BOTH, "ValidationError", ["text 'a'"]
    ),
    "a missing delta": Better(
        [sse("json", {"choices": [{"finish_reason": None}]}), chunk({"content": "a"}), DONE],
        BOTH,
        "KeyError",
        ["text 'a'"],
    ),
    "a missing finish reason": Better(
        [sse("json", {"choices": [{"delta": {"content": "a"}}]}), DONE], BOTH, "KeyError", ["text 'a'"]
    ),
    "arguments that are null": Better(
        [calls(call("now", None)), DONE], BOTH, "ValidationError", ONE_MORE, [("call-1", "noon")]
    ),
    "arguments that are empty": Better(
        [calls(call("now", "")), DONE], BOTH, "JSONDecodeError", ONE_MORE, [("call-1", "noon")]
    ),
    "an unknown function": Better(
        [calls(call("storm", "{}")), DONE],
        BOTH,
        "KeyError",
        ["BotErrorNoRetry: echo called the tool storm; known are: weather, now."],
    ),
    "a partial": Better(
        [LISBON, DONE],
        [functools.partial(weather, unit="F")],
        "AttributeError",
        ONE_MORE,
        [("call-1", {"city": "Lisbon", "unit": "F"})],
    ),
    "an object that can be called": Better(
        [LISBON, DONE], [Called()], "AttributeError", ONE_MORE, [("call-1", "Lisbon is called")]
    ),
}


@pytest.mark.parametrize("name", BETTER)
async def test_better(stage: Stage, name: str) -> None:
    events, executables, fails, lines, results = BETTER[name]
    theirs = await talked(fastapi_poe, stage, [Scene(events), FINE], executables)
    assert type(theirs.error).__name__ == fails
    ours = await talked(fp, stage, [Scene(events), FINE], executables)
    assert ours.lines == lines
    assert results_of(ours) == results


async def test_text_beside_calls_in_one_chunk_is_not_lost(stage: Stage) -> None:
    events = [chunk({"content": "See.", "tool_calls": [call("now", "{}")]}), STOP, DONE]
    assert (await talked(fastapi_poe, stage, [Scene(events), FINE], BOTH)).lines == ONE_MORE
    assert (await talked(fp, stage, [Scene(events), FINE], BOTH)).lines == ["text 'See.'", *ONE_MORE]
