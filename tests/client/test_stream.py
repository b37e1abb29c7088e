"""Asking a bot as a script does: what is yielded, what is reported, when it is tried again; as fastapi_poe does."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.client import stream_request_base
from poebook.client.tries import wait_before_retry
from poebook.errors import PoebookError
from tests.client.player import DONE, Player, Scene, says, sse
from tests.conftest import ServeApp
from tests.upstream import fastapi_poe

Failures = list[tuple[str, str]]


def request_of(library: Any = fp, **more: Any) -> Any:
    messages = [library.ProtocolMessage(role="user", content="How high is the tide?")]
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    return library.QueryRequest(version="1.2", type="query", query=messages, **ids, **more)


async def asked(library: Any, player: Player, base: str, **more: Any) -> dict[str, Any]:
    """What *library* makes of the player's answer, in a form that can be compared."""
    parts: list[Any] = []
    failures: Failures = []
    error: Exception | None = None
    player.asked.clear()
    player.reports.clear()
    given = {"on_error": lambda e, text: failures.append((str(e), text)), "retry_sleep_time": 0, **more}
    try:
        async for part in library.stream_request(request_of(library), "echo", "k", base_url=f"{base}/", **given):
            parts.append(part)
    except Exception as raised:
        error = raised
    return {
        "parts": [shown(part) for part in parts],
        "error": (type(error).__name__, str(error)) if error else None,
        "failures": failures,
        "reports": [{**report, "metadata": sorted(report["metadata"])} for report in player.reports],
        "requests": len(player.asked),
    }


def shown(part: Any) -> dict[str, Any]:
    return {"kind": type(part).__name__, **json.loads(part.model_dump_json(exclude={"full_prompt"}))}


EQUAL: dict[str, Sequence[Scene]] = {
    "texts": [says("a", "b")],
    "replaced": [Scene([sse("text", {"text": "a"}), sse("replace_response", {"text": "b"}), DONE])],
    "suggested replies": [Scene([sse("text", {"text": "a"}), sse("suggested_reply", {"text": "b"}), DONE])],
    "a file": [
        Scene(
            [
                sse(
                    "file", {"url": "https://a.example/x", "content_type": "image/png", "name": "x", "inline_ref": "r"}
                ),
                sse("text", {"text": "![x][r]"}),
                DONE,
            ]
        )
    ],
    "an index": [Scene([sse("text", {"text": "a", "index": 1}), sse("text", {"text": "b", "index": "x"}), DONE])],
    "meta first": [Scene([sse("meta", {"content_type": "text/plain", "linkify": True}), *says("a").pieces])],
    "meta empty": [Scene([sse("meta", {}), *says("a").pieces])],
    "meta late": [Scene([sse("text", {"text": "a"}), sse("meta", {"content_type": "text/plain"}), DONE])],
    "meta with a wrong linkify": [Scene([sse("meta", {"linkify": 1}), *says("a").pieces])],
    "meta with wrong suggested replies": [Scene([sse("meta", {"suggested_replies": "no"}), *says("a").pieces])],
    "meta with a wrong content type": [Scene([sse("meta", {"content_type": 7}), *says("a").pieces])],
    "no text": [Scene([DONE])],
    "only a file": [
        Scene([sse("file", {"url": "https://a.example/x", "content_type": "image/png", "name": "x"}), DONE])
    ],
    "no done": [Scene([sse("text", {"text": "a"})])],
    "nothing at all": [Scene([])],
    "json": [Scene([sse("json", {"choices": []}), sse("text", {"text": "a"}), DONE])],
    "unknown event": [Scene([sse("sparkle", {"a": 1}), *says("a").pieces])],
    "unknown long event": [Scene([sse("s" * 200, {"a": "x" * 700}), *says("a").pieces])],
    "error": [Scene([sse("text", {"text": "a"}), sse("error", {"text": "no", "allow_retry": True}), DONE])],
    "error at once, then text": [Scene([sse("error", {"text": "no"}), DONE]), says("a")],
    "error without retry": [Scene([sse("error", {"text": "no", "allow_retry": False}), DONE])],
    "text is no string": [Scene([sse("text", {"text": 7}), DONE])],
    "broken JSON": [Scene([sse("text", "{"), DONE])],
    "a JSON list, then text": [Scene([sse("text", []), DONE]), says("a")],
    "a JSON list twice": [Scene([sse("text", []), DONE])],
    "cut in the middle, then whole": [Scene([sse("text", {"text": "a"})], cut=True), says("a", "b")],
    "refused, then text": [Scene([b"slow down"], 500, headers=[]), says("a")],
    "no stream, then text": [Scene([b"<html>"], headers=[(b"content-type", b"text/html")]), says("a")],
    "half an emoji": [Scene([sse("text", '{"text": "\\u00e9\\ud83c\\udf0a"}'), DONE])],
}


@pytest.mark.parametrize("name", EQUAL)
async def test_what_comes_out_equals_fastapi_poe(serve_app: ServeApp, name: str) -> None:
    player = Player(list(EQUAL[name]))
    base = serve_app(player)
    ours = await asked(fp, player, base)
    theirs = await asked(fastapi_poe, player, base)
    for of in (ours, theirs):  # how a failure of the connection is worded is our own affair
        of["failures"] = [text if "Protocol" in text else text.partition(" on try ")[2] for _, text in of["failures"]]
    assert ours == theirs


async def test_the_request_that_is_sent_equals_fastapi_poes_but_for_the_keys(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    base = serve_app(player)
    bodies = []
    for library in (fp, fastapi_poe):
        await asked(library, player, base)
        bodies.append(player.asked[0].json)
        assert player.asked[0].headers["authorization"] == "Bearer k"
        assert player.asked[0].headers["content-type"] == "application/json"
    ours, theirs = bodies
    assert {"access_key", "api_key"} == theirs.keys() - ours.keys()
    assert {**theirs, **ours} == theirs


async def test_a_request_of_fastapi_poe_can_be_sent(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    request = request_of(fastapi_poe, access_key="s3cret-s3cret")
    parts = [part async for part in fp.stream_request(request, "echo", base_url=f"{serve_app(player)}/")]
    assert [part.text for part in parts] == ["a"]
    assert b"s3cret" not in player.asked[0].body
    assert "s3cret" not in (parts[0].full_prompt or "")


async def test_the_prompt_of_a_part_is_the_request_without_its_keys(serve_app: ServeApp) -> None:
    request = request_of(access_key="s3cret-s3cret")
    base = serve_app(Player([Scene([sse("meta", {}), *says("a").pieces])]))
    async for part in fp.stream_request(request, "echo", base_url=f"{base}/"):
        assert part.full_prompt == repr(request)
        assert "s3cret" not in repr(request)


async def test_half_a_surrogate_pair_passes_both_ways(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", '{"text": "\\ud83c"}'), sse("text", '{"text": "\\udf0a"}'), DONE])])
    request = request_of()
    request.query[0].content = "cut \ud83c"
    text = await fp.get_final_response(request, "echo", base_url=f"{serve_app(player)}/")
    assert text.encode("utf-16", "surrogatepass").decode("utf-16") == "\U0001f30a"
    assert player.asked[0].json["query"][0]["content"] == "cut \ud83c"


async def test_ping_and_done_may_hold_anything(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("ping", "2026-11-24"), sse("text", {"text": "a"}), b"event: done\r\n\r\n"])])
    result = await asked(fp, player, serve_app(player))
    assert ([part["text"] for part in result["parts"]], result["reports"]) == (["a"], [])


async def test_stored_data_reaches_the_caller_and_is_no_fault(serve_app: ServeApp) -> None:
    data = [sse("data", {"metadata": "page 1"}), sse("data", "{"), sse("data", {"metadata": 7})]
    player = Player([Scene([*data, sse("text", {"text": "a"}), sse("data", {"metadata": "page 2"}), DONE])])
    base = serve_app(player)
    parts = [part async for part in fp.stream_request(request_of(), "echo", base_url=f"{base}/")]
    assert [part.text for part in parts] == ["", "a", ""]
    assert [getattr(part, "metadata", None) for part in parts] == ["page 1", None, "page 2"]
    assert isinstance(parts[0], fp.DataResponse)
    assert player.reports == []


async def test_an_unknown_event_is_reported_once_whatever_its_data(serve_app: ServeApp) -> None:
    player = Player([Scene([*[sse("sparkle", "?")] * 3, *[sse(f"s{n}", "") for n in range(50)], *says("a").pieces])])
    await fp.get_final_response(request_of(), "echo", base_url=f"{serve_app(player)}/")
    messages = [report["message"] for report in player.reports]
    assert messages.count("Unknown event type: sparkle") == 1
    assert len(messages) == 10


async def test_a_report_that_fails_costs_the_answer_nothing(serve_app: ServeApp) -> None:
    class Deaf(Player):
        async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
            self.reports.append(scope["path"])
            await super().__call__(scope, receive, send)
            if self.asked:
                self.scenes = [Scene([], 500, headers=[])]

    base = serve_app(Deaf([Scene([sse("sparkle"), *says("a").pieces])]))
    assert await fp.get_final_response(request_of(), "echo", base_url=f"{base}/") == "a"


async def test_an_error_event_keeps_what_it_said(serve_app: ServeApp) -> None:
    event = {"allow_retry": False, "text": "no", "error_type": "insufficient_fund"}
    base = serve_app(Player([Scene([sse("error", event), DONE])]))
    with pytest.raises(fp.BotErrorNoRetry) as caught:
        await fp.get_final_response(request_of(), "echo", base_url=f"{base}/")
    error = caught.value
    assert json.loads(str(error)) == event == error.event
    assert (error.bot_name, error.error_type, error.allow_retry) == ("echo", "insufficient_fund", False)
    assert isinstance(error, PoebookError)


async def test_the_last_failure_names_bot_status_and_body(serve_app: ServeApp) -> None:
    player = Player([Scene([b"slow down"], 429, headers=[])])
    result = await asked(fp, player, serve_app(player), num_tries=3)
    assert result["requests"] == 3
    assert result["error"][1].startswith("Error communicating with bot echo: 429 slow down.")
    assert [text for _, text in result["failures"]] == [f"Bot request to echo failed on try {n}" for n in range(3)]


async def test_what_was_yielded_is_not_asked_for_again(serve_app: ServeApp) -> None:
    cut = Scene([sse("text", {"text": "a"})], cut=True)
    player = Player([cut, Scene([], 500, headers=[]), says("b")])
    result = await asked(fp, player, serve_app(player), num_tries=3)
    assert (result["requests"], result["error"][0]) == (2, "BotError")


async def test_retry_after_is_waited_for(serve_app: ServeApp) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    for header, least in ((b"0.3", 0.3), (later.encode(), 0.5)):
        player = Player([Scene([b""], 503, headers=[(b"retry-after", header)]), says("a")])
        base = serve_app(player)
        began = time.monotonic()
        assert (await asked(fp, player, base))["error"] is None
        assert time.monotonic() - began >= least


async def test_without_it_the_waits_grow() -> None:
    began = time.monotonic()
    for attempt in range(3):
        await wait_before_retry(fp.BotError("no"), attempt, 0.05)
    assert 0.25 < time.monotonic() - began < 10
    await wait_before_retry(fp.BotError("no"), 100, 0)


async def test_a_long_retry_after_is_not_waited_for(serve_app: ServeApp) -> None:
    player = Player([Scene([b"slow down"], 429, headers=[(b"retry-after", b"3600")])])
    result = await asked(fp, player, serve_app(player), num_tries=5)
    assert result["requests"] == 1
    assert result["error"] == (
        "BotErrorNoRetry",
        "Error communicating with bot echo: 429 slow down. Too many requests; try again in 60 minutes. "
        "It asks to wait for 60 minutes, so it was not asked again.",
    )


async def test_no_key_sends_no_header_and_extra_headers_may_bring_one(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    base = f"{serve_app(player)}/"
    extra = {"Authorization": "Bearer other"}
    await fp.get_final_response(request_of(), "echo", base_url=base)
    async for _ in fp.stream_request(request_of(), "echo", "k", base_url=base, extra_headers=extra):
        pass
    assert [a.headers.get("authorization") for a in player.asked] == [None, "Bearer other"]


async def test_access_key_is_deprecated_and_the_warning_names_the_callers_line(serve_app: ServeApp) -> None:
    base = f"{serve_app(Player([says('a')]))}/"
    with pytest.warns(DeprecationWarning, match="access_key") as caught:
        await fp.get_final_response(request_of(), "echo", "k", access_key="old", base_url=base)
    with pytest.warns(DeprecationWarning, match="access_key") as also:
        async for _ in fp.stream_request(request_of(), "echo", "k", access_key="old", base_url=base):
            pass
    assert [w.filename for w in also] == [__file__]
    assert len(caught) == 1


async def test_nothing_is_printed(serve_app: ServeApp, capsys: pytest.CaptureFixture[str]) -> None:
    player = Player([Scene([b"boom"], 500, headers=[]), says("a")])
    await fp.get_final_response(request_of(), "echo", retry_sleep_time=0, base_url=f"{serve_app(player)}/")
    assert capsys.readouterr() == ("", "")


async def test_a_lent_session_stays_open(serve_app: ServeApp) -> None:
    base = f"{serve_app(Player([says('a')]))}/"
    async with httpx.AsyncClient() as session:
        for _ in range(2):
            assert await fp.get_final_response(request_of(), "echo", session=session, base_url=base) == "a"
        assert not session.is_closed


async def test_poe_base_url_is_where_bots_are_asked(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player([says("a")])
    monkeypatch.setenv("POE_BASE_URL", serve_app(player))
    parts = fp.get_bot_response([fp.ProtocolMessage(role="user", content="hi")], "Web Search", "k")
    assert [part.text async for part in parts] == ["a"]
    assert player.asked[0].path == "/bot/Web Search"


async def test_get_bot_response_sends_what_it_was_given(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    said = {"temperature": 0.5, "skip_system_prompt": True, "logit_bias": {"1": 2.0}, "stop_sequences": ["x"]}
    message = fp.ProtocolMessage(role="user", content="hi")
    async for _ in fp.get_bot_response([message], "echo", "k", base_url=f"{serve_app(player)}/", **said):  # type: ignore[arg-type]
        pass
    body = player.asked[0].json
    assert said.items() <= body.items()
    assert (body["user_id"], body["conversation_id"], body["message_id"], body["version"]) == ("", "", "", "1.2")


FINAL: dict[str, Scene] = {
    "joined": says("a", "b"),
    "replaced": EQUAL["replaced"][0],
    "suggestions are left out": EQUAL["suggested replies"][0],
    "a file is empty text": EQUAL["only a file"][0],
    "json is empty text": Scene([sse("json", {"a": 1}), DONE]),
    "only meta": Scene([sse("meta", {}), DONE]),
    "nothing": Scene([DONE]),
}


@pytest.mark.parametrize("name", FINAL)
async def test_the_final_response_equals_fastapi_poes(serve_app: ServeApp, name: str) -> None:
    base = f"{serve_app(Player([FINAL[name]]))}/"

    async def final(library: Any) -> str:
        quiet = {"on_error": lambda e, text: None, "retry_sleep_time": 0}
        try:
            return str(await library.get_final_response(request_of(library), "echo", "k", base_url=base, **quiet))
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    assert await final(fp) == await final(fastapi_poe)


async def test_only_stored_data_is_no_response(serve_app: ServeApp) -> None:
    base = f"{serve_app(Player([Scene([sse('data', {'metadata': 'x'}), DONE])]))}/"
    with pytest.raises(fp.BotError, match="Bot echo sent no response"):
        await fp.get_final_response(request_of(), "echo", base_url=base)


async def test_twenty_calls_in_turn_open_one_connection(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    base = f"{serve_app(player)}/"
    for _ in range(20):
        await fp.get_final_response(request_of(), "echo", base_url=base)
    assert len(player.connections) == 1


async def test_the_base_hands_on_calls_and_results_of_tools(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    call = fp.ToolCallDefinition(
        id="1",
        type="function",
        function={"name": "now", "arguments": "{}"},
    )
    result = fp.ToolResultDefinition(role="tool", name="now", tool_call_id="1", content='"noon"')
    parts = stream_request_base(
        request_of(), "echo", tool_calls=[call], tool_results=[result], base_url=f"{serve_app(player)}/"
    )
    assert [part.text async for part in parts] == ["a"]
    body = player.asked[0].json
    assert (body["tool_calls"], body["tool_results"]) == ([call.model_dump()], [result.model_dump()])


def test_asking_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fp.get_bot_response([fp.ProtocolMessage(role="user", content="hi")], "echo", "k")
