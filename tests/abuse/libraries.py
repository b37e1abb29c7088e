"""Either library as what is abused: its server in a process of its own, and its client.

``python -m tests.abuse.libraries LIBRARY -p PORT`` serves the bot by the library's own ``run``, as its author would.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.server.asking import events, query, text

KEY = "k" * 32
SECRET = "postgres-password-7f3a"
PATIENCE_S = 30.0
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    library: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def memory(self) -> float:
        """Megabytes."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    @property
    def descriptors(self) -> int:
        return int(psutil.Process(self.process.pid).num_fds())

    async def told(self, wish: str) -> str:
        """What the bot says to *wish* in the end."""
        return text(await events(self.url, query(wish), key=KEY))

    async def goes_on(self) -> bool:
        """Whether the next one who asks is served."""
        with contextlib.suppress(httpx.HTTPError, AssertionError):
            return await self.told("say fine") == "fine"
        return False


@contextmanager
def running(library: str) -> Iterator[Server]:
    """The library's server, for the time of a block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "tests.abuse.libraries", library, "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=_ROOT, **quiet) as process:  # type: ignore[call-overload]  # two of its options
        try:
            _wait_for(port, process)
            yield Server(library, port, process)
        finally:
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended before it listened"
        assert time.monotonic() < end, "the server does not listen"
        time.sleep(0.05)


@dataclass
class Told:
    """What a client made of an answer."""

    parts: list[Any]
    error: BaseException | None
    seconds: float
    megabytes: float  # that the memory grew by, at its highest

    @property
    def texts(self) -> list[str]:
        return [part.text for part in self.parts]


class Client:
    """A library's client."""

    def __init__(self, library: str) -> None:
        self.library = library
        self.fp = importlib.import_module(library)

    def request(self) -> Any:
        message = self.fp.ProtocolMessage(role="user", content="hi")
        ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
        return self.fp.QueryRequest(version="1.2", type="query", query=[message], **ids)

    async def ask(self, base: str, *, patience_s: float | None = None) -> Told:
        """Ask the bot below *base* once; with *patience_s* the client's own long wait is that short."""
        parts: list[Any] = []
        error: BaseException | None = None
        start, before = time.perf_counter(), _most_memory()
        async with contextlib.AsyncExitStack() as stack:
            session = None
            if patience_s is not None:
                session = await stack.enter_async_context(httpx.AsyncClient(timeout=patience_s))
                if self.library == "poebook":  # which has a clock of its own for signs of life that are no answer
                    vars(importlib.import_module("poebook.client.pool"))["TIMEOUT_S"] = patience_s
            try:
                options = {"base_url": base, "num_tries": 1, "session": session}
                async for part in self.fp.stream_request(self.request(), "b", KEY, **options):
                    parts.append(part)
            except asyncio.CancelledError:
                raise
            except BaseException as raised:
                error = raised
        return Told(parts, error, time.perf_counter() - start, _most_memory() - before)

    def is_own(self, error: BaseException | None) -> bool:
        """Whether the library says of *error* that a bot may raise it."""
        return isinstance(error, self.fp.BotError)


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def bot(fp: Any) -> Any:
    """A bot that does what it is told: see ``_DEEDS``."""

    class Told(fp.PoeBot):  # type: ignore[misc]  # which library it is shows only here
        running = made = 0

        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            name, *words = request.query[-1].content.split() or ["say"]
            self.running += 1
            try:
                async for one in _DEEDS.get(name, _say)(self, *words):
                    yield fp.PartialResponse(text=one) if isinstance(one, str) else one
            finally:
                self.running -= 1

    return Told()


async def _say(self: Any, *words: str) -> AsyncIterator[Any]:
    yield " ".join(words)


async def _count(self: Any, count: str, size: str = "1", pause: str = "0") -> AsyncIterator[Any]:
    for number in range(int(count)):
        if float(pause):
            await asyncio.sleep(float(pause))
        self.made += 1
        yield f"{number} ".ljust(int(size))


async def _never(self: Any) -> AsyncIterator[Any]:
    await asyncio.Event().wait()
    yield "never"


async def _block(self: Any, seconds: str) -> AsyncIterator[Any]:
    time.sleep(float(seconds))  # noqa: ASYNC251  # as authors do
    yield "blocked"


async def _raise(self: Any, what: str) -> AsyncIterator[Any]:
    yield "before "
    raise RAISED[what]


async def _state(self: Any) -> AsyncIterator[Any]:
    yield f"{self.running - 1} {self.made}"


async def _nonsense(self: Any, what: str) -> AsyncIterator[Any]:
    yield {"number": 7, "none": None, "object": object(), "bytes": b"x", "surrogate": "\ud83d", "nul": "\x00"}[what]


_DEEDS: dict[str, Any] = {
    "say": _say,
    "count": _count,
    "never": _never,
    "block": _block,
    "raise": _raise,
    "state": _state,
    "nonsense": _nonsense,
}
RAISED: dict[str, BaseException] = {
    "SystemExit": SystemExit(3),
    "KeyboardInterrupt": KeyboardInterrupt(),
    "CancelledError": asyncio.CancelledError(),
    "StopAsyncIteration": StopAsyncIteration(),
    "MemoryError": MemoryError(),
    "RecursionError": RecursionError(),
    "BaseExceptionGroup": BaseExceptionGroup("several", [SystemExit(1), ValueError("x")]),
    "GeneratorExit": GeneratorExit(),
    "secret": ValueError(f"cannot reach postgres://admin:{SECRET}@db/"),
}


def _main(library: str) -> None:
    del sys.argv[1]  # what is left is for the library's own command line
    fp = importlib.import_module(library)
    fp.run(bot(fp), access_key=KEY)


if __name__ == "__main__":
    os.environ.pop("POE_ACCESS_KEY", None)
    _main(sys.argv[1])
