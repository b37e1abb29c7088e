"""Each limit of Poe's is broken, and what then comes is seen."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

import poebook as fp
from tests.standin.asking import Client, Keeps, Says, status_and_error, until
from tests.standin.conftest import Asks, OpenPoe


class Slow(fp.PoeBot):
    """Waits first, or between its words."""

    def __init__(self, first_s: float, between_s: float) -> None:
        super().__init__()
        self.first_s, self.between_s = first_s, between_s

    async def get_response(self, request: fp.QueryRequest) -> Any:
        await asyncio.sleep(self.first_s)
        for _ in range(100):
            yield "word "
            await asyncio.sleep(self.between_s)


BROKEN: list[tuple[dict[str, float], fp.PoeBot, str, bool]] = [
    ({"first_event_s": 0.1}, Slow(5, 0), "The bot took longer than 0.1 s to its first event.", True),
    ({"total_s": 0.3}, Slow(0, 0.05), "The bot took longer than 0.3 s.", True),
    ({"events": 3}, Says("a", "b", "c", "d"), "The bot sent more than 3 events.", False),
    ({"characters": 5}, Says("abc", "def"), "The bot sent more than 5 characters of text.", False),
]
IDS = ["first event", "total time", "events", "characters"]


@pytest.mark.parametrize(("limits", "bot", "words", "may_retry"), BROKEN, ids=IDS)
def test_an_answer_that_breaks_a_limit_ends_in_an_error(
    open_poe: OpenPoe, asks: Asks, limits: dict[str, float], bot: fp.PoeBot, words: str, may_retry: bool
) -> None:
    poe = open_poe({"bot": bot}, limits=limits)
    event = json.loads(str(asks(poe).error("bot")))
    assert event == {"allow_retry": may_retry, "text": words}
    assert [note.words for note in poe.inbox] == [words]
    assert poe.calls[0].problems == [words]
    assert poe.calls[0].outcome == "failed"


@pytest.mark.parametrize(("limits", "bot", "words", "may_retry"), BROKEN[2:], ids=IDS[2:])
def test_limits_may_be_warnings(
    open_poe: OpenPoe, asks: Asks, limits: dict[str, Any], bot: fp.PoeBot, words: str, may_retry: bool
) -> None:
    poe = open_poe({"bot": bot}, limits={**limits, "enforce": False})
    assert asks(poe).text("bot") in ("abcd", "abcdef")
    assert [note.words for note in poe.inbox] == [words]
    assert poe.calls[0].outcome == "done"


def test_what_came_before_the_limit_is_kept(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe([Says("a", "b", "c")], limits={"events": 2}))

    async def ask() -> list[str]:
        got: list[str] = []
        try:
            options = {"num_tries": 1, "on_error": lambda error, words: None}
            base_url = f"{client.poe.base_url}bot/"
            request = client.request(client.message("hi"))
            async for part in client.library.stream_request(
                request, "Says", client.poe.api_key, base_url=base_url, **options
            ):
                got.append(part.text)
        except client.library.BotError:
            got.append("error")
        return got

    assert asyncio.run(ask()) == ["a", "b", "error"]


def test_just_within_the_limits_all_is_well(open_poe: OpenPoe, asks: Asks) -> None:
    limits = {"events": 4, "characters": 6}  # the last event is `done`
    assert asks(open_poe([Says("ab", "cd", "ef")], limits=limits)).text("Says") == "abcdef"


def test_poes_own_limits_hold_when_nobody_says_otherwise(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe([Says(*["x"] * 10_001)])
    assert "more than 10,000 events" in str(asks(poe).error("Says"))


def test_too_many_requests_are_told_when_to_come_again(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe([Keeps()], limits={"requests_a_minute": 2})
    client = asks(poe)
    client.text("Keeps")
    client.text("Keeps")
    headers = {"Authorization": f"Bearer {poe.api_key}"}
    body = Client(fp, poe).request(fp.ProtocolMessage(role="user", content="hi")).model_dump_json()
    response = httpx.post(f"{poe.base_url}bot/Keeps", headers=headers, content=body)
    assert response.status_code == 429
    assert response.json()["error"]["type"] == "rate_limit_error"
    assert response.headers["x-ratelimit-remaining-requests"] == "0"
    assert response.headers["retry-after"] == response.headers["x-ratelimit-reset-requests"]
    clock = poe._state.clock
    poe._state.clock = lambda: clock() + 61
    assert client.text("Keeps", "again") == "again"


def test_the_rate_may_be_told_and_not_enforced(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe([Keeps()], limits={"requests_a_minute": 1, "enforce": False}))
    assert [client.text("Keeps") for _ in range(3)] == ["hi"] * 3


@pytest.mark.parametrize(("limits", "words"), [({"event": 3}, "Did you mean events"), ({"events": -1}, "0 or more")])
def test_a_limit_that_makes_no_sense_is_refused(limits: dict[str, Any], words: str) -> None:
    with pytest.raises(fp.PoebookError, match=words):
        fp.LocalPoe(limits=limits)


@pytest.mark.parametrize(
    ("key", "path", "body", "status", "words"),
    [
        (None, "bot/Keeps", "{}", 401, "No key was given"),
        ("wrong", "bot/Keeps", "{}", 401, "The key is neither"),
        ("", "bot/Keps", "{}", 404, "There is no bot Keps here. Here are Keeps."),
        ("", "bot/Keeps", "no JSON", 400, "no JSON"),
        ("", "bot/Keeps", '{"version": "1.2", "type": "query"}', 422, "query"),
        ("", "bot/Keeps", '{"version": "1.2", "type": "sing"}', 400, "Unsupported request type"),
        ("", "bot/Keeps/more/steps", "{}", 404, "There is no such door"),
    ],
)
def test_odd_requests_are_refused_with_the_reason(
    open_poe: OpenPoe, key: str | None, path: str, body: str, status: int, words: str
) -> None:
    poe = open_poe([Keeps()])
    seen, error = status_and_error(poe, path, poe.api_key if key == "" else key, content=body)
    assert seen == status
    assert words in error["message"]
    assert "wrong" not in error["message"]


@pytest.mark.parametrize(
    ("wire", "words", "report"),
    [
        (b"event: text\ndata: no JSON\n\n", "cannot be read", "Invalid JSON in 'text' event"),
        (b"event: text\ndata: 3\n\n", "cannot be read", "Expected JSON dict in 'text' event"),
        (b'event: file\ndata: {"url": 3}\n\n', "cannot be read", "Expected string in 'url' field for 'file' event"),
        (b"", "status 500", "The bot answered with status 500."),
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error_and_reported(
    open_poe: OpenPoe, asks: Asks, serve_app: Any, wire: bytes, words: str, report: str
) -> None:
    async def bot(scope: Any, receive: Any, send: Any) -> None:
        is_query = b'"type":"query"' in (await receive())["body"]
        kind = b"text/event-stream" if is_query and wire else b"application/json"
        status = 500 if is_query and not wire else 200
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": wire if is_query else b"{}"})

    poe = open_poe({"odd": serve_app(bot)})
    assert words in str(asks(poe).error("odd"))
    assert report in [note.words for note in poe.inbox]


def test_a_fault_of_its_own_has_poes_shape(open_poe: OpenPoe, caplog: pytest.LogCaptureFixture) -> None:
    poe = open_poe([Keeps()])
    poe._state.pace = None  # type: ignore[assignment]  # so that it breaks
    status, error = status_and_error(poe, "bot/Keeps", poe.api_key, content="{}")
    assert (status, error["message"]) == (500, "Internal server error")
    until(lambda: "AttributeError" in caplog.text, "the log does not have it")
