"""Bots of these tests as cells, and a reader of their streams that stands outside the kernel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.kernel.kernel import Kernel

ECHO = """\
%%poebot echo
class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield fp.PartialResponse(text=request.query[-1].content)
"""

# A cell that is busy until it is interrupted: one long sleep would miss an interrupt that comes as it begins.
BUSY = """\
import time
print('busy', flush=True)
while True:
    time.sleep(0.05)
"""

# Says "one", and "two" once somebody has set `go`; `version` tells which cell it came from.
SLOW = """\
%%poebot slow --no-chat
import asyncio, threading
go = threading.Event()
class Slow(fp.PoeBot):
    version = {version}
    go = go
    async def get_response(self, request):
        yield fp.PartialResponse(text=f"one of {{self.version}} ")
        while not self.go.is_set():
            await asyncio.sleep(0.01)
        yield fp.PartialResponse(text=f"two of {{self.version}}")
"""


def question(text: str) -> dict[str, Any]:
    """A query as Poe sends it."""
    message = {"role": "user", "content": text, "content_type": "text/markdown", "timestamp": 0, "message_id": "m-1"}
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-2"}
    return {"version": "1.2", "type": "query", "query": [message], **ids}


Door = tuple[str, dict[str, str]]


def door(kernel: Kernel, name: str) -> Door:
    """The URL of a bot that is served in the kernel, and the headers that open it."""
    url, key = kernel.value(f"(lambda s: (s.url, s.key))(fp.served()[{name!r}])")
    return url, {"Authorization": f"Bearer {key}"}


@contextmanager
def stream(kernel: Kernel, name: str, text: str = "hi") -> Iterator[Iterator[str]]:
    """Ask a bot over HTTP and give the texts of its events as they come."""
    with stream_at(door(kernel, name), text) as texts:
        yield texts


def ask(kernel: Kernel, name: str, text: str = "hi") -> str:
    """The whole answer of a bot, asked over HTTP."""
    return ask_at(door(kernel, name), text)


def ask_at(opened: Door, text: str) -> str:
    """The same, when the kernel has no time to say where the door is."""
    with stream_at(opened, text) as texts:
        return "".join(texts)


@contextmanager
def stream_at(opened: Door, text: str) -> Iterator[Iterator[str]]:
    url, headers = opened
    with httpx.stream("POST", url, headers=headers, json=question(text), timeout=30) as response:
        assert response.status_code == 200
        yield _texts(response.iter_lines())


def _texts(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("data:"):
            text = json.loads(line.removeprefix("data:") or "{}").get("text")
            if text is not None:
                yield text
