"""A reader who leaves ends the handler; one who stays is told that the stream lives."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import poebook as fp
from poebook.server import reader
from poebook.server.endpoint import BotEndpoint
from poebook.server.observer import Quiet
from tests.conftest import ServeApp
from tests.server.asking import events, query, streaming, text

PATIENCE = 10.0


class _Outcomes(Quiet):
    """Keeps how queries ended."""

    def __init__(self) -> None:
        self.ended_as: list[str] = []
        self.failures: list[BaseException] = []
        self.is_over = threading.Event()

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        self.failures.append(exc)

    def ended(self, bot: object, request: object, outcome: str) -> None:
        self.ended_as.append(outcome)
        self.is_over.set()


async def _leave(serve_app: ServeApp, bot: fp.PoeBot) -> _Outcomes:
    """Read the start of an answer, leave, and wait until its query is over."""
    seen = _Outcomes()
    url = serve_app(BotEndpoint(bot, key=None, observer=seen))
    async with streaming(url) as chunks:
        await anext(chunks)
    assert await asyncio.to_thread(seen.is_over.wait, PATIENCE)
    return seen


async def test_a_handler_that_waits_is_cancelled_and_its_finally_runs(serve_app: ServeApp) -> None:
    steps: list[str] = []

    class Bot(fp.PoeBot):
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            try:
                yield "start"
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                steps.append("cancelled")
                raise
            finally:
                await asyncio.sleep(0)
                steps.append("finally")

    seen = await _leave(serve_app, Bot())
    assert steps == ["cancelled", "finally"]
    assert (seen.ended_as, seen.failures) == (["left"], [])


async def test_a_handler_that_never_waits_is_ended_too(serve_app: ServeApp) -> None:
    steps: list[str] = []

    class Bot(fp.PoeBot):
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            try:
                while True:
                    yield "more"
            finally:
                steps.append("finally")

    assert (await _leave(serve_app, Bot())).ended_as == ["left"]
    assert steps == ["finally"]


async def test_a_handler_that_swallows_the_cancellation_gets_no_further_than_its_next_yield(
    serve_app: ServeApp,
) -> None:
    steps: list[str] = []

    class Bot(fp.PoeBot):
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            yield "start"
            try:
                await asyncio.Event().wait()
            except BaseException:
                steps.append("swallowed")
            yield "more"
            steps.append("went on")

    assert (await _leave(serve_app, Bot())).ended_as == ["left"]
    assert steps == ["swallowed"]


async def test_a_blocking_generator_ends_at_its_next_yield(serve_app: ServeApp) -> None:
    closed = threading.Event()

    class Bot(fp.PoeBot):
        def get_response(self, request: Any) -> Iterator[Any]:  # type: ignore[override]  # a slip that works
            try:
                while True:
                    yield "more"
            finally:
                closed.set()

    await _leave(serve_app, Bot())
    assert await asyncio.to_thread(closed.wait, PATIENCE)


async def test_other_streams_go_on_when_one_is_left(serve_app: ServeApp) -> None:
    left = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Bot(fp.PoeBot):
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            yield "start"
            if request.query[-1].content == "stay":
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(left.wait(), loop))
                yield " and end"
            else:
                await asyncio.Event().wait()

    bot, seen = Bot(), _Outcomes()
    url = serve_app(BotEndpoint(bot, key=None, observer=seen))
    staying = asyncio.create_task(events(url, query("stay")))
    async with streaming(url) as chunks:
        await anext(chunks)
    assert await asyncio.to_thread(seen.is_over.wait, PATIENCE)
    left.set()
    assert text(await staying) == "start and end"
    assert seen.ended_as[0] == "left"


async def test_a_quiet_stream_is_kept_alive_by_comments(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PING_EVERY_S", 0.02)
    pinged = threading.Event()

    class Bot(fp.PoeBot):
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            await asyncio.to_thread(pinged.wait, PATIENCE)
            yield "end"

    stream = b""
    async with streaming(serve_app(fp.make_app(Bot(), allow_without_key=True))) as chunks:
        async for chunk in chunks:
            stream += chunk
            if stream.count(b": ping - ") >= 2:
                pinged.set()
    assert stream.startswith(b": ping - ")
    assert stream.endswith(b'event: text\r\ndata: {"text": "end"}\r\n\r\nevent: done\r\ndata: {}\r\n\r\n')


async def test_a_server_that_says_the_reader_has_gone_by_an_error_is_understood() -> None:
    class Bot(fp.PoeBot):
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            while True:
                yield "more"

    seen = _Outcomes()
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not messages:
            return {"type": "http.request", "body": json.dumps(query()).encode()}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        messages.append(message)
        if message["type"] == "http.response.body":
            raise BrokenPipeError

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    await BotEndpoint(Bot(), key=None, observer=seen)(scope, receive, send)
    assert (seen.ended_as, seen.failures) == (["left"], [])


async def test_an_end_that_the_server_calls_a_leaving_is_an_end() -> None:
    seen = _Outcomes()
    sent: list[Any] = []
    over = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not sent:
            return {"type": "http.request", "body": json.dumps(query()).encode()}
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if not message.get("more_body", True):
            over.set()
            for _ in range(5):
                await asyncio.sleep(0)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    await BotEndpoint(fp.PoeBot(), key=None, observer=seen)(scope, receive, send)
    assert seen.ended_as == ["done"]
