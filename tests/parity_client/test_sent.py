"""What goes over the wire: paths, headers, fields of the query, reports; as by fastapi_poe, or better."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import poebook as fp
from tests.client.player import DONE, Scene, says, sse, until
from tests.client.test_tools import tools
from tests.parity_client.course import Course, request_of, streamed
from tests.parity_client.stage import Stage
from tests.upstream import fastapi_poe

BOTH = pytest.mark.parametrize("library", [fp, fastapi_poe], ids=["poebook", "fastapi_poe"])


def rich(library: Any) -> Any:
    """A request that has all its fields."""
    messages = [
        library.ProtocolMessage(
            role="user",
            content="Look.",
            content_type="text/plain",
            timestamp=7,
            message_id="m-0",
            sender=library.Sender(id="u-1", name="Ines"),
            sender_id="u-1",
            parameters={"depth": 2, "deep": {"a": [None]}},
            feedback=[library.MessageFeedback(type="like", reason=None)],
            attachments=[library.Attachment(url="https://a.example/x", content_type="image/png", name="x.png")],
            metadata="stored",
            reactions=[library.MessageReaction(user_id="u-2", reaction="heart")],
            referenced_message=library.ProtocolMessage(role="bot", content="Before."),
        ),
        library.ProtocolMessage(role="bot", content="[]", message_type="function_call"),
        library.ProtocolMessage(role="tool", content="[]"),
        library.ProtocolMessage(role="system", content="潮 🌊 \x00"),
    ]
    return library.QueryRequest(
        version="1.2",
        type="query",
        query=messages,
        user_id="u-1",
        conversation_id="c-1",
        message_id="m-1",
        metadata="d-1",
        temperature=0.3,
        skip_system_prompt=True,
        logit_bias={"7": -100, "8": 1.5},
        stop_sequences=["\n"],
        language_code="pt-PT",
        adopt_current_bot_name=True,
        bot_query_id="q-1",
        users=[library.User(id="u-1", name="Ines")],
        tools=tools(library),
        query_creation_time=1_700_000_000_000_000,
        extra_params={"a": [1, None, {"b": 2.5}]},
    )


def partial_parts(library: Any) -> Any:
    """A request with messages only."""
    return library.QueryRequest(version="1.2", type="query", query=[], user_id="", conversation_id="", message_id="")


REQUESTS: dict[str, Callable[[Any], Any]] = {
    "one message": request_of,
    "no message": partial_parts,
    "every field": rich,
    "a temperature of nought": lambda library: request_of(library, temperature=0),
    "a system prompt that is skipped": lambda library: request_of(library, skip_system_prompt=True),
    "a key of its own": lambda library: request_of(library, access_key="a" * 32, api_key="b" * 32),
    "ids that are none": lambda library: request_of(library, bot_query_id="x", metadata="?"),
    "a text of 500 kB": lambda library: request_of(library, extra_params={"long": "潮" * 170_000}),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_query_with(stage: Stage, name: str) -> None:
    theirs = await streamed(fastapi_poe, stage, [says("a")], request=REQUESTS[name](fastapi_poe))
    ours = await streamed(fp, stage, [says("a")], request=REQUESTS[name](fp))
    assert theirs.lines == ["text 'a'"]
    assert ours.all() == theirs.all()


GIVEN: dict[str, dict[str, Any]] = {
    "another bot": {"bot_name": "Orrery"},
    "a bot below another path": {"bot_name": "tides/Orrery"},
    "extra headers": {"extra_headers": {"X-Trace": "7", "x-more": "8"}},
    "an extra header that overrides the key": {"extra_headers": {"Authorization": "Basic x"}},
    "an extra header that does not override what is accepted": {"extra_headers": {"Accept": "text/html"}},
    "an extra header that overrides the content type": {"extra_headers": {"Content-Type": "text/x-json"}},
    "a key with odd signs": {"api_key": "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"},
}


@pytest.mark.parametrize("name", GIVEN)
async def test_a_call_with(stage: Stage, name: str) -> None:
    theirs = await streamed(fastapi_poe, stage, [says("a")], **GIVEN[name])
    ours = await streamed(fp, stage, [says("a")], **GIVEN[name])
    assert theirs.lines == ["text 'a'"]
    assert ours.all() == theirs.all()


async def test_the_base_url_is_set_before_the_name_as_it_is(stage: Stage) -> None:
    for base, path in (("/", "/echo"), ("/a/b/", "/a/b/echo"), ("/a?bot=", "/a?bot=echo"), ("/bot-", "/bot-echo")):
        for library in (fp, fastapi_poe):
            course = await streamed(library, stage, [says("a")], base_url=f"{stage.url}{base}")
            assert [sent.path for sent in course.sent] == [path]


async def test_a_name_with_a_blank_is_escaped(stage: Stage) -> None:
    paths = {(await streamed(lib, stage, [says("a")], bot_name="Web Search")).sent[0].path for lib in (fp, fastapi_poe)}
    assert paths == {"/bot/Web%20Search"}


async def test_tools_of_the_call_take_the_place_of_the_requests(stage: Stage) -> None:
    bodies = []
    for library in (fp, fastapi_poe):
        request = request_of(library, tools=tools(library, "storm"))
        course = await streamed(library, stage, [says("a")], request=request, tools=tools(library, "now"))
        bodies.append(course.sent[0].json["tools"])
        assert [tool["function"]["name"] for tool in bodies[-1]] == ["now"]
    assert bodies[0] == bodies[1]


@BOTH
async def test_the_request_is_left_as_it_was(stage: Stage, library: Any) -> None:
    request = rich(library)
    before = request.model_dump()
    await streamed(library, stage, [says("a")], request=request, tools=tools(library, "now"))
    assert request.model_dump() == before


async def test_the_keys_of_the_request_are_sent_by_fastapi_poe_only(stage: Stage) -> None:
    keys = {"access_key": "a" * 32, "api_key": "b" * 32}
    theirs = await streamed(fastapi_poe, stage, [says("a")], request=request_of(fastapi_poe, **keys))
    ours = await streamed(fp, stage, [says("a")], request=request_of(fp, **keys))
    assert keys.items() <= theirs.sent[0].json.items()
    assert not keys.keys() & ours.sent[0].json.keys()


@BOTH
async def test_each_try_sends_the_same(stage: Stage, library: Any) -> None:
    course = await streamed(library, stage, [Scene([b"no"], 500, []), says("a")])
    first, second = ((sent.path, sent.body, sent.headers.get("authorization")) for sent in course.sent)
    assert first == second


@BOTH
async def test_a_report_goes_to_the_same_address_with_the_same_headers(stage: Stage, library: Any) -> None:
    answer = [Scene([sse("sparkle", {"a": 1}), DONE])]
    course = await streamed(library, stage, answer, extra_headers={"X-Trace": "7"})
    [report] = course.reports
    assert (report.method, report.path) == ("POST", "/bot/echo")
    assert report.headers["authorization"] == course.sent[0].headers["authorization"]
    assert report.headers["accept"] == "application/json"
    assert report.headers["x-trace"] == "7"
    assert report.json == {
        "version": "1.2",
        "type": "report_error",
        "message": "Unknown event type: sparkle",
        "metadata": {"event_data": '{"a": 1}', "message_id": "m-1"},
    }


async def test_a_report_that_finds_nobody_costs_the_answer_nothing(stage: Stage) -> None:
    """fastapi_poe takes the failure of its report for one of the answer, and asks again."""

    def hanging_up(request: httpx.Request) -> httpx.Response:
        if b"report_error" in request.content:
            raise httpx.ConnectError("gone")
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=sse("sparkle", {}) + DONE)

    def session() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(hanging_up))

    async with session() as lent:
        theirs = await streamed(fastapi_poe, stage, [], session=lent)
    async with session() as lent:
        ours = await streamed(fp, stage, [], session=lent)
    assert theirs.lines[-2:] == ["BotError: Error communicating with bot echo", "asked 0 times"]
    assert ours.lines == ["told Unknown event type: sparkle", "asked 0 times"]


@BOTH
async def test_a_lent_session_is_used_and_stays_open(stage: Stage, library: Any) -> None:
    async with httpx.AsyncClient(headers={"X-Lent": "yes"}) as session:
        for _ in range(2):
            course = await streamed(library, stage, [says("a")], session=session)
            assert course.sent[0].headers["x-lent"] == "yes"
        assert not session.is_closed


async def test_several_calls_share_a_connection_where_fastapi_poe_makes_new_ones(stage: Stage) -> None:
    peers: dict[str, set[int]] = {"poebook": set(), "fastapi_poe": set()}
    for library in (fp, fastapi_poe):
        for _ in range(3):
            peers[library.__name__].add((await streamed(library, stage, [says("a")])).sent[0].peer)
    assert (len(peers["poebook"]), len(peers["fastapi_poe"])) == (1, 3)


async def test_without_a_key_there_is_no_header_where_fastapi_poe_cannot_ask(stage: Stage) -> None:
    theirs = await streamed(fastapi_poe, stage, [says("a")], api_key="")
    assert theirs.lines[-2:] == ["BotError: Error communicating with bot echo", "asked 0 times"]
    ours = await streamed(fp, stage, [says("a")], api_key="")
    assert ours.lines == ["text 'a'"]
    assert "authorization" not in ours.sent[0].headers
    refused = await streamed(fp, stage, [Scene([b"{}"], 401, [])], api_key="")
    assert "No key was given, and the bot wants one." in str(refused.error)


async def test_blanks_around_a_key_do_no_harm_where_fastapi_poe_cannot_ask(stage: Stage) -> None:
    assert (await streamed(fastapi_poe, stage, [says("a")], api_key="k ")).lines[-1] == "asked 0 times"
    ours = await streamed(fp, stage, [says("a")], api_key=" k\n")
    assert ours.sent[0].headers["authorization"] == "Bearer k"


@BOTH
async def test_extra_headers_may_bring_the_key(stage: Stage, library: Any) -> None:
    course = await streamed(library, stage, [says("a")], api_key="", extra_headers={"Authorization": "Bearer b"})
    assert course.sent[0].headers["authorization"] == "Bearer b"


@BOTH
async def test_a_redirect_is_not_followed_with_the_key(stage: Stage, library: Any) -> None:
    there = Scene([], 307, [(b"location", b"http://127.0.0.1:9/bot/echo")])
    course = await streamed(library, stage, [there], num_tries=1)
    assert course.lines == ["failed try 0", "BotError: Error communicating with bot echo"]


async def with_access_key(library: Any, stage: Stage, **given: Any) -> tuple[Course, list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        course = await streamed(library, stage, [says("a")], access_key="old", **given)
    return course, [warning for warning in caught if warning.category is DeprecationWarning]


@BOTH
async def test_access_key_is_deprecated_and_gives_way_to_api_key(stage: Stage, library: Any) -> None:
    course, caught = await with_access_key(library, stage)
    assert course.lines == ["text 'a'"]
    assert course.sent[0].headers["authorization"] == "Bearer key-of-a-person"
    assert len(caught) == 1
    assert "access_key" in str(caught[0].message)


async def test_access_key_alone_is_the_key_where_fastapi_poe_drops_it(stage: Stage) -> None:
    theirs, _ = await with_access_key(fastapi_poe, stage, api_key="")
    ours, _ = await with_access_key(fp, stage, api_key="")
    assert theirs.lines[-1] == "asked 0 times"
    assert ours.sent[0].headers["authorization"] == "Bearer old"


async def test_the_default_on_error_prints_nothing_where_fastapi_poe_does(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = {}
    for library in (fp, fastapi_poe):
        stage.play([Scene([sse("sparkle", {}), DONE])])
        asked = library.stream_request(request_of(library), "echo", "k", base_url=f"{stage.url}/")
        assert [part async for part in asked] == []
        printed[library.__name__] = capsys.readouterr().out
        assert [json.loads(report.body)["message"] for report in stage.reports] == ["Unknown event type: sparkle"]
    assert printed["poebook"] == ""
    assert "Unknown event type: sparkle" in printed["fastapi_poe"]


async def test_closing_ends_the_answer_at_once_where_fastapi_poe_leaves_that_for_later(stage: Stage) -> None:
    for library in (fp, fastapi_poe):
        stage.play([Scene([sse("text", {"text": "a"})], hold=True)])
        asked = library.stream_request(request_of(library), "echo", "k", base_url=f"{stage.url}/")
        assert (await anext(asked)).text == "a"
        await asked.aclose()
        if library is fp:
            assert stage.left.wait(5)  # the loop has no turn to do anything later
        await until(stage.left.is_set)


@BOTH
async def test_an_answer_comes_as_it_is_made(stage: Stage, library: Any) -> None:
    """The bot holds its answer open after the first word, and that word is here."""
    stage.play([Scene([sse("text", {"text": "a"})], hold=True)])
    asked = library.stream_request(request_of(library), "echo", "k", base_url=f"{stage.url}/")
    assert (await anext(asked)).text == "a"
    assert not stage.left.is_set()
    await asked.aclose()
    await until(stage.left.is_set)
