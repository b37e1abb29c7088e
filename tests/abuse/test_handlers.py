"""Handlers that block, never end, never stop yielding or raise whatever there is: the others are served."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import poebook as fp
from tests.server.asking import events, query, streaming, text


class Troubled(fp.PoeBot):
    """Does what it is told."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
        what = request.query[-1].content
        if what == "never":
            await asyncio.Event().wait()
        elif what == "million":
            for _ in range(1_000_000):
                yield "x"
        elif what in _RAISED:
            yield "before "
            raise _RAISED[what]
        yield "fine"


_RAISED: dict[str, BaseException] = {
    "exit": SystemExit(3),
    "interrupt": KeyboardInterrupt(),
    "cancelled": asyncio.CancelledError(),
    "stop": StopAsyncIteration(),
    "closing": GeneratorExit(),
    "memory": MemoryError(),
    "recursion": RecursionError(),
    "group": BaseExceptionGroup("several", [SystemExit(1), ValueError("x")]),
    "odd": type("Odd", (BaseException,), {"__str__": lambda self: 1 / 0})(),
}


@pytest.fixture
def served() -> Iterator[fp.Served]:
    with fp.serve(Troubled(), "troubled", port=0, no_key=True) as one:
        yield one


@pytest.mark.parametrize("what", _RAISED)
async def test_whatever_a_handler_raises_its_answer_ends_and_the_next_is_given(served: fp.Served, what: str) -> None:
    async with asyncio.timeout(20):
        answer = await events(served.url, query(what))
        assert answer[0] == ("text", {"text": "before "})
        assert [name for name, _ in answer[1:]] == ["error", "done"]
        assert text(await events(served.url, query("go on"))) == "fine"


async def test_handlers_that_never_end_keep_nobody_waiting(served: fp.Served) -> None:
    async with asyncio.timeout(20):
        waiting = [asyncio.create_task(events(served.url, query("never"))) for _ in range(50)]
        await asyncio.sleep(0.3)
        assert text(await events(served.url, query("go on"))) == "fine"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_million_events_leave_room_for_others(served: fp.Served) -> None:
    async with asyncio.timeout(60), streaming(served.url, query("million")) as pieces:
        await anext(pieces)
        start = time.perf_counter()
        assert text(await events(served.url, query("go on"))) == "fine"
        assert time.perf_counter() - start < 10


async def test_a_handler_that_blocks_delays_and_harms_nothing() -> None:
    class Blocking(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
            for _ in range(3):
                time.sleep(0.2)  # noqa: ASYNC251  # as authors do
                yield "x"

    with (
        fp.serve(Blocking(), "blocking", port=0, no_key=True) as one,
        fp.serve(Troubled(), "other", no_key=True) as other,
    ):
        async with asyncio.timeout(20):
            both = await asyncio.gather(events(one.url), events(other.url, query("go on")))
    assert [text(answer) for answer in both] == ["xxx", "fine"]


async def test_200_swaps_under_load_lose_no_answer(served: fp.Served) -> None:
    failed: list[object] = []
    going = True

    async def ask() -> int:
        asked = 0
        while going:
            answer = await events(served.url, query("go on"))
            if text(answer) != "fine" or answer[-1][0] != "done":
                failed.append(answer)
            asked += 1
        return asked

    async with asyncio.timeout(60):
        tasks = [asyncio.create_task(ask()) for _ in range(4)]
        for _ in range(200):
            fp.serve(Troubled(), "troubled", no_key=True)
            await asyncio.sleep(0.01)  # in which the others ask
        going = False
        counts = await asyncio.gather(*tasks)
    assert not failed
    assert sum(counts) > 10
    assert served.version == 201
