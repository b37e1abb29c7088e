"""Asking served bots over HTTP, past poebook's own client."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

import poebook as fp
from poebook.runtime.served import Served

PATIENCE = 20.0


class Says(fp.PoeBot):
    """Says one thing."""

    def __init__(self, what: str = "said") -> None:
        super().__init__()
        self.what = what

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=self.what)


class Waits(fp.PoeBot):
    """Says one thing, and another once ``go`` is set."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.go = threading.Event()
        self.left = threading.Event()

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        import asyncio

        try:
            yield fp.PartialResponse(text=f"{self.what} begins")
            while not self.go.is_set():  # noqa: ASYNC110  # it is set from another thread
                await asyncio.sleep(0.005)
            yield fp.PartialResponse(text=f"{self.what} ends")
        finally:
            self.left.set()


def until(condition: Callable[[], bool], failure: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, failure
        time.sleep(0.01)


def question(text: str = "hi") -> dict[str, Any]:
    message = {"role": "user", "content": text, "content_type": "text/markdown", "timestamp": 0, "message_id": "m-1"}
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-2"}
    return {"version": "1.2", "type": "query", "query": [message], **ids}


def headers(bot: Served) -> dict[str, str]:
    return {"Authorization": f"Bearer {bot.key}"} if bot.key else {}


@contextmanager
def streaming(bot: Served, text: str = "hi") -> Iterator[Iterator[str]]:
    """The texts of an answer as they come."""
    request = httpx.stream("POST", bot.url, headers=headers(bot), json=question(text), timeout=PATIENCE)
    with request as response:
        assert response.status_code == 200
        yield _texts(response.iter_lines())


def ask(bot: Served, text: str = "hi") -> str:
    """The whole text of an answer."""
    with streaming(bot, text) as texts:
        return "".join(texts)


def settings(bot: Served) -> dict[str, Any]:
    """What the bot tells Poe of itself."""
    response = httpx.post(bot.url, headers=headers(bot), json={"version": "1.2", "type": "settings"}, timeout=PATIENCE)
    found: dict[str, Any] = response.json()
    return found


def _texts(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("data:"):
            text = json.loads(line.removeprefix("data:")).get("text")
            if text is not None:
                yield text
