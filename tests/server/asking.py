"""How the tests ask a bot server: plain HTTP, as Poe does."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx

from poebook.wire.sse import Decoder

KEY = "k" * 32
App = Callable[..., Any]  # an ASGI application


def query(*messages: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A query's body; messages are the user's where they are only words."""
    said = [{"role": "user", "content": one} if isinstance(one, str) else one for one in messages or ("hi",)]
    ids = {"message_id": "m-1", "user_id": "u-1", "conversation_id": "c-1"}
    return {"version": "1.2", "type": "query", "query": said, **ids, **more}


def request(kind: str, **more: Any) -> dict[str, Any]:
    """The body of another request."""
    ids = {"message_id": "m-1", "user_id": "u-1", "conversation_id": "c-1"}
    return {"version": "1.2", "type": kind, **({} if kind in ("settings", "report_error") else ids), **more}


def shown(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def post(url: str, body: Any, *, key: str | None = None, **more: Any) -> httpx.Response:
    """What the server answers to a body: bytes, or what becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(timeout=20) as client:
        headers = {**(shown(key) if key else {}), **more.pop("headers", {})}
        return await client.post(url, content=content, headers=headers, **more)


def read(stream: bytes) -> list[tuple[str, Any]]:
    """The events of a stream, their data parsed."""
    return [(event.event, json.loads(event.data)) for event in Decoder().feed(stream)]


async def events(url: str, body: Any = None, *, key: str | None = None) -> list[tuple[str, Any]]:
    """The events that a query is answered by."""
    response = await post(url, body or query(), key=key)
    assert response.status_code == 200, response.text
    return read(response.content)


def text(answer: list[tuple[str, Any]]) -> str:
    """The text that is shown in the end."""
    words = ""
    for name, data in answer:
        if name in ("text", "replace_response"):
            words = data["text"] if name == "replace_response" else words + data["text"]
    return words


@contextlib.asynccontextmanager
async def streaming(url: str, body: Any = None) -> AsyncIterator[AsyncIterator[bytes]]:
    """A stream under way; leaving the block leaves the stream."""
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("POST", url, json=body or query()) as response,
    ):
        yield response.aiter_raw()
