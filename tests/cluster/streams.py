"""Many answers at once, each over a connection of its own, and who gives them."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import psutil

from tests.cluster.machines import PATIENCE

BOT = '''\
import asyncio
import os
from pathlib import Path

import poebook as fp

from words import VERSION


class Keeper(fp.PoeBot):
    """Says who it is, and ends its answer once the file that it is asked about is there."""

    async def get_response(self, request):
        asked = Path(request.query[-1].content)
        yield f"{VERSION} {os.getpid()} {os.environ.get('FLAVOUR')} "
        try:
            while asked.name != "now" and not asked.exists():
                yield "."
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            asked.with_suffix(".cancelled").write_text(VERSION)
            raise
        yield "end"
'''


def query(content: str) -> dict[str, object]:
    """A question as it travels."""
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    return {"version": "1.2", "type": "query", "query": [{"role": "user", "content": content}], **ids}


@dataclass(eq=False)
class Answer:
    """What came of one question, so far."""

    status: int = 0
    text: str = ""
    done: bool = False
    ends: tuple[object, ...] = ()  # of the connection: this one, and the other
    proxy: int = 0  # the process at its other end
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def version(self) -> str:
        return self.text.split()[0]

    @property
    def replica(self) -> int:
        return int(self.text.split()[1])

    @property
    def whole(self) -> bool:
        return self.done and self.text.endswith("end")


_TLS = ssl.create_default_context()  # made once: it takes longer than a question


async def ask(url: str, key: str, content: str, answer: Answer | None = None) -> Answer:
    """Ask, and read what comes into *answer*; it ends where the connection breaks."""
    into = Answer() if answer is None else answer
    try:
        async with (
            httpx.AsyncClient(timeout=PATIENCE, verify=_TLS) as client,
            client.stream("POST", url, json=query(content), headers={"authorization": f"Bearer {key}"}) as response,
        ):
            into.status = response.status_code
            stream = response.extensions["network_stream"]
            into.ends = tuple(stream.get_extra_info(name) for name in ("client_addr", "server_addr"))
            event = ""
            async for line in response.aiter_lines():
                name, _, data = line.partition(": ")
                if name == "event":
                    event = data
                elif name == "data" and event == "text":
                    into.text += json.loads(data)["text"]
                    into.begun.set()
                elif name == "data" and event == "done":
                    into.done = True
    except httpx.TransportError:
        pass
    finally:
        into.begun.set()
    return into


async def begin(url: str, key: str, content: str, count: int) -> tuple[list[Answer], list[asyncio.Task[Answer]]]:
    """*count* answers at once, all of which have begun."""
    answers = [Answer() for _ in range(count)]
    tasks = [asyncio.create_task(ask(url, key, content, one)) for one in answers]
    await asyncio.wait_for(asyncio.gather(*(one.begun.wait() for one in answers)), PATIENCE)
    # by both ends: another connection may have the same port at another address
    proxies: dict[tuple[object, ...], int] = {}
    for connection in psutil.net_connections("tcp"):
        proxies[connection.raddr, connection.laddr] = connection.pid or 0
    for one in answers:
        one.proxy = proxies[one.ends]
    return answers, tasks


async def until(condition: Callable[[], bool]) -> None:
    """Wait until *condition* holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  (it depends on more than one thing)
            await asyncio.sleep(0.05)


async def ask_until_answered(url: str, key: str) -> None:
    """Ask until a whole answer comes; one that hangs is given up."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(TimeoutError):
                if (await asyncio.wait_for(ask(url, key, "now"), 10)).whole:
                    return
