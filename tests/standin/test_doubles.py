"""Doubles for bots that are not here, and what goes wrong on request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

import poebook as fp
from tests.standin.asking import Client, Keeps, status_and_error
from tests.standin.conftest import Asks, OpenPoe

PICTURE = fp.Attachment(url="https://a.example/moon.png", content_type="image/png", name="moon.png")


def by_function(request: fp.QueryRequest) -> Iterator[str]:
    yield "by "
    yield request.query[-1].content


@pytest.mark.parametrize(
    ("double", "said"),
    [
        ("a text", ["a text", "a text"]),
        (["one", "two"], ["one", "two", "two"]),
        ([["one ", "and two"]], ["one and two"]),
        ({"hi": "hello", "*": "pardon?"}, ["hello", "hello"]),
        ({"*": ["par", "don?"]}, ["pardon?"]),
        (lambda request: request.query[-1].content.upper(), ["HI"]),
        (by_function, ["by hi"]),
        (Keeps(), ["hi"]),
        (Keeps, ["hi"]),
        (fp.Double(["one"]), ["one"]),
    ],
    ids=["text", "list", "list of parts", "recorded", "others", "function", "generator", "bot", "class", "Double"],
)
def test_a_double_answers(open_poe: OpenPoe, asks: Asks, double: Any, said: list[str]) -> None:
    client = asks(open_poe(doubles={"GPT-5": double}))
    assert [client.text("GPT-5") for _ in said] == said


def test_a_double_answers_with_files_and_errors(open_poe: OpenPoe, asks: Asks) -> None:
    parts = fp.PartialResponse(attachment=PICTURE), fp.PartialResponse(text="more?", is_suggested_reply=True)
    doubles = {"GPT-5": [parts, fp.ErrorResponse(text="no"), KeyError("oh")]}
    client = asks(open_poe(doubles=doubles))
    first = client.parts("GPT-5")
    assert first[0].attachment.name == "moon.png"
    assert first[-1].is_suggested_reply
    assert '"no"' in str(client.error("GPT-5"))
    assert "unexpected issue" in str(client.error("GPT-5"))


def test_what_was_not_recorded_is_an_error_with_the_reason(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe(doubles={"GPT-5": {"hi": "hello"}})
    asks(poe).error("GPT-5", "ho")
    assert any("has no answer to 'ho'" in line.text for line in poe.journals["GPT-5"].lines)


def test_a_double_without_answers_is_refused() -> None:
    with pytest.raises(fp.ServeError, match="The double of GPT-5 has no answers"):
        fp.LocalPoe(doubles={"GPT-5": []})


def test_two_bots_of_one_name_are_refused() -> None:
    with pytest.raises(fp.ServeError, match="Two bots are called Keeps"):
        fp.LocalPoe([Keeps()], doubles={"Keeps": "hi"})


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429", "429"),
        ("500", "500"),
        ("error", "ran into trouble"),
        ("error_no_retry", "ran into trouble"),
        ("insufficient_fund", "insufficient_fund"),
        ("slow", "took longer than 1 s to its first event"),
        ("cut", ""),
    ],
)
def test_a_fault_befalls_one_question(open_poe: OpenPoe, asks: Asks, fault: str, words: str) -> None:
    double = fp.Double(["one", "two"], faults=[None, fault])
    client = asks(open_poe(doubles={"GPT-5": double}, limits={"first_event_s": 1 if fault == "slow" else 5}))
    assert client.text("GPT-5") == "one"
    error = client.error("GPT-5")
    if client.library is fp or words not in ("429", "500"):  # fastapi_poe does not tell the status
        assert words in str(error)
    assert client.text("GPT-5") == "two"


def test_only_some_errors_are_worth_another_try(open_poe: OpenPoe, asks: Asks) -> None:
    for fault, is_final in [("error", False), ("error_no_retry", True), ("insufficient_fund", True)]:
        client = asks(open_poe(doubles={"GPT-5": fp.Double("hi", faults=[fault])}))
        assert isinstance(client.error("GPT-5"), client.library.client.BotErrorNoRetry) is is_final
    client = asks(open_poe(doubles={"GPT-5": fp.Double("hi", faults=["error"])}))
    assert client.text("GPT-5", num_tries=2) == "hi"


def test_retry_after_is_waited_for(open_poe: OpenPoe) -> None:
    poe = open_poe(doubles={"GPT-5": fp.Double("hi", faults=["429"])})
    began = time.monotonic()
    assert Client(fp, poe).text("GPT-5", num_tries=2) == "hi"
    assert time.monotonic() - began >= 1


def test_characters_that_come_in_pieces_are_put_together(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe(doubles={"GPT-5": fp.Double("☃♞é 🌊", faults=["split"])}))
    assert client.text("GPT-5") == "☃♞é 🌊"


def test_one_message_may_come_twice(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    poe = open_poe([bot])
    poe.play_faults("Keeps", ["twice"])
    assert asks(poe).text("Keeps") == "hi"
    assert [request.message_id for request in bot.requests] == ["m-9", "m-9"]


def test_chance_is_the_same_for_the_same_seed(open_poe: OpenPoe, asks: Asks) -> None:
    def fates(seed: int) -> list[bool]:
        double = fp.Double("hi", faults=["error_no_retry"], seed=seed, chance=0.5)
        client = asks(open_poe(doubles={"GPT-5": double}))

        def fate() -> bool:
            try:
                return client.text("GPT-5") == "hi"
            except client.library.BotError:
                return False

        return [fate() for _ in range(12)]

    first = fates(7)
    assert first == fates(7)
    assert len(set(first)) == 2


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(fp.PoebookError, match="Did you mean slow"):
        fp.Double("hi", faults=["slwo"])


def test_a_cut_stream_is_no_error_in_the_log(open_poe: OpenPoe, caplog: pytest.LogCaptureFixture) -> None:
    poe = open_poe(doubles={"GPT-5": fp.Double("hi", faults=["cut"])})
    Client(fp, poe).error("GPT-5")
    assert "CutOff" not in caplog.text


def test_a_local_bot_calls_a_double(open_poe: OpenPoe, asks: Asks) -> None:
    class Main(fp.PoeBot):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            return fp.SettingsResponse(server_bot_dependencies={"GPT-5": 1})

        async def get_response(self, request: fp.QueryRequest) -> Any:
            await asyncio.sleep(0)
            yield await fp.get_final_response(request, "GPT-5", request.access_key)

    assert asks(open_poe([Main], doubles={"GPT-5": "as if"})).text("Main") == "as if"


def test_the_error_of_a_double_has_poes_shape(open_poe: OpenPoe) -> None:
    poe = open_poe(doubles={"GPT-5": fp.Double("hi", faults=["429"])})
    body = Client(fp, poe).request(fp.ProtocolMessage(role="user", content="hi")).model_dump_json()
    status, error = status_and_error(poe, "bot/GPT-5", poe.api_key, content=body)
    assert (status, error["type"]) == (429, "rate_limit_error")
