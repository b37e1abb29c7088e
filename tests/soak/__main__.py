"""``python3 -m tests.soak``: one server, all kinds of askers, and a table of what grows."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.server.asking import query

_AT_ONCE = 20
_COLUMNS = ("minute", "memory MB", "tasks", "descriptors", "threads", "answers", "failed", "p50 ms", "p99 ms")


@dataclass
class Tally:
    """What the askers saw since the last row."""

    times: list[float] = field(default_factory=list)
    answers: int = 0
    failed: int = 0
    causes: Counter[str] = field(default_factory=Counter)


class Asker:
    """Asks one thing after the other, as different people would."""

    def __init__(self, url: str, tally: Tally, seed: int) -> None:
        self.url = url
        self.path = "/" + url.split("/", 3)[3]
        self.tally = tally
        self.chance = random.Random(seed)

    async def forever(self) -> None:
        kinds: list[Callable[[], Awaitable[None]]] = [self.short, self.short, self.long, self.leaving, self.nonsense]
        while True:
            try:
                await self.chance.choice(kinds)()
            except (OSError, asyncio.IncompleteReadError, TimeoutError, AssertionError) as error:
                self.tally.failed += 1
                self.tally.causes[f"{type(error).__name__} {error}".strip()] += 1
            await asyncio.sleep(self.chance.random() * 0.05)

    async def short(self) -> None:
        start = time.perf_counter()
        await self._whole("1 0")
        self.tally.times.append(time.perf_counter() - start)

    async def long(self) -> None:
        await self._whole("300 0.001")

    async def _whole(self, wish: str) -> None:
        async with connected(self.url) as (reader, writer):
            writer.write(asking(query(wish), path=self.path))
            assert b" 200 " in await head_of(reader)
            assert b"event: done" in await rest_of(reader)
        self.tally.answers += 1

    async def leaving(self) -> None:
        async with connected(self.url) as (reader, writer):
            writer.write(asking(query("100000 0.01"), path=self.path))
            await head_of(reader)
            await reader.read(100)

    async def nonsense(self) -> None:
        async with connected(self.url) as (reader, writer):
            writer.write(asking(self.chance.randbytes(200), path=self.path))
            assert b" 400 " in await head_of(reader)


async def _soak(minutes: float, every: float, process: subprocess.Popen[str]) -> list[dict[str, float]]:
    assert process.stdout is not None
    tally, rows = Tally(), []
    url = process.stdout.readline().strip()
    askers = [asyncio.create_task(Asker(url, tally, seed).forever()) for seed in range(_AT_ONCE)]
    start = time.perf_counter()
    print("  ".join(f"{name:>11}" for name in _COLUMNS), flush=True)
    while (passed := time.perf_counter() - start) < minutes * 60:
        await asyncio.sleep(min(every, minutes * 60 - passed))
        seen = await asyncio.to_thread(_state, process)
        times = sorted(tally.times) or [0.0]
        row = {
            "minute": (time.perf_counter() - start) / 60,
            **seen,
            "answers": tally.answers,
            "failed": tally.failed,
            "p50 ms": times[len(times) // 2] * 1000,
            "p99 ms": times[int(len(times) * 0.99)] * 1000,
        }
        tally.times, tally.answers, tally.failed = [], 0, 0
        rows.append(row)
        print("  ".join(f"{row[name]:>11,.1f}" for name in _COLUMNS), flush=True)
    for asker in askers:
        asker.cancel()
    for cause, count in tally.causes.most_common():
        print(f"{count} times: {cause}")
    return rows


def _state(process: subprocess.Popen[str]) -> dict[str, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("state\n")
    process.stdin.flush()
    state: dict[str, float] = json.loads(process.stdout.readline())
    return state


def _flat(rows: list[dict[str, float]], name: str, room: float) -> bool:
    """Whether the last third is no higher than the middle one, but for *room*."""
    third = max(1, len(rows) // 3)
    middle, last = ([row[name] for row in part] for part in (rows[third : 2 * third], rows[-third:]))
    return not middle or sum(last) / len(last) <= sum(middle) / len(middle) * (1 + room) + 2


def main() -> int:
    """Run it; 0 when nothing grew and nothing failed."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.soak", description="Mixed traffic, watched for growth.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="seconds between two rows")
    said = parser.parse_args()
    command = [sys.executable, "-m", "tests.soak.served"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            rows = asyncio.run(_soak(said.minutes, said.every, process))
        finally:
            process.kill()
    grew = [name for name in ("memory MB", "tasks", "descriptors", "threads") if not _flat(rows, name, 0.05)]
    failed = sum(row["failed"] for row in rows)
    print(f"\n{'Flat' if not grew else 'Grew: ' + ', '.join(grew)}; {failed:.0f} failed.")
    return 1 if grew or failed else 0


if __name__ == "__main__":
    sys.exit(main())
