"""A handler that blocks the loop is named in its bot's log while it does."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import poebook as fp
from poebook.runtime.registry import stop_all
from poebook.server.pulse import EVERY_S, PATIENCE_S, Held, Pulse

SAYS = "has held up all bots for more than a second. Await what takes time there"
LONG_S = 15.0


@pytest.fixture(autouse=True)
def nothing_runs() -> Iterator[None]:
    yield
    stop_all()


class Gate(fp.PoeBot):
    """Answers when it is let go."""

    let_go: threading.Event


class Blocking(Gate):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        self.let_go.wait(LONG_S)
        yield fp.PartialResponse(text="at last")


class Awaiting(Gate):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        await asyncio.to_thread(self.let_go.wait, LONG_S)
        yield fp.PartialResponse(text="at last")


class Beside(Gate):
    def get_response(self, request: fp.QueryRequest) -> str:  # type: ignore[override]  # a plain function will do
        self.let_go.wait(LONG_S)
        return "at last"


def served(bot: Gate, name: str) -> fp.Served:
    bot.let_go = threading.Event()
    return fp.serve(bot, name)


def told(bot: fp.Served) -> list[str]:
    return [line.text for line in bot.journal.lines if SAYS in line.text]


def test_a_handler_that_blocks_is_told_where_while_it_holds_the_others_up() -> None:
    blocking, other = Blocking(), fp.serve(fp.PoeBot(), "other")
    bot = served(blocking, "blocking")
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(bot.ask, "hi")
        end = time.monotonic() + LONG_S
        while not told(bot) and time.monotonic() < end:
            assert not asked.done()
            time.sleep(0.01)
        blocking.let_go.set()
        assert str(asked.result(LONG_S)) == "at last"
    (line,) = told(bot)
    assert "test_pulse.py, line " in line
    assert "in get_response" in line
    (call,) = bot.calls
    assert SAYS in bot.journal.written_for(call.message_id)[0][1], "it stands in the answer's trace"
    assert not told(other)


@pytest.mark.parametrize("kind", [Awaiting, Beside])
def test_a_handler_that_waits_as_it_should_is_not_told(kind: type[Gate]) -> None:
    waiting = kind()
    bot = served(waiting, "waiting")
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(bot.ask, "hi")
        for _ in range(3):  # one after another, over more than it takes to notice
            assert str(fp.serve(fp.PoeBot(), "other").ask("hi")) == "hello"
            threading.Event().wait((EVERY_S + PATIENCE_S) / 2)
        waiting.let_go.set()
        assert str(asked.result(LONG_S)) == "at last"
    assert not told(bot)


def test_the_script_around_the_loop_is_not_taken_for_a_handler() -> None:
    told: list[Held] = []
    let_go, held = threading.Event(), threading.Event()

    def script(bot: fp.PoeBot) -> None:
        async def main() -> None:
            pulse = Pulse(asyncio.get_running_loop(), threading.current_thread(), told.append)
            asyncio.get_running_loop().call_soon(held.set)
            asyncio.get_running_loop().call_soon(let_go.wait, LONG_S)  # no frame of an author's is below it
            await asyncio.sleep(0)
            pulse.end()

        asyncio.run(main())

    thread = threading.Thread(target=script, args=[fp.PoeBot()])
    thread.start()
    assert held.wait(LONG_S)
    threading.Event().wait(EVERY_S + PATIENCE_S + 0.5)  # until it was noticed
    let_go.set()
    thread.join(LONG_S)
    assert not told


def test_no_thread_is_left() -> None:
    with fp.serve(fp.PoeBot(), "brief") as bot:
        bot.ask("hi")
        assert any(one.name == "poebook-pulse" for one in threading.enumerate())
    assert not any(one.name == "poebook-pulse" for one in threading.enumerate())
