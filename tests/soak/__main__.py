"""``python3 -m tests.soak``: one server, all kinds of askers, and a table of what grows.

An answer that comes late is the machine's, which may have been busy: it is counted, with the askers' own longest pause
beside it. One that does not come at all, or not whole, is the server's, and fails the run.
"""

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

from tests.abuse.raw import asking, connected
from tests.server.asking import query

_AT_ONCE = 20
_LATE_S = 10.0  # an answer that takes longer by so much than its bot needs
_LOST_S = 180.0
_BEAT_S = 0.05
_COLUMNS = (
    "minute", "memory MB", "tasks", "descriptors", "threads", "answers", "late", "lost", "p50 ms", "p99 ms", "pause ms"
)  # fmt: skip


@dataclass
class Tally:
    """What the askers saw since the last row."""

    times: list[float] = field(default_factory=list)
    answers: int = 0
    late: int = 0
    lost: int = 0
    pause: float = 0.0  # seconds, the longest in which the askers themselves did not run
    causes: Counter[str] = field(default_factory=Counter)  # of what was lost, in the whole run

    def row(self) -> dict[str, float]:
        """What there was since the last row; it begins anew."""
        times = sorted(self.times) or [0.0]
        row = {
            "answers": self.answers,
            "late": self.late,
            "lost": self.lost,
            "p50 ms": times[len(times) // 2] * 1000,
            "p99 ms": times[int(len(times) * 0.99)] * 1000,
            "pause ms": self.pause * 1000,
        }
        self.times, self.answers, self.late, self.lost, self.pause = [], 0, 0, 0, 0.0
        return row

    async def watch(self) -> None:
        """Notice for how long nobody here could run."""
        while True:
            start = time.perf_counter()
            await asyncio.sleep(_BEAT_S)
            self.pause = max(self.pause, time.perf_counter() - start - _BEAT_S)


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
            kind = self.chance.choice(kinds)
            start = time.perf_counter()
            try:
                async with asyncio.timeout(_LOST_S):
                    await kind()
            except TimeoutError:
                self._lose(f"{kind.__name__}: no end within {_LOST_S:.0f} s")
            except (OSError, asyncio.IncompleteReadError, AssertionError) as error:
                self._lose(f"{kind.__name__}: {type(error).__name__} {error}".strip())
            else:
                self.tally.late += time.perf_counter() - start > _LATE_S
            await asyncio.sleep(self.chance.random() * 0.05)

    def _lose(self, why: str) -> None:
        self.tally.lost += 1
        self.tally.causes[why] += 1

    async def short(self) -> None:
        start = time.perf_counter()
        await self._whole("1 0")
        self.tally.times.append(time.perf_counter() - start)

    async def long(self) -> None:
        await self._whole("300 0.001")

    async def _whole(self, wish: str) -> None:
        async with connected(self.url) as (reader, writer):
            writer.write(asking(query(wish), path=self.path))
            assert b" 200 " in await _head(reader), "an answer that is none"
            assert b"event: done" in await _rest(reader), "an answer without its end"
        self.tally.answers += 1

    async def leaving(self) -> None:
        async with connected(self.url) as (reader, writer):
            writer.write(asking(query("100000 0.01"), path=self.path))
            await _head(reader)
            await reader.read(100)

    async def nonsense(self) -> None:
        async with connected(self.url) as (reader, writer):
            writer.write(asking(self.chance.randbytes(200), path=self.path))
            assert b" 400 " in await _head(reader), "nonsense that is not refused"


async def _head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def _rest(reader: asyncio.StreamReader) -> bytes:
    got = b""
    while not got.endswith(b"0\r\n\r\n") and (piece := await reader.read(1 << 16)):
        got += piece
    return got


async def _soak(minutes: float, every: float, process: subprocess.Popen[str]) -> list[dict[str, float]]:
    assert process.stdout is not None
    tally, rows = Tally(), []
    url = process.stdout.readline().strip()
    tasks = [asyncio.create_task(Asker(url, tally, seed).forever()) for seed in range(_AT_ONCE)]
    tasks.append(asyncio.create_task(tally.watch()))
    start = time.perf_counter()
    print("  ".join(f"{name:>11}" for name in _COLUMNS), flush=True)
    while (passed := time.perf_counter() - start) < minutes * 60 - 0.5:
        await asyncio.sleep(min(every, minutes * 60 - passed))
        seen = await asyncio.to_thread(_state, process)
        row = {"minute": (time.perf_counter() - start) / 60, **seen, **tally.row()}
        rows.append(row)
        print("  ".join(f"{row[name]:>11,.{name == 'minute':d}f}" for name in _COLUMNS), flush=True)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
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
    """Run it; 0 when nothing grew and no answer was lost."""
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
    answers, late, lost = (sum(row[name] for row in rows) for name in ("answers", "late", "lost"))
    print(f"\n{'Flat' if not grew else 'Grew: ' + ', '.join(grew)}.", end=" ")
    print(f"{answers:,.0f} whole answers, {late:.0f} later than {_LATE_S:.0f} s, {lost:.0f} lost.")
    return 1 if grew or lost else 0


if __name__ == "__main__":
    sys.exit(main())
