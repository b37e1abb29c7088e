"""The blocking twins: in a script, inside a running loop, and when the caller stops early."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import gc
import inspect
import os
import signal
import threading
import time
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.client.portal import client_portal
from poebook.sync_utils import run_sync
from tests.client.player import DONE, Player, Scene, says, sse
from tests.client.test_tools import call, calls, tools
from tests.conftest import ServeApp

MESSAGES = [fp.ProtocolMessage(role="user", content="hi")]


def ask(base: str, **more: Any) -> Any:  # a generator, which a test looks at
    return fp.get_bot_response_sync(MESSAGES, "echo", "k", base_url=f"{base}/", **more)


def until(condition: Any) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_parts_come_in_a_script(serve_app: ServeApp) -> None:
    parts = ask(serve_app(Player([says("a", "b")])))
    assert [part.text for part in parts] == ["a", "b"]
    assert inspect.isgeneratorfunction(fp.get_bot_response_sync)


async def test_parts_come_inside_a_running_loop(serve_app: ServeApp) -> None:
    assert [part.text for part in ask(serve_app(Player([says("a", "b")])))] == ["a", "b"]


async def test_parts_come_on_the_portals_own_loop(serve_app: ServeApp) -> None:
    base = serve_app(Player([says("a", "b")]))

    async def nested() -> list[str]:
        return [part.text for part in ask(base)]

    assert await client_portal().wait(nested()) == ["a", "b"]


def test_parts_come_before_the_answer_has_ended(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", {"text": "a"})], hold=True)])
    parts = ask(serve_app(player))
    assert next(parts).text == "a"
    assert not player.left
    parts.close()
    until(lambda: player.left)


def test_a_generator_that_is_dropped_closes_its_stream(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", {"text": "a"})], hold=True)])
    base = serve_app(player)
    for _part in ask(base):
        break
    gc.collect()
    until(lambda: player.left)


def test_stopping_early_leaves_no_task(serve_app: ServeApp) -> None:
    parts = ask(serve_app(Player([Scene([sse("text", {"text": "a"})] * 5000, hold=True)])))
    next(parts)
    parts.close()
    portal = client_portal()

    async def others() -> int:
        return sum(task is not asyncio.current_task() for task in asyncio.all_tasks())

    until(lambda: portal.run(others()) == 0)


def test_a_slow_caller_gets_everything(serve_app: ServeApp) -> None:
    parts = ask(serve_app(Player([says(*[str(n) for n in range(3000)])])))
    first = next(parts)
    time.sleep(0.2)
    assert [first.text, *(part.text for part in parts)] == [str(n) for n in range(3000)]


def test_an_interrupt_ends_the_wait_and_closes_the_stream(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", {"text": "a"})], hold=True)])
    parts = ask(serve_app(player))
    next(parts)
    timer = threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        next(parts)
    timer.join()
    until(lambda: player.left)


def test_errors_reach_the_caller(serve_app: ServeApp) -> None:
    base = serve_app(Player([Scene([sse("text", {"text": "a"}), sse("error", {"text": "no"}), DONE])]))
    parts = ask(base)
    assert next(parts).text == "a"
    with pytest.raises(fp.BotError, match="no"):
        next(parts)


async def test_tools_run_in_the_callers_thread(serve_app: ServeApp) -> None:
    threads: list[str] = []

    def weather() -> str:
        threads.append(threading.current_thread().name)
        return "blue"

    async def now() -> str:
        return "noon"

    class Tide:
        def __call__(self) -> str:
            return "high"

    scene = Scene([calls(call("weather", "{}"), call("now", "{}", 1, "2"), call("tide", "{}", 2, "3")), DONE])
    player = Player([scene, says("done")])
    wanted = tools(fp, "weather", "now", "tide")
    parts = ask(serve_app(player), tools=wanted, tool_executables=[weather, now, Tide()])
    assert [part.text for part in parts] == ["done"]
    assert threads == [threading.current_thread().name]
    assert [r["content"] for r in player.asked[1].json["tool_results"]] == ['"blue"', '"noon"', '"high"']


def test_what_a_tool_raises_escapes(serve_app: ServeApp) -> None:
    def now() -> None:
        raise ZeroDivisionError("of the tool")

    parts = ask(serve_app(Player([Scene([calls(call("now", "{}")), DONE])])), tools=tools(), tool_executables=[now])
    with pytest.raises(ZeroDivisionError, match="of the tool"):
        list(parts)


def test_calls_in_turn_share_a_connection(serve_app: ServeApp) -> None:
    player = Player([says("a")])
    base = serve_app(player)
    for _ in range(20):
        list(ask(base))
    assert len(player.connections) == 1


def test_a_lent_session_works_in_a_script_and_stays_open(serve_app: ServeApp) -> None:
    base = serve_app(Player([says("a")]))
    session = httpx.AsyncClient()
    for _ in range(2):
        assert [part.text for part in ask(base, session=session)] == ["a"]
    assert not session.is_closed
    client_portal().run(session.aclose())


async def test_a_lent_session_is_refused_inside_a_running_loop() -> None:
    async with httpx.AsyncClient() as session:
        with pytest.raises(ValueError, match="session"):
            list(ask("http://127.0.0.1:9", session=session))
        with pytest.raises(ValueError, match="session"):
            fp.upload_file_sync(b"x", file_name="x", api_key="k", session=session)


variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


async def answer() -> str:
    await asyncio.sleep(0)
    return f"{variable.get()} in {threading.current_thread().name}"


def test_run_sync_runs_in_the_callers_thread_without_a_loop() -> None:
    assert run_sync(answer()) == f"unset in {threading.current_thread().name}"


async def test_run_sync_uses_a_thread_inside_a_loop_with_the_callers_context() -> None:
    variable.set("set")
    before = threading.active_count()
    assert run_sync(answer()) == "set in poebook-run-sync"
    assert threading.active_count() == before


async def test_run_sync_refuses_a_session_inside_a_loop() -> None:
    with pytest.raises(ValueError, match="session"):
        run_sync(answer(), session=object())


async def test_run_sync_takes_an_executor_of_the_callers() -> None:
    with concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="mine") as executor:
        assert run_sync(answer(), _executor_factory=lambda: executor) == "unset in mine_0"


async def test_run_sync_raises_what_the_coroutine_raises() -> None:
    async def fails() -> None:
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        run_sync(fails())
