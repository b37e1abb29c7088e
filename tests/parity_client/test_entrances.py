"""The other entrances: answers in one piece, to a list of messages, and the blocking twins; in and out of a loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import httpx
import pytest

import poebook as fp
from tests.client.player import DONE, Scene, says, sse
from tests.client.test_tools import call, calls, chunk, tools
from tests.parity_client.course import Course, request_of
from tests.parity_client.stage import Part, Raw, Stage
from tests.upstream import fastapi_poe

T = TypeVar("T")

BOTH = pytest.mark.parametrize("library", [fp, fastapi_poe], ids=["poebook", "fastapi_poe"])

A = sse("text", {"text": "a"})
B = sse("text", {"text": "b"})
FILE = sse("file", {"url": "https://a.example/x", "content_type": "image/png", "name": "x.png"})


async def final(library: Any, stage: Stage, scenes: Sequence[Part], **more: Any) -> Course:
    """The course of ``get_final_response``."""
    course = Course()
    stage.play(scenes)
    given = {"base_url": f"{stage.url}/bot/", "on_error": course.on_error, "retry_sleep_time": 0, **more}
    try:
        course.lines.append(repr(await library.get_final_response(request_of(library), "echo", "k", **given)))
    except Exception as error:
        course.failed(error)
    return course.ended(stage)


class Whole(NamedTuple):
    scenes: Sequence[Part]
    lines: Sequence[str]


WHOLE: dict[str, Whole] = {
    "texts are joined": Whole([says("a", "b")], ["'ab'"]),
    "a replacement drops what was before": Whole(
        [Scene([A, sse("replace_response", {"text": "c"}), B, DONE])], ["'cb'"]
    ),
    "a replacement by nothing": Whole([Scene([A, sse("replace_response", {"text": ""}), DONE])], ["''"]),
    "meta and suggested replies are skipped": Whole(
        [Scene([sse("meta", {}), A, sse("suggested_reply", {"text": "c"}), DONE])], ["'a'"]
    ),
    "a file is empty text": Whole([Scene([FILE, DONE])], ["told Bot returned no text in response", "''"]),
    "an empty text is an answer": Whole([says("")], ["''"]),
    "json is empty text": Whole(
        [Scene([sse("json", {"a": 1}), DONE])], ["told Bot returned no text in response", "''"]
    ),
    "texts of several responses are joined": Whole(
        [Scene([sse("text", {"text": "a", "index": 1}), sse("text", {"text": "b", "index": 0}), DONE])], ["'ab'"]
    ),
    "nothing": Whole([Scene([DONE])], ["told Bot returned no text in response", "BotError: Bot echo sent no response"]),
    "only a suggested reply": Whole(
        [Scene([sse("suggested_reply", {"text": "a"}), DONE])],
        ["told Bot returned no text in response", "BotError: Bot echo sent no response"],
    ),
    "no done": Whole([Scene([A])], ["told Bot exited without sending 'done' event", "'a'"]),
    "nothing and no done": Whole(
        [Scene([])], ["told Bot exited without sending 'done' event", "BotError: Bot echo sent no response"]
    ),
    "tried again": Whole([Scene([b"no"], 500, []), says("a")], ["failed try 0", "'a'", "asked 2 times"]),
    "cut, and both tries are joined": Whole(
        [Scene([A], cut=True), says("b")], ["failed try 0", "'ab'", "asked 2 times"]
    ),
    "an error event": Whole(
        [Scene([A, sse("error", {"allow_retry": False}), DONE])], ['BotErrorNoRetry: {"allow_retry": false}']
    ),
    "hung up": Whole(
        [Raw(b"")],
        ["failed try 0", "failed try 1", "BotError: Error communicating with bot echo", "asked 2 times"],
    ),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_a_final_response_with(stage: Stage, name: str) -> None:
    theirs = await final(fastapi_poe, stage, WHOLE[name].scenes)
    ours = await final(fp, stage, WHOLE[name].scenes)
    assert theirs.lines == WHOLE[name].lines
    assert ours.all() == theirs.all()


async def test_a_final_response_leaves_stored_data_out(stage: Stage) -> None:
    scenes = [Scene([A, sse("data", {"metadata": "m"}), DONE])]
    assert (await final(fastapi_poe, stage, scenes)).lines == ["told Unknown event type: data", "'a'"]
    assert (await final(fp, stage, scenes)).lines == ["'a'"]


@BOTH
async def test_a_final_response_takes_a_lent_session_tries_and_the_old_key(stage: Stage, library: Any) -> None:
    async with httpx.AsyncClient(headers={"X-Lent": "yes"}) as session:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            course = await final(
                library, stage, [Scene([b"no"], 500, []), says("a")], session=session, num_tries=3, access_key="old"
            )
        assert not session.is_closed
    assert course.lines == ["failed try 0", "'a'", "asked 2 times"]
    assert [sent.headers["x-lent"] for sent in course.sent] == ["yes", "yes"]
    assert [warning.category for warning in caught if "access_key" in str(warning.message)] == [DeprecationWarning]


# get_bot_response and its blocking twin


def messages(library: Any) -> list[Any]:
    return [
        library.ProtocolMessage(role="system", content="Be brief."),
        library.ProtocolMessage(role="user", content="?"),
    ]


SAID: dict[str, dict[str, Any]] = {
    "nothing besides": {},
    "a temperature": {"temperature": 0.5},
    "a temperature of nought": {"temperature": 0},
    "no system prompt": {"skip_system_prompt": True},
    "the name of the asking bot": {"adopt_current_bot_name": True},
    "a bias": {"logit_bias": {"7": -100}},
    "a bias that is empty": {"logit_bias": {}},
    "stop sequences": {"stop_sequences": ["\n", "END"]},
    "everything": {
        "temperature": 1.0,
        "skip_system_prompt": False,
        "adopt_current_bot_name": False,
        "logit_bias": {"7": 1},
        "stop_sequences": [],
    },
}


def without_a_loop(function: Callable[[], T]) -> T:
    """Run it in a thread of its own: fastapi_poe sets loops there that a test runner must not lose its own by."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def answered(library: Any, stage: Stage, scenes: Sequence[Part], **said: Any) -> Course:
    """The course of ``get_bot_response_sync``."""
    return without_a_loop(lambda: _answered(library, stage, scenes, **said))


def _answered(library: Any, stage: Stage, scenes: Sequence[Part], **said: Any) -> Course:
    course = Course()
    stage.play(scenes)
    given = {"base_url": f"{stage.url}/bot/", **said}
    try:
        for part in library.get_bot_response_sync(messages(library), "echo", "k", **given):
            course.add(part)
    except Exception as error:
        course.failed(error)
    return course.ended(stage)


@pytest.mark.parametrize("name", SAID)
async def test_a_bot_is_asked_with(stage: Stage, name: str) -> None:
    bodies = []
    for library in (fp, fastapi_poe):
        stage.play([says("a", "b")])
        asked = library.get_bot_response(
            messages(library), "echo", api_key="k", base_url=f"{stage.url}/bot/", **SAID[name]
        )
        assert [part.text async for part in asked] == ["a", "b"]
        [sent] = stage.asked
        assert (sent.path, sent.headers["authorization"]) == ("/bot/echo", "Bearer k")
        bodies.append({key: value for key, value in sent.json.items() if key not in ("access_key", "api_key")})
    assert bodies[0] == bodies[1]


async def test_a_bot_is_asked_with_functions(stage: Stage) -> None:
    async def now() -> str:
        return "noon"

    sent = []
    for library in (fp, fastapi_poe):
        stage.play([Scene([calls(call("now", "{}")), chunk({}, "tool_calls"), DONE]), says("a")])
        asked = library.get_bot_response(
            messages(library), "echo", "k", tools=tools(library), tool_executables=[now], base_url=f"{stage.url}/"
        )
        assert [part.text async for part in asked] == ["a"]
        sent.append([(one.json["tools"], one.json["tool_calls"], one.json["tool_results"]) for one in stage.asked])
    assert sent[0] == sent[1]


async def test_a_bot_is_asked_only_when_its_answer_is_read(stage: Stage) -> None:
    for library in (fp, fastapi_poe):
        stage.play([says("a")])
        asked = library.get_bot_response(messages(library), "echo", "k", base_url=f"{stage.url}/")
        assert stage.asked == []
        assert (await anext(asked)).text == "a"
        assert len(stage.asked) == 1
        await asked.aclose()


@pytest.mark.parametrize("name", SAID)
def test_a_bot_is_asked_without_a_loop_with(stage: Stage, name: str) -> None:
    theirs = answered(fastapi_poe, stage, [says("a", "b")], **SAID[name])
    ours = answered(fp, stage, [says("a", "b")], **SAID[name])
    assert theirs.lines == ["text 'a'", "text 'b'"]
    assert ours.all() == theirs.all()


SYNC: dict[str, Whole] = {
    "texts, a replacement and a reply": Whole(
        [Scene([A, sse("replace_response", {"text": "b"}), sse("suggested_reply", {"text": "c"}), DONE])],
        ["text 'a'", "replace 'b'", "reply 'c'"],
    ),
    "a file": Whole([Scene([FILE, A, DONE])], ["file x.png image/png ref=None", "text 'a'"]),
    "an error event": Whole(
        [Scene([A, sse("error", {"allow_retry": False})])], ["text 'a'", 'BotErrorNoRetry: {"allow_retry": false}']
    ),
    "a broken event": Whole(
        [Scene([A, sse("text", {"text": 1})])], ["text 'a'", "BotErrorNoRetry: Expected string in 'text' event"]
    ),
}


@pytest.mark.parametrize("name", SYNC)
def test_without_a_loop(stage: Stage, name: str) -> None:
    theirs = answered(fastapi_poe, stage, SYNC[name].scenes)
    ours = answered(fp, stage, SYNC[name].scenes)
    assert theirs.lines == SYNC[name].lines
    assert ours.all() == theirs.all()


def test_without_a_loop_functions_are_run(stage: Stage) -> None:
    async def now() -> str:
        return "noon"

    def weather(city: str) -> str:
        return f"{city}: fine"

    first = [
        calls(call("now", "{}"), call("weather", '{"city": "Lisbon"}', 1, "call-2")),
        chunk({}, "tool_calls"),
        DONE,
    ]
    courses = [
        answered(library, stage, [Scene(first), says("a")], tools=tools(library), tool_executables=[now, weather])
        for library in (fp, fastapi_poe)
    ]
    assert [course.lines for course in courses] == [["text 'a'", "asked 2 times"]] * 2
    ours, theirs = (course.sent[1].json["tool_results"] for course in courses)
    assert ours == theirs


@BOTH
def test_without_a_loop_an_answer_comes_as_it_is_made(stage: Stage, library: Any) -> None:
    stage.play([Scene([A], hold=True)])

    def ask() -> tuple[str, bool]:
        asked = library.get_bot_response_sync(messages(library), "echo", "k", base_url=f"{stage.url}/")
        text, left = next(asked).text, stage.left.is_set()
        asked.close()
        return text, left

    assert without_a_loop(ask) == ("a", False)
    assert stage.left.wait(5)


async def test_inside_a_running_loop_the_blocking_twin_works_where_fastapi_poe_cannot(stage: Stage) -> None:
    stage.play([says("a", "b")])
    asked = fp.get_bot_response_sync(messages(fp), "echo", "k", base_url=f"{stage.url}/")
    assert [part.text for part in asked] == ["a", "b"]


def test_inside_a_running_loop_fastapi_poe_raises(stage: Stage) -> None:
    stage.play([says("a")])
    made: list[asyncio.AbstractEventLoop] = []
    new_event_loop = asyncio.new_event_loop

    def kept() -> asyncio.AbstractEventLoop:
        made.append(new_event_loop())
        return made[-1]

    async def ask() -> None:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
            warnings.simplefilter("ignore")  # coroutines that it never awaits
            patch.setattr(asyncio, "new_event_loop", kept)
            asked = fastapi_poe.get_bot_response_sync(messages(fastapi_poe), "echo", "k", base_url=f"{stage.url}/")
            with pytest.raises(RuntimeError, match="another loop is running"):
                next(asked)
            gc.collect()

    without_a_loop(lambda: asyncio.run(ask()))
    for loop in made:
        loop.close()  # it leaves its own open


# run_sync


async def _doubled(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def _failing() -> int:
    raise LookupError("of the coroutine")


@BOTH
def test_run_sync_outside_a_loop(library: Any) -> None:
    run_sync = library.sync_utils.run_sync
    assert without_a_loop(lambda: run_sync(_doubled(21))) == 42
    assert without_a_loop(lambda: run_sync(_doubled(21), session=object())) == 42
    with pytest.raises(LookupError, match="of the coroutine"):
        without_a_loop(lambda: run_sync(_failing()))


@BOTH
async def test_run_sync_inside_a_loop_runs_in_another_thread(library: Any) -> None:
    async def thread() -> threading.Thread:
        return threading.current_thread()

    assert library.sync_utils.run_sync(_doubled(21)) == 42
    assert library.sync_utils.run_sync(thread()) is not threading.current_thread()
    with pytest.raises(LookupError, match="of the coroutine"):
        library.sync_utils.run_sync(_failing())


@BOTH
async def test_run_sync_inside_a_loop_takes_no_session(library: Any) -> None:
    coroutine = _doubled(21)
    with pytest.raises(ValueError, match="session"):
        library.sync_utils.run_sync(coroutine, session=object())
    coroutine.close()


@BOTH
async def test_run_sync_takes_an_executor(library: Any) -> None:
    made: list[concurrent.futures.Executor] = []

    def factory() -> concurrent.futures.Executor:
        made.append(concurrent.futures.ThreadPoolExecutor(1))
        return made[-1]

    assert library.sync_utils.run_sync(_doubled(21), _executor_factory=factory) == 42
    assert len(made) == 1
    made[0].shutdown()
