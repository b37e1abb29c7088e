"""The bot query API, asked by both libraries over a socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.server.bot import PoeBot
from tests.standin.asking import Client, Keeps, Says, until
from tests.standin.conftest import Asks, OpenPoe
from tests.upstream import fastapi_poe


def test_a_bot_answers(open_poe: OpenPoe, asks: Asks) -> None:
    assert asks(open_poe([Keeps()])).text("Keeps", "tide") == "tide"


def test_every_kind_of_event_goes_on(open_poe: OpenPoe, asks: Asks) -> None:
    file = fp.Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv", inline_ref="abcd1234")
    bot = Says(
        fp.MetaResponse(content_type="text/plain", suggested_replies=False),
        "wrong",
        fp.PartialResponse(text="right", is_replace_response=True),
        fp.PartialResponse(text="more?", is_suggested_reply=True),
        fp.PartialResponse(attachment=file),
        fp.PartialResponse(data={"choices": []}),
    )
    meta, wrong, right, more, attached, *rest = asks(open_poe([bot])).parts("Says")
    assert meta.content_type == "text/plain"
    assert (wrong.text, right.text, right.is_replace_response) == ("wrong", "right", True)
    assert (more.text, more.is_suggested_reply) == ("more?", True)
    assert (attached.attachment.name, attached.attachment.inline_ref) == ("x.csv", "abcd1234")
    assert any(part.data == {"choices": []} for part in rest)


def test_meta_that_is_not_first_is_dropped(open_poe: OpenPoe, asks: Asks) -> None:
    (part,) = asks(open_poe([Says("text", fp.MetaResponse(content_type="text/plain"))])).parts("Says")
    assert part.text == "text"


def test_names_are_found_in_either_case(open_poe: OpenPoe, asks: Asks) -> None:
    assert asks(open_poe([Keeps()])).text("keeps", "tide") == "tide"


def test_a_mapping_says_what_bots_are_called(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe({"Web Search": Keeps(), "über": Says("ja")})
    client = asks(poe)
    assert client.text("Web Search", "tide") == "tide"
    assert client.text("über") == "ja"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:fastapi_poe.base")
def test_a_bot_server_at_an_address_is_one_of_the_bots(open_poe: OpenPoe, asks: Asks, serve_app: Any) -> None:
    class Old(fastapi_poe.PoeBot):
        async def get_response(self, request: fastapi_poe.QueryRequest) -> Any:
            yield fastapi_poe.PartialResponse(text=f"old {request.query[-1].content}")

    url = serve_app(fastapi_poe.make_app(Old(), allow_without_key=True))
    assert asks(open_poe({"old": url})).text("old", "tide") == "old tide"


def test_a_served_bot_is_one_of_the_bots(open_poe: OpenPoe, asks: Asks) -> None:
    with fp.serve(Keeps(), "tides", port=0) as served:
        assert asks(open_poe([served])).text("tides", "ebb") == "ebb"


def test_the_bot_is_told_ids_times_and_the_key(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    client = asks(open_poe([bot]))
    client.parts("Keeps", request=client.request(client.message("hi"), user_id="", conversation_id="", message_id=""))
    told = bot.last
    for id, kind in [
        (told.user_id, "u"),
        (told.conversation_id, "c"),
        (told.message_id, "m"),
        (told.metadata, "d"),
        (told.bot_query_id, "q"),
        (told.query[0].message_id, "m"),
    ]:
        assert id.startswith(f"{kind}-")
        assert len(id) == 34
    assert told.query[0].timestamp > 1_600_000_000_000_000
    assert told.query_creation_time == told.query[0].timestamp
    assert len(told.access_key) == 32


def test_what_the_asker_says_reaches_the_bot(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    client = asks(open_poe([bot]))
    said = {"temperature": 0.5, "stop_sequences": ["x"], "logit_bias": {"1": 2.0}, "language_code": "de"}
    client.parts("Keeps", request=client.request(client.message("hi", parameters={"size": 3}), **said))
    assert {name: getattr(bot.last, name) for name in said} == said
    assert bot.last.query[0].parameters == {"size": 3}
    assert (bot.last.user_id, bot.last.message_id) == ("u-1", "m-9")


def test_tools_travel_both_ways(open_poe: OpenPoe, asks: Asks) -> None:
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "depth", "arguments": '{"at": 3}'}}

    class Calls(PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            if request.tool_results:
                yield fp.PartialResponse(text=f"{request.tool_results[0].content} m")
            else:
                assert request.tools is not None
                yield fp.PartialResponse(data={"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": None}]})
                yield fp.PartialResponse(data={"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})

    def depth(at: int) -> int:
        return at * 2

    client = asks(open_poe([Calls()]))
    function = {"name": "depth", "description": "d", "parameters": {"type": "object", "properties": {}}}
    tool = client.library.ToolDefinition(type="function", function=function)
    assert client.text("Calls", tools=[tool], tool_executables=[depth]) == "6 m"


def test_a_handler_that_raises_shows_poes_sentence_only(open_poe: OpenPoe, asks: Asks) -> None:
    class Fails(PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            raise KeyError("s3cret")
            yield

    poe = open_poe([Fails()])
    error = str(asks(poe).error("Fails"))
    assert "unexpected issue" in error
    assert "s3cret" not in error
    assert any("s3cret" in line.text for line in poe.journals["Fails"].lines)


def test_an_error_event_ends_the_answer(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe([Says("before", fp.ErrorResponse(text="no tide", allow_retry=False), "after")]))
    error = client.error("Says")
    assert isinstance(error, client.library.client.BotErrorNoRetry)
    assert "no tide" in str(error)


def test_what_a_bot_stores_comes_back_with_its_message(open_poe: OpenPoe, asks: Asks) -> None:
    class Stores(Keeps):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            self.requests.append(request)
            yield fp.DataResponse(metadata="page 1")
            yield fp.DataResponse(metadata="page 2")
            yield "text"

    bot = Stores()
    client = asks(open_poe([bot]))
    assert client.text("Stores") == "text"
    said = client.library.ProtocolMessage(role="bot", content="text", message_id="m-9")
    client.parts("Stores", request=client.request(client.message("hi"), said, client.message("on"), message_id="m-10"))
    assert bot.last.query[1].metadata == "page 2"
    assert bot.told == []


@pytest.mark.parametrize(
    ("report", "field"),
    [
        ({"type": "report_feedback", "feedback_type": "like"}, "feedback_type"),
        ({"type": "report_feedback", "feedback_type": "confused"}, "feedback_type"),
        ({"type": "report_reaction", "reaction": "heart"}, "reaction"),
    ],
)
def test_feedback_and_reactions_reach_the_bot(open_poe: OpenPoe, report: dict[str, str], field: str) -> None:
    bot = Keeps()
    poe = open_poe([bot])
    ids = {"version": "1.2", "message_id": "m-1", "user_id": "u-1", "conversation_id": "c-1"}
    response = httpx.post(f"{poe.base_url}bot/Keeps", headers=_key(poe), json={**ids, **report})
    assert (response.status_code, response.json()) == (200, {})
    assert getattr(bot.told[0], field) == report[field]


def test_a_report_of_an_error_reaches_the_bot_and_the_inbox(open_poe: OpenPoe) -> None:
    bot = Keeps()
    poe = open_poe([bot])
    report = {"version": "1.2", "type": "report_error", "message": "odd", "metadata": {"message_id": "m-1"}}
    assert httpx.post(f"{poe.base_url}bot/Keeps", headers=_key(poe), json=report).json() == {}
    assert bot.told[0].metadata == {"message_id": "m-1"}
    assert [(note.bot, note.words, note.message_id) for note in poe.inbox] == [("Keeps", "odd", "m-1")]
    assert any("odd" in line.text for line in poe.journals["Keeps"].lines)


def test_a_stream_without_done_gets_one_and_the_bot_is_told(open_poe: OpenPoe, asks: Asks, serve_app: Any) -> None:
    told: list[bytes] = []

    async def bot(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        head = {"type": "http.response.start", "status": 200}
        if b'"type":"query"' in body:
            await send({**head, "headers": [(b"content-type", b"text/event-stream")]})
            sent = b'event: odd\ndata: {}\n\nevent: text\ndata: {"text": "hi"}\n\n'
            await send({"type": "http.response.body", "body": sent})
        else:
            told.append(body)
            await send({**head, "headers": [(b"content-type", b"application/json")]})
            await send({"type": "http.response.body", "body": b"{}"})

    poe = open_poe({"bare": serve_app(bot)})
    assert asks(poe).text("bare") == "hi"
    until(lambda: len(told) >= 3, "the bot was not told")
    assert b"settings" in told[0]
    assert b"Unknown event type: odd" in told[1]
    assert b"without sending 'done'" in told[2]


def test_the_rate_of_requests_is_told(open_poe: OpenPoe) -> None:
    poe = open_poe([Keeps()])
    body = Client(fp, poe).request(fp.ProtocolMessage(role="user", content="hi")).model_dump_json()
    response = httpx.post(f"{poe.base_url}bot/Keeps", headers=_key(poe), content=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-ratelimit-limit-requests"] == "500"
    assert response.headers["x-ratelimit-remaining-requests"] == "499"
    assert 0 < int(response.headers["x-ratelimit-reset-requests"]) <= 60


def test_a_reader_who_leaves_ends_the_handler(open_poe: OpenPoe) -> None:
    left = []

    class Endless(PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            import asyncio

            try:
                while True:
                    yield "on and on"
                    await asyncio.sleep(0.005)
            finally:
                left.append(request.message_id)

    poe = open_poe([Endless()])
    body = Client(fp, poe).request(fp.ProtocolMessage(role="user", content="hi")).model_dump_json()
    with httpx.stream("POST", f"{poe.base_url}bot/Endless", headers=_key(poe), content=body) as response:
        next(response.iter_bytes())
    until(lambda: left == ["m-9"], "the handler went on")
    until(lambda: poe.calls[0].outcome == "left", "the call is still open")


def test_blocking_clients_and_the_environment_work_too(open_poe: OpenPoe, monkeypatch: pytest.MonkeyPatch) -> None:
    poe = open_poe([Keeps()])
    monkeypatch.setenv("POE_BASE_URL", poe.base_url)
    said = [fp.ProtocolMessage(role="user", content="tide")]
    assert "".join(p.text for p in fp.get_bot_response_sync(said, "Keeps", poe.api_key)) == "tide"
    monkeypatch.setenv("POE_API_KEY", poe.api_key)
    assert fp.Conversation("Keeps").ask("ebb").text == "ebb"


def test_a_page_for_people_says_what_is_here(open_poe: OpenPoe) -> None:
    poe = open_poe({"<tides>": Keeps()})
    page = httpx.get(poe.base_url).text
    assert "&lt;tides&gt;" in page
    assert poe.base_url in page
    assert poe.api_key not in page


def test_nobody_answers_after_the_end() -> None:
    with fp.LocalPoe([Keeps()]) as poe:
        url = poe.base_url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    with pytest.raises(fp.ServeError, match="not started"):
        _ = poe.base_url


def _key(poe: fp.LocalPoe) -> dict[str, str]:
    return {"Authorization": f"Bearer {poe.api_key}"}


def test_a_quiet_stream_shows_signs_of_life(open_poe: OpenPoe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poebook.standin.answering.PING_EVERY_S", 0.05)
    poe = open_poe([Says("late", pause_s=0.3)])
    body = Client(fp, poe).request(fp.ProtocolMessage(role="user", content="hi")).model_dump_json()
    text = httpx.post(f"{poe.base_url}bot/Says", headers=_key(poe), content=body).text
    assert text.startswith(": ping - ")
    assert "late" in text


def test_many_ask_at_once(open_poe: OpenPoe, asks: Asks) -> None:
    from concurrent.futures import ThreadPoolExecutor

    client = asks(open_poe([Keeps()]))
    with ThreadPoolExecutor(8) as askers:
        assert list(askers.map(lambda n: client.text("Keeps", str(n)), range(24))) == [str(n) for n in range(24)]


def test_asking_through_the_object_is_a_conversation(open_poe: OpenPoe) -> None:
    poe = open_poe({"tides": Keeps(fp.SettingsResponse(introduction_message="I tell tides."))})
    assert poe.ask("tides", "ebb").text == "ebb"
    conversation = fp.Conversation(poe.target("tides"), poe.target("tides"))
    assert [answer.text for answer in conversation.ask("flood")] == ["flood", "flood"]
    assert len(poe.calls) == 3


def test_what_a_handler_raised_is_beside_the_answer(open_poe: OpenPoe) -> None:
    class Fails(PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            raise KeyError("low water")
            yield

    answer = open_poe([Fails()]).ask("Fails", "hi")
    assert answer.error is not None
    assert answer.error.fault is not None
    assert "low water" in answer.error.fault.summary
