"""``poebook serve`` as a process of its own: where it answers, what it says, and an end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.keyless.hearing import hear

PATIENCE = 90.0  # three processes in a row may have to start, on a machine that has more to do
QUERY = {
    "version": "1.2",
    "type": "query",
    "query": [{"role": "user", "content": "hi", "message_id": "m-1"}],
    "user_id": "u-1",
    "conversation_id": "c-1",
    "message_id": "m-2",
}
BOTS = """\
import asyncio
import os

import poebook as fp


class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield request.query[-1].content


class Worker(fp.PoeBot):
    '''Says which process answers.'''

    async def get_response(self, request):
        yield str(os.getpid())


class Slow(fp.PoeBot):
    '''Says its process, then as many words as it is asked for, ten in a second, until a file `over` is there.'''

    async def get_response(self, request):
        yield f"{os.getpid()} "
        for number in range(int(request.query[-1].content)):
            await asyncio.sleep(0.1)
            if os.path.exists("over"):
                break
            yield f"{number} "
        yield "end"
"""


@dataclass
class Running:
    """A service that runs; ``said`` and ``logged`` are the lines of its two outputs so far."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    @property
    def urls(self) -> dict[str, str]:
        """Where each bot says that it is."""
        found = (re.match(r"(\S+) is running on (\S+)", line) for line in [*self.said, *self.logged])
        return {one[1]: one[2] for one in found if one}

    @property
    def url(self) -> str:
        return next(iter(self.urls.values()))

    @property
    def root(self) -> str:
        return "/".join(self.url.split("/")[:3])

    @property
    def port(self) -> int:
        return int(self.root.rpartition(":")[2])

    def wait_for(self, words: str, patience: float = PATIENCE) -> None:
        """Until one of its lines has *words*."""
        until(lambda: any(words in line for line in [*self.said, *self.logged]), f"{words!r}: {self.told}", patience)

    @property
    def told(self) -> str:
        return "".join([*self.said, *self.logged])

    def end(self, sig: int) -> int:
        """Send a signal; the exit status."""
        self.process.send_signal(sig)
        return self.process.wait(PATIENCE)


@contextmanager
def running(
    *words: str,
    folder: Path,
    port: int = 0,
    meanwhile: Callable[[str], None] = lambda told: None,
    **environment: str,
) -> Iterator[Running]:
    """``poebook serve WORDS``, once it says where it runs; ended in any case.

    *meanwhile* is given what it has told until then, again and again.
    """
    command = [sys.executable, "-m", "poebook", "serve", *words, "--port", str(port), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    service = Running(process)
    readers = [
        threading.Thread(target=lines.extend, args=[stream], daemon=True)
        for lines, stream in ((service.said, process.stdout), (service.logged, process.stderr))
    ]
    for one in readers:
        one.start()
    try:

        def is_settled() -> bool:
            meanwhile(service.told)
            return bool(service.urls) or process.poll() is not None

        until(is_settled, service)
        until(lambda: bool(service.urls) or not any(one.is_alive() for one in readers), service)
        assert service.urls, service.told
        yield service
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        for one in readers:
            one.join(PATIENCE)
        process.stdout.close()
        process.stderr.close()
        hear("what a service said", service.told)


def until(happened: Callable[[], bool], what: object = "", patience: float = PATIENCE) -> None:
    """Wait for *happened*."""
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, f"not in {patience:.0f} s: {what}"
        time.sleep(0.02)


def asked(url: str, text: str = "hi", key: str | None = None) -> str:
    """The text that a bot answers, on a connection of its own."""
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    answer = httpx.post(url, json=query(text), headers=headers, timeout=PATIENCE)
    answer.raise_for_status()
    return "".join(re.findall(r'data: \{"text":\s*"(.*?)"\}', answer.text))


def query(text: str) -> dict[str, object]:
    """A query as Poe sends it."""
    return {**QUERY, "query": [{"role": "user", "content": text, "message_id": "m-1"}]}


@dataclass
class Stream:
    """An answer that comes: the process that makes it (once its first event is there), and how it ended."""

    worker: int = 0
    text: str = ""
    whole: bool = False


async def streamed(client: httpx.AsyncClient, url: str, text: str, stream: Stream) -> None:
    """Ask, and keep in *stream* what comes; a connection that breaks leaves it less than whole."""
    with contextlib.suppress(httpx.HTTPError):
        async with client.stream("POST", url, json=query(text)) as answer:
            async for line in answer.aiter_lines():
                if found := re.match(r'data: \{"text":\s*"(.*)"\}', line):
                    stream.text += found[1]
                    stream.worker = stream.worker or int(found[1])
                stream.whole = stream.whole or line.strip() == "event: done"


def streaming(url: str, text: str, number: int) -> tuple[list[Stream], Callable[[], None]]:
    """Ask *number* times in the background, in ten lots: when one is under way, the next asks; so all workers get some.

    The streams, and what waits for their ends.
    """
    streams = [Stream() for _ in range(number)]
    lot = max(1, number // 10)

    async def ask() -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with (
            httpx.AsyncClient(timeout=PATIENCE, limits=limits, verify=False) as client,
            asyncio.TaskGroup() as all_,
        ):
            for start in range(0, number, lot):
                asked = streams[start : start + lot]
                tasks = [all_.create_task(streamed(client, url, text, one)) for one in asked]
                while not all(one.worker or task.done() for one, task in zip(asked, tasks, strict=True)):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)

    thread = threading.Thread(target=lambda: asyncio.run(ask()), daemon=True)
    thread.start()

    def wait() -> None:
        thread.join(PATIENCE * 2)
        assert not thread.is_alive(), "the streams have not ended"

    return streams, wait
