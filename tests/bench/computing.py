"""A served bot while the process computes in its main thread, as a kernel does that runs a cell.

``python -m tests.bench.computing WHO`` serves from a thread and says its port; for each line that it reads it computes
for a while and says how far it came.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import IO

from tests.bench.contest import OURS, THEIRS, Figures, Goal, Measure, Work
from tests.bench.contestants import KEY, app, bot, door
from tests.bench.driver import answer, query, request

_SECONDS = 2.0


@contextmanager
def _stage() -> Iterator[Mapping[str, Measure]]:
    yield {who: partial(_measured, who) for who in (OURS, THEIRS)}


def _measured(who: str) -> Figures:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.computing", who]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdin is not None
            address = process.stdout.readline().strip()
            alone = _told(process.stdin, process.stdout)
            figures: dict[str, float] = {}
            asked = threading.Thread(target=lambda: figures.update(asyncio.run(_asked(address))))
            asked.start()
            beside = _told(process.stdin, process.stdout)
            asked.join()
            return {**figures, "cell, loops/s": alone, "cell beside streams, loops/s": beside}
        finally:
            process.kill()


def _told(words: IO[str], replies: IO[str]) -> float:
    words.write("compute\n")
    words.flush()
    return float(replies.readline())


async def _asked(address: str) -> Figures:
    """Ask one thing after the other for as long as the computing lasts."""
    port, _, path = address.partition("/")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    asked, firsts, events = request(query("200"), f"/{path}"), [], 0
    await asyncio.sleep(0.2)
    start = time.perf_counter()
    while time.perf_counter() - start < _SECONDS * 0.8:
        first, count = await answer(reader, writer, asked)
        firsts.append(first)
        events += count
    seconds = time.perf_counter() - start
    writer.close()
    firsts.sort()
    return {"events/s": events / seconds, "first event p99, s": firsts[int(len(firsts) * 0.99)]}


def _serve(who: str) -> str:
    """Serve from a thread; the port and the path."""
    if who == OURS:
        import poebook

        served = poebook.serve(bot(poebook), "teller", key=KEY)
        return served.url.split(":")[2]
    import fastapi_poe
    import uvicorn

    sock = door()
    config = uvicorn.Config(app(fastapi_poe), loop="asyncio", http="h11", log_config=None, access_log=False)
    threading.Thread(target=uvicorn.Server(config).run, kwargs={"sockets": [sock]}, daemon=True).start()
    return f"{sock.getsockname()[1]}/"


def _compute(seconds: float) -> float:
    """Loops a second of pure Python."""
    end, start, loops, x = time.perf_counter() + seconds, time.perf_counter(), 0, 1
    while time.perf_counter() < end:
        for _ in range(1000):
            x = (x * 1103515245 + 12345) % 2147483648
        loops += 1
    return loops / (time.perf_counter() - start)


WORKS = (
    Work(
        "computing",
        "A served bot while a cell computes",
        _stage,
        (
            Goal("events/s", THEIRS, 30.0),
            Goal("first event p99, s", THEIRS, 0.25, more=False),
            Goal("cell, loops/s", THEIRS, 0.95),
        ),
        why="Each send gives up Python's lock, and a cell keeps it for a switch interval: 5 ms, or 0.1 ms while "
        "poebook answers. So much is served as the interval allows, 10,000 to 17,000 events a second. 30 times "
        "fastapi_poe can show only on a machine that does nothing else, where it serves 290 a second: on a busy "
        "one the cell is often too slow to take the lock, and fastapi_poe reaches 1,200 to 3,700. The goal for "
        "the cell is while nobody asks. Beside streams at full speed it keeps 0.6 of its own, as 12,000 events a "
        "second take the rest, and 0.9 beside fastapi_poe's thousand; an interval of 0.1 ms costs it no more than "
        "one of 0.5 ms did.",
    ),
)

if __name__ == "__main__":
    print(_serve(sys.argv[1]), flush=True)
    for _ in sys.stdin:
        print(_compute(_SECONDS), flush=True)
