"""What a client does: long answers in small and in large pieces, many calls at once, calls in turn.

``python -m tests.bench.asking WHO WORK PORT`` does a work once and prints its figures.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock

from tests.bench.contest import LIMIT, OURS, THEIRS, Figures, Goal, Measure, Stage, Work
from tests.bench.contestants import KEY, running
from tests.bench.driver import query

Ask = Callable[[str, int], Awaitable[int]]  # a content and a length of history to the number of texts


def _stage(work: str) -> Stage:
    @contextmanager
    def stage() -> Iterator[Mapping[str, Measure]]:
        with running("raw") as server:
            yield {who: partial(_in_a_process, who, work, server.port) for who in (OURS, THEIRS, LIMIT)}

    return stage


def _in_a_process(who: str, work: str, port: int) -> Figures:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.asking", who, work, str(port)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _library(library: Any, port: int) -> Ask:
    async def ask(content: str, history: int) -> int:
        messages = [library.ProtocolMessage(**said) for said in query(content, history=history)["query"]]
        asked = library.QueryRequest(
            version="1.2", type="query", query=messages, user_id="u-1", conversation_id="c-1", message_id="m-1"
        )
        count = 0
        parts: AsyncIterator[Any] = library.stream_request(asked, "b", KEY, base_url=f"http://127.0.0.1:{port}/")
        async for _ in parts:
            count += 1
        return count

    return ask


def _httpx(port: int) -> Ask:
    import httpx

    client = httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None))

    async def ask(content: str, history: int) -> int:
        count = 0
        async with client.stream(
            "POST", f"http://127.0.0.1:{port}/b", json=query(content, history=history)
        ) as response:
            async for piece in response.aiter_bytes():
                count += piece.count(b"event: text")
        return count

    return ask


def _asker(who: str, port: int) -> Ask:
    if who == OURS:
        import poebook

        return _library(poebook, port)
    if who == THEIRS:
        import fastapi_poe

        return _library(fastapi_poe, port)
    return _httpx(port)


async def _long(ask: Ask, content: str, history: int) -> Figures:
    await ask("1", 0)
    start = time.perf_counter()
    count = await ask(content, history)
    return {"events/s": count / (time.perf_counter() - start)}


async def _at_once(ask: Ask) -> Figures:
    await ask("1", 0)
    start = time.perf_counter()
    await asyncio.gather(*(ask("50", 0) for _ in range(100)))
    return {"calls/s": 100 / (time.perf_counter() - start)}


async def _in_turn(ask: Ask) -> Figures:
    await ask("1", 0)
    opened: list[object] = []
    plain = socket.socket.connect

    def connect(one: socket.socket, address: Any) -> None:  # as sockets take it
        opened.append(address)
        plain(one, address)

    with mock.patch.object(socket.socket, "connect", connect):
        start = time.perf_counter()
        for _ in range(20):
            await ask("50", 0)
        return {"calls/s": 20 / (time.perf_counter() - start), "new connections": len(opened)}


_DRIVES: dict[str, Callable[[Ask], Coroutine[None, None, Figures]]] = {
    "small": lambda ask: _long(ask, "10000", 0),
    "large": lambda ask: _long(ask, "10000 16384", 0),
    "told": lambda ask: _long(ask, "2000", 100),
    "told-large": lambda ask: _long(ask, "2000 16384", 100),
    "at-once": _at_once,
    "in-turn": _in_turn,
}

_PIECES = (
    "Processor time an event: 13 to 15 us, fastapi_poe 35 to 47, raw httpx 9. Of what is ours, 4.1 us: the event out "
    "of its bytes 0.9, its JSON, its checks and the PartialResponse (made without validation) 1.75, the rest three "
    "generators and the clock that measures silence. "
)

WORKS = (
    Work(
        "ask-small",
        "stream_request over 10,000 events, a chunk each",
        _stage("small"),
        (Goal("events/s", THEIRS, 3.0), Goal("events/s", LIMIT, 0.5)),
        why=_PIECES,
    ),
    Work(
        "ask-large",
        "stream_request over 10,000 events in chunks of 16 kB",
        _stage("large"),
        (Goal("events/s", THEIRS, 7.0),),
    ),
    Work(
        "ask-history",
        "stream_request over 2,000 events, after 100 messages of history",
        _stage("told"),
        (Goal("events/s", THEIRS, 60.0),),
        why=_PIECES
        + "fastapi_poe makes the request's repr for each event, 0.6 ms. Raw httpx itself is 53 times as fast "
        "as that when a chunk holds one event, so 60 is beyond what reads by it.",
    ),
    Work(
        "ask-history-large",
        "The same in chunks of 16 kB",
        _stage("told-large"),
        (Goal("events/s", THEIRS, 60.0),),
    ),
    Work(
        "calls-at-once",
        "100 calls of 50 events at once",
        _stage("at-once"),
        (Goal("calls/s", THEIRS, 14.0), Goal("calls/s", LIMIT, 0.9)),
        why="100 connections are opened: 0.7 ms of httpx, anyio and asyncio each, and 0.5 to 0.9 ms for 50 events. "
        "fastapi_poe adds an SSL context, 20 ms, which is 10 to 12 times what raw httpx needs for all of it.",
    ),
    Work(
        "calls-in-turn",
        "20 calls of 50 events in turn",
        _stage("in-turn"),
        (Goal("calls/s", THEIRS, 16.0), Goal("new connections", None, 0, more=False)),
        why="A call takes 0.85 ms without its events (raw httpx 0.74) and 17 us an event (10). fastapi_poe takes 26 "
        "ms, of which 20 are an SSL context; raw httpx is 16.5 times as fast as that.",
    ),
)


if __name__ == "__main__":
    _who, _work, _port = sys.argv[1:]
    print(json.dumps(asyncio.run(_DRIVES[_work](_asker(_who, int(_port))))))
