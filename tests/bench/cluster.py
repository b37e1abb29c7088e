"""What a cluster costs: the same bot by ``poebook serve`` alone and with ``--engine ray``, on this machine, in one run.

``python -m tests.bench.cluster --rounds 7``, after ``python3 -m tests ray`` has made the environment that has Ray. The
two are asked in turn, round by round; what counts is the median of the rounds' own ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from poebook.server.sockets import listening
from tests.bench.contestants import KEY
from tests.bench.driver import answer, query, request
from tests.cluster.machines import surroundings
from tests.runner import cluster

TELLER = """\
import asyncio

import poebook as fp


class Teller(fp.PoeBot):
    async def get_response(self, request):
        count, _, pause = request.query[-1].content.partition(" ")
        for _ in range(int(count)):
            if pause:
                await asyncio.sleep(float(pause))
            yield fp.PartialResponse(text="and then ")
"""
STREAMS = 300
TOKENS = 40
PAUSE_S = 0.1
_MEMORY = "... memory a stream, kB (at the first time)"
_PARTS = ("ray::ServeReplica", "ray::ProxyActor")  # what an answer goes through


@dataclass(frozen=True)
class Service:
    """One that serves the bot: its port, and the processes that an answer goes through."""

    port: int
    processes: list[psutil.Process]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(times.user + times.system for times in (one.cpu_times() for one in self.processes))

    def memory(self) -> int:
        """Bytes of their own in memory."""
        return sum(one.memory_full_info().uss for one in self.processes)


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[Service]:
    """The command line, serving."""
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
    where = ("--host", "127.0.0.1", "--port", str(port))
    command = [str(cluster.python()), "-m", "poebook", "serve", "teller.py", *where]
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            [*command, "--log-level", "warning", *words],
            cwd=folder,
            env=surroundings(POE_ACCESS_KEY=KEY),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            if not any(" is running on " in line for line in process.stdout):
                log.seek(0)
                raise RuntimeError(f"it did not start: {command}\n{log.read()}")
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            through = [one for one in family if one.cmdline() and one.cmdline()[0].startswith(_PARTS)]
            yield Service(port, through or family[:1])
        finally:
            process.terminate()


async def short(service: Service) -> dict[str, float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    asked = request(query("1"))
    start = time.perf_counter()
    for _ in range(200):
        await answer(reader, writer, asked)
    seconds = time.perf_counter() - start
    writer.close()
    return {"a short answer, ms": seconds * 1000 / 200}


async def long(service: Service) -> dict[str, float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    start = time.perf_counter()
    _, count = await answer(reader, writer, request(query("5000")))
    seconds = time.perf_counter() - start
    writer.close()
    assert count == 5000
    return {"a stream of 5,000 events, events/s": count / seconds}


async def paced(service: Service) -> dict[str, float]:
    before, cpu = service.memory(), service.cpu()
    asked = request(query(f"{TOKENS} {PAUSE_S}"))

    async def one() -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        first, count = await answer(reader, writer, asked)
        assert count == TOKENS
        writer.close()
        return first

    start = time.perf_counter()
    tasks = [asyncio.create_task(one()) for _ in range(STREAMS)]
    await asyncio.sleep(TOKENS * PAUSE_S / 2)
    most = service.memory()
    firsts = sorted(await asyncio.gather(*tasks))
    seconds = time.perf_counter() - start
    used = service.cpu() - cpu
    return {
        f"{STREAMS} streams, ten events a second each: streams a core": STREAMS * (TOKENS * PAUSE_S) / used,
        _MEMORY: (most - before) / STREAMS / 1000,
        "... first event p50, s": firsts[STREAMS // 2],
        "... seconds in all": seconds,
    }


WORKS: tuple[Callable[[Service], Awaitable[dict[str, float]]], ...] = (short, long, paced)


async def _all(service: Service) -> dict[str, float]:
    figures: dict[str, float] = {}
    for work in WORKS:
        figures |= await work(service)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cluster", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "teller.py").write_text(TELLER)
        plain = stack.enter_context(serving(folder))
        on_ray = stack.enter_context(serving(folder, "--engine", "ray", "--streams", "1000"))
        memory: list[float] = []
        got: list[tuple[dict[str, float], dict[str, float]]] = []
        for number in range(-1, rounds):  # the first one warms up
            pair = (plain, on_ray) if number % 2 else (on_ray, plain)
            first, second = (asyncio.run(_all(one)) for one in pair)
            figures = (first, second) if pair[0] is plain else (second, first)
            if number < 0:
                memory = [one[_MEMORY] for one in figures]
            else:  # what a process once had it keeps, and the next streams have it without a word
                got.append(({**figures[0], _MEMORY: memory[0]}, {**figures[1], _MEMORY: memory[1]}))
    print(f"{'':<58}{'alone':>12}{'on Ray':>12}{'ratio':>10}{'spread':>16}")
    for name in got[0][0]:
        ratios = sorted(ray[name] / alone[name] for alone, ray in got if alone[name])
        middle = [statistics.median(one[at][name] for one in got) for at in (0, 1)]
        spread = f"{ratios[0]:.2f}-{ratios[-1]:.2f}"
        print(f"{name:<58}{middle[0]:>12.4g}{middle[1]:>12.4g}{statistics.median(ratios):>10.2f}{spread:>16}")


if __name__ == "__main__":
    main()
