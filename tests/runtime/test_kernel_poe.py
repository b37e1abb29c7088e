"""The local Poe of this process: bots that are served here call each other with no network."""

from __future__ import annotations

import os
from typing import Any

import httpx
import pytest

import poebook as fp
from tests.conftest import ServeApp
from tests.standin.asking import Keeps, Says
from tests.upstream import fastapi_poe


class Calls(fp.PoeBot):
    """Passes on what another bot answers."""

    def __init__(self, name: str, **declared: int) -> None:
        super().__init__()
        self.name, self.declared = name, declared

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(server_bot_dependencies=self.declared)

    async def get_response(self, request: fp.QueryRequest) -> Any:
        async for part in fp.stream_request(request, self.name, request.access_key, num_tries=1):
            yield part


@pytest.fixture(autouse=True)
def afresh() -> None:
    """Each test begins with an empty inbox, and leaves the mode as it is for everybody."""
    poe = fp.local_poe()
    poe._state.inbox.clear()
    poe._state.purse.ledger.clear()
    poe.mode = "local"


def test_a_served_bot_calls_another_one_by_name() -> None:
    fp.serve(Keeps(), "echo", port=0)
    main = fp.serve(Calls("echo", echo=1), "main")
    assert main.ask("tide").text == "tide"
    assert fp.local_poe().inbox == []
    assert main.ask("again").text == "again"


def test_a_call_that_was_not_declared_works_and_is_warned_about() -> None:
    fp.serve(Keeps(), "echo", port=0)
    main = fp.serve(Calls("echo"), "main")
    assert main.ask("tide").text == "tide"
    (note,) = fp.local_poe().inbox
    assert "does not declare echo" in note.words
    assert any("does not declare echo" in line.text for line in main.journal.lines if line.source == "poe")


def test_limits_can_be_enforced(monkeypatch: pytest.MonkeyPatch) -> None:
    poe = fp.local_poe()
    before = poe.limits
    try:
        poe.limits = fp.Limits()
        fp.serve(Keeps(), "echo", port=0)
        assert fp.serve(Calls("echo"), "main").ask("tide").error is not None
    finally:
        poe.limits = before


def test_blocking_calls_in_a_handler_reach_it_too() -> None:
    class Blocking(fp.PoeBot):
        def get_response(self, request: fp.QueryRequest) -> Any:  # as a beginner writes it
            for part in fp.get_bot_response_sync(request.query, "echo", request.access_key):
                yield part.text.upper()

    fp.serve(Keeps(), "echo", port=0)
    assert fp.serve(Blocking(), "main").ask("tide").text == "TIDE"


def test_bots_without_a_key_call_each_other_too() -> None:
    fp.serve(Keeps(), "echo", port=0, no_key=True)
    main = fp.serve(Calls("echo"), "main", no_key=True)
    assert main.ask("tide").text == "tide"
    assert "main does not declare echo" in fp.local_poe().inbox[0].words


def test_a_cell_asks_a_served_bot_by_name_without_a_key() -> None:
    fp.serve(Keeps(), "echo", port=0)
    said = [fp.ProtocolMessage(role="user", content="tide")]
    assert "".join(part.text for part in fp.get_bot_response_sync(said, "echo", "")) == "tide"
    with pytest.raises(fp.BotError, match="401"):
        list(fp.get_bot_response_sync(said, "echo", "a wrong key"))


def test_files_and_charges_of_a_served_bot_go_to_the_local_poe() -> None:
    class Sells(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            await self.authorize_cost(request, fp.CostItem(amount_usd_milli_cents=12))
            await self.post_message_attachment(message_id=request.message_id, file_data=b"a,b", filename="a.csv")
            yield "sold"
            await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=12, description="tides"))

    sells = fp.serve(Sells(), "sells", port=0)
    answer = sells.ask("one")
    assert (answer.text, answer.error) == ("sold", None)
    poe = fp.local_poe()
    assert [(entry.kind, entry.amount) for entry in poe.ledger] == [("authorize", 12), ("capture", 12)]
    (file,) = answer.attachments
    assert file.url.startswith(f"{poe.base_url}files/")
    assert httpx.get(file.url).content == b"a,b"
    target = sells.target()
    assert target.price is not None
    assert target.price(answer.message_id) == "$0.00012"


def test_the_calls_for_a_message_are_known_as_a_tree() -> None:
    class Dear(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=1_000))
            yield "dear"

    fp.serve(Dear(), "dear", port=0)
    fp.serve(Calls("dear", dear=1), "middle")
    main = fp.serve(Calls("middle", middle=1), "main")
    answer = main.ask("hi")
    calls = main.target().calls
    assert calls is not None
    (middle,) = calls(answer.message_id)
    (dear,) = middle["calls"]
    assert (middle["target"], middle["cost"]) == ("middle", None)
    assert (dear["target"], dear["cost"], dear["calls"]) == ("dear", "$0.01", [])
    assert dear["total_s"] is not None


def test_a_bot_that_calls_itself_ends_with_a_clear_error() -> None:
    loop = fp.serve(Calls("loop", loop=1), "loop", port=0)
    answer = loop.ask("hi")
    assert answer.error is not None
    assert any("10 deep" in note.words for note in fp.local_poe().inbox)


def test_a_bot_that_is_not_here_is_refused_when_there_is_no_key_for_poe() -> None:
    main = fp.serve(Calls("GPT-5"), "main", port=0)
    answer = main.ask("hi")
    assert answer.error is not None
    assert answer.error.fault is not None
    assert "To ask it on Poe, set POE_API_KEY." in answer.error.fault.summary


def test_a_bot_that_is_not_here_is_asked_on_poe_with_the_users_key(
    serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poebook.runtime.kernel_poe.POE_BASE_URL", "http://127.0.0.1:9/")
    with fp.LocalPoe(doubles={"GPT-5": "from afar"}, key="the users key") as far:
        monkeypatch.setattr("poebook.runtime.kernel_poe.POE_BASE_URL", far.base_url)
        monkeypatch.setenv("POE_API_KEY", "the users key")
        main = fp.serve(Calls("GPT-5"), "main", port=0)
        assert main.ask("hi").text == "from afar"
        assert [call.bot for call in far.calls] == ["GPT-5"]


def test_in_live_mode_names_are_asked_on_poe(monkeypatch: pytest.MonkeyPatch) -> None:
    fp.serve(Keeps(), "echo", port=0)
    poe = fp.local_poe()
    assert poe.by_name("echo") is not None
    poe.mode = "live"
    assert poe.by_name("echo") is None


def test_what_the_environment_says_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with fp.LocalPoe(doubles={"echo": "from the stand-in"}) as far:
        monkeypatch.setenv("POE_BASE_URL", far.base_url)
        fp.serve(Keeps(), "echo", port=0)
        said = [fp.ProtocolMessage(role="user", content="tide")]
        parts = fp.get_bot_response_sync(said, "echo", far.api_key)
        assert "".join(part.text for part in parts) == "from the stand-in"


def test_a_question_from_the_real_poe_is_none_of_its_business() -> None:
    seen = []

    class Looks(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            from poebook.client.targets import poe_base_url

            seen.append(poe_base_url())
            yield "hi"

    served = fp.serve(Looks(), "looks", port=0)
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1", "bot_query_id": "q-of-poe"}
    query = {"version": "1.2", "type": "query", "query": [{"role": "user", "content": "hi"}], **ids}
    httpx.post(served.url, headers={"Authorization": f"Bearer {served.key}"}, json=query)
    served.ask("hi")
    assert seen == ["https://api.poe.com/", fp.local_poe().base_url]


def test_settings_are_those_of_the_version_that_answers() -> None:
    controls = [fp.Slider(label="Size", parameter_name="size", default_value=2, min_value=0, max_value=5, step=1)]
    first, second = (
        Keeps(),
        Keeps(fp.SettingsResponse(parameter_controls=fp.ParameterControls(sections=[fp.Section(controls=controls)]))),
    )
    said = [fp.ProtocolMessage(role="user", content="tide")]
    fp.serve(first, "echo", port=0)
    list(fp.get_bot_response_sync(said, "echo", ""))
    fp.serve(second, "echo")
    list(fp.get_bot_response_sync(said, "echo", ""))
    assert (first.last.query[-1].parameters, second.last.query[-1].parameters) == ({}, {"size": 2})


def test_fastapi_poes_client_asks_it_as_well() -> None:
    import asyncio

    fp.serve(Says("hi"), "says", port=0)
    poe = fp.local_poe()
    said = [fastapi_poe.ProtocolMessage(role="user", content="hi")]

    async def ask() -> str:
        base_url = f"{poe.base_url}bot/"
        return "".join(
            [part.text async for part in fastapi_poe.get_bot_response(said, "says", poe.api_key, base_url=base_url)]
        )

    assert asyncio.run(ask()) == "hi"


def test_it_answers_this_machine_only() -> None:
    fp.serve(Keeps(), "echo", port=0)
    response = httpx.get(fp.local_poe().base_url, headers={"Host": "bots.example.org"})
    assert response.status_code == 403
    assert response.json()["error"]["message"] == "The local Poe answers this machine only."
    assert httpx.get(fp.local_poe().base_url).status_code == 200


def test_it_ends_with_the_server() -> None:
    with fp.serve(Keeps(), "echo", port=0):
        poe = fp.local_poe()
        assert poe.runs
        fp.upload_file_sync(b"a", file_name="a.txt", api_key=poe.api_key, base_url=f"{poe.base_url}poe_api/")
        assert len(poe._state.files) == 1
    assert not fp.local_poe().runs
    assert len(poe._state.files) == 0


def test_it_runs_without_bots_once_its_address_is_asked_for() -> None:
    poe = fp.local_poe()
    poe.double("GPT-5", "as if")
    try:
        assert not poe.runs
        said = [fp.ProtocolMessage(role="user", content="hi")]
        assert "".join(part.text for part in fp.get_bot_response_sync(said, "GPT-5", "")) == "as if"
        address = poe.base_url
        with fp.serve(Keeps(), "echo") as echo:
            assert echo.base_url in address
        assert poe.runs
        assert poe.base_url == address
        assert poe.ask("GPT-5", "hi").text == "as if"
    finally:
        poe.undouble("GPT-5")


def test_no_key_shows() -> None:
    fp.serve(Keeps(), "echo", port=0)
    poe = fp.local_poe()
    assert poe.api_key not in repr(poe) + repr(poe.neighbour()) + repr(poe._state)
    assert "POE_API_KEY" not in os.environ


def test_what_poe_would_not_take_is_told_beside_the_answer() -> None:
    said = fp.local_poe().limits
    try:
        fp.local_poe().limits = fp.Limits(events=2, enforce=False)
        served = fp.serve(Says("a", "b", "c"), "says", port=0)
        answer = served.ask("hi")
    finally:
        fp.local_poe().limits = said
    assert answer.text == "abc"
    words = "The bot sent more than 2 events."
    assert [(note.words, note.message_id) for note in fp.local_poe().inbox] == [(words, answer.message_id)]
    log = served.target().log
    assert log is not None
    assert [text for _, text in log(answer.message_id)] == [words]


def test_a_double_stands_in_for_a_bot_that_is_not_here() -> None:
    poe = fp.local_poe()
    poe.double("GPT-5", fp.Double(["as if", "again"], faults=[None, None, "error_no_retry"]))
    try:
        main = fp.serve(Calls("GPT-5", **{"GPT-5": 1}), "main", port=0)
        assert main.ask("hi").text == "as if"
        assert main.ask("hi").text == "again"
        assert main.ask("hi").error is not None
        assert poe.ask("GPT-5", "hi").text == "again"
        assert poe.names == ["main", "GPT-5"]
        fp.serve(Says("really"), "GPT-5")
        assert main.ask("hi").text == "really"
    finally:
        poe.undouble("GPT-5")
    assert "GPT-5" in poe.names
    fp.served()["GPT-5"].stop()
    assert poe.names == ["main"]


def test_a_conversation_gives_parameters_their_defaults_from_its_first_question_on() -> None:
    switch = fp.ToggleSwitch(label="Brief", parameter_name="brief", default_value=True)
    controls = fp.ParameterControls(sections=[fp.Section(controls=[switch])])
    bot = Keeps(fp.SettingsResponse(parameter_controls=controls))
    fp.serve(bot, "echo", port=0)
    conversation = fp.Conversation("echo")
    conversation.ask("tide")
    conversation.ask("ebb")
    assert [request.query[-1].parameters for request in bot.requests] == [{"brief": True}] * 2
    assert bot.asked_for_settings == 1


def test_a_stream_that_is_not_as_poe_wants_it_is_told_beside_the_answer() -> None:
    from poebook.wire.sse import ServerSentEvent

    served = fp.serve(Says("hi", ServerSentEvent("odd", "{}")), "says", port=0)
    answer = served.ask("hi")
    log = served.target().log
    assert log is not None
    assert [text for _, text in log(answer.message_id)] == ["Unknown event type: odd"]
