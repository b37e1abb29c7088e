"""An application asked without a socket behaves as one that is served."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from poebook.client.events import open_events, post_json
from poebook.client.inprocess import InProcessTransport
from poebook.errors import BotError
from tests.client.player import DONE, EVENT_STREAM, Player, Receive, Scene, Send, says, sse, until

URL = "http://in-process/"
HEAD = {"type": "http.response.start", "status": 200, "headers": [EVENT_STREAM]}


def piece(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def test_events_stream_as_they_are_sent() -> None:
    go = asyncio.Event()

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        await send(HEAD)
        await send(piece(sse("text", {"text": "a"})))
        await go.wait()
        await send({"type": "http.response.body", "body": DONE})

    async with aclosing(open_events(URL, body=b"{}", bot_name="echo", app=app)) as events:
        assert (await anext(events)).event == "text"
        go.set()
        assert [event.event async for event in events] == ["done"]


async def test_what_is_asked_arrives_whole() -> None:
    player = Player([says("a")])
    async with aclosing(open_events(f"{URL}echo?x=1", body=b'{"a": 1}', bot_name="e", key="k", app=player)) as events:
        assert [event.event async for event in events] == ["text", "done"]
    assert (player.asked[0].path, player.asked[0].json) == ("/echo", {"a": 1})
    assert player.asked[0].headers["authorization"] == "Bearer k"


async def test_leaving_tells_the_application_and_lets_it_clean_up() -> None:
    player = Player([Scene([sse("text", {"text": "a"})], hold=True)])
    async with aclosing(open_events(URL, body=b"{}", bot_name="echo", app=player)) as events:
        await anext(events)
    assert player.left == 1


@pytest.mark.parametrize("busy", [True, False])
async def test_an_application_that_does_not_listen_is_cancelled(busy: bool) -> None:
    ended: list[str] = []

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        try:
            await send(HEAD)
            await send(piece(sse("text", {"text": "a"})))
            while busy:
                await send(piece(b": on\n\n"))
            await asyncio.Event().wait()
        finally:
            ended.append("app")

    async with asyncio.timeout(5):
        async with aclosing(open_events(URL, body=b"{}", bot_name="echo", app=app)) as events:
            await anext(events)
        await until(lambda: ended)


async def test_a_failure_before_the_answer_is_a_500_that_says_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Any, receive: Receive, send: Send) -> None:
        raise LookupError("a secret")

    with pytest.raises(BotError) as caught:
        await post_json(URL, body=b"{}", bot_name="echo", app=app)
    assert caught.value.status == 500
    assert "secret" not in str(caught.value)
    assert [record.levelno for record in caplog.records if record.name == "poebook"] == [logging.ERROR]


@pytest.mark.parametrize("count", [0, 1, 200])
async def test_a_failure_in_the_middle_cuts_the_answer(count: int) -> None:
    async def app(scope: Any, receive: Receive, send: Send) -> None:
        await send(HEAD)
        for _ in range(count):
            await send(piece(sse("text", {"text": "a"})))
        raise LookupError("a secret")

    seen = 0
    with pytest.raises(BotError, match="cut off") as caught:  # noqa: PT012
        async for _ in open_events(URL, body=b"{}", bot_name="echo", app=app):
            seen += 1
    assert seen == count
    assert isinstance(caught.value.__cause__, httpx.RemoteProtocolError)


async def test_an_application_without_an_answer_is_a_500() -> None:
    async def app(scope: Any, receive: Receive, send: Send) -> None: ...

    async with httpx.AsyncClient(transport=InProcessTransport(app)) as client:
        assert (await client.get(URL)).status_code == 500


async def test_what_is_done_after_the_answer_is_not_cut_short() -> None:
    after = asyncio.Event()

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})
        await asyncio.sleep(0.05)
        after.set()

    assert await post_json(URL, body=b"{}", bot_name="echo", app=app) == {}
    async with asyncio.timeout(5):
        await after.wait()


async def test_the_application_runs_little_ahead_of_its_reader() -> None:
    sent = 0

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        nonlocal sent
        await send(HEAD)
        for _ in range(10_000):
            await send(piece(sse("text", {"text": "a"})))
            sent += 1

    async with aclosing(open_events(URL, body=b"{}", bot_name="echo", app=app)) as events:
        await anext(events)
        await asyncio.sleep(0.05)
        assert sent < 200
