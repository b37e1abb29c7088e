"""Many readers at once: complete and in order; slow ones and vanished ones cost the others nothing."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import psutil
import pytest

import poebook as fp
from poebook.server.endpoint import BotEndpoint
from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.server.asking import query, read
from tests.webserver import serving

MANY = 500


class Teller(fp.PoeBot):
    """Told ``COUNT SIZE PAUSE``: so many events, of so many letters, so many seconds apart."""

    def __init__(self) -> None:
        super().__init__()
        self.running = 0
        self.made = 0

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        count, size, pause = request.query[-1].content.split()
        self.running += 1
        try:
            for number in range(int(count)):
                if float(pause):
                    await asyncio.sleep(float(pause))
                self.made += 1
                yield fp.PartialResponse(text=f"{number} ".ljust(int(size)))
        finally:
            self.running -= 1


@pytest.fixture
def bot() -> Teller:
    return Teller()


@pytest.fixture
def url(bot: Teller) -> Iterator[str]:
    with serving(BotEndpoint(bot, key=None), backlog=2048) as address:
        yield address


async def until(condition: Any, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def _texts(stream: bytes) -> list[str]:
    chunks, rest = [], stream
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        chunks.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    return [data["text"].strip() for name, data in read(b"".join(chunks)) if name == "text"]


async def _asked(url: str, wish: str) -> list[str]:
    async with connected(url) as (reader, writer):
        writer.write(asking(query(wish)))
        await head_of(reader)
        return _texts(await rest_of(reader))


async def test_500_streams_at_once_are_complete_and_in_order(url: str) -> None:
    answers = await asyncio.gather(*(_asked(url, f"{20 + number % 7} 1 0.005") for number in range(MANY)))
    assert answers == [[str(i) for i in range(20 + number % 7)] for number in range(MANY)]


async def test_500_readers_that_vanish_leave_nothing_behind(bot: Teller, url: str) -> None:
    files = psutil.Process().num_fds()
    streams = [await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2])) for _ in range(MANY)]
    for _, writer in streams:
        writer.write(asking(query("100000 1 0.02")))
    await until(lambda: bot.running == MANY)
    for _, writer in streams:
        writer.transport.abort()
    await until(lambda: bot.running == 0)
    await until(lambda: psutil.Process().num_fds() <= files + 5)
    assert await _asked(url, "2 1 0") == ["0", "1"]


async def test_a_reader_that_does_not_read_holds_up_its_own_stream_only(bot: Teller, url: str) -> None:
    async with connected(url) as (reader, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
        writer.write(asking(query("1000000 1000 0")))
        made = -1
        while made != bot.made:  # it stands still when the way is full
            made = bot.made
            await asyncio.sleep(0.3)
        assert made < 100_000, "what nobody reads is not made"
        start = time.perf_counter()
        assert len(await _asked(url, "50 1 0")) == 50
        assert time.perf_counter() - start < 5
        del reader
    await until(lambda: bot.running == 0)


async def test_streams_under_way_end_well_when_the_server_stops() -> None:
    bot = Teller()
    with ExitStack() as stack:
        url = stack.enter_context(serving(BotEndpoint(bot, key=None), timeout_graceful_shutdown=10))
        asked = asyncio.create_task(_asked(url, "20 1 0.05"))
        await until(lambda: bot.made > 2)
        await asyncio.get_running_loop().run_in_executor(None, stack.close)
        assert await asked == [str(number) for number in range(20)]


async def test_nothing_grows_with_the_number_of_answers(url: str) -> None:
    counts, threads = [], threading.active_count()
    for _ in range(6):
        await asyncio.gather(*(_asked(url, "5 1 0") for _ in range(100)))
        gc.collect()
        counts.append(len(gc.get_objects()))
    assert min(after - before for before, after in pairwise(counts)) < 200  # what leaks grows each time
    assert threading.active_count() < threads + 10
