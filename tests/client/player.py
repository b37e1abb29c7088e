"""A server that plays a bot, or Poe, byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
EVENT_STREAM = (b"content-type", b"text/event-stream")


@dataclass
class Scene:
    """One answer: a status, headers and the pieces of the body; ``cut`` ends it before its end, ``hold`` never does."""

    pieces: Sequence[bytes] = ()
    status: int = 200
    headers: Sequence[tuple[bytes, bytes]] = (EVENT_STREAM,)
    cut: bool = False
    hold: bool = False


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Player:
    """An ASGI application that plays its scenes in turn, the last one for ever.

    Error reports are answered by ``{}`` and gathered in ``reports``; so are questions for settings, which are not kept.
    All else is in ``asked``.
    """

    scenes: list[Scene]
    asked: list[Asked] = field(default_factory=list)
    reports: list[Any] = field(default_factory=list)
    left: int = 0
    connections: set[tuple[str, int]] = field(default_factory=set)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await _read(receive)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.connections.add(tuple(scope["client"]))
        asked = Asked(scope["path"], headers, body, tuple(scope["client"]))
        if b'"type": "settings"' in body:
            await _play(Scene([b"{}"], headers=[]), send)
            return
        if b'"report_error"' in body:
            self.reports.append(asked.json)
            await _play(Scene([b"{}"], headers=[]), send)
            return
        scene = self.scenes[min(len(self.asked), len(self.scenes) - 1)]
        self.asked.append(asked)
        await _play(scene, send)
        if scene.hold:
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left += 1


async def _read(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _play(scene: Scene, send: Send) -> None:
    await send({"type": "http.response.start", "status": scene.status, "headers": list(scene.headers)})
    for piece in scene.pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(0)
    if scene.cut:
        raise ConnectionError("the scene is cut")
    if not scene.hold:
        await send({"type": "http.response.body", "body": b""})


def sse(name: str, data: object = None) -> bytes:
    """An event; a str goes as it is, all else as JSON."""
    text = data if isinstance(data, str) else json.dumps({} if data is None else data)
    return f"event: {name}\r\ndata: {text}\r\n\r\n".encode()


def says(*texts: str) -> Scene:
    """A whole answer of these texts."""
    return Scene([*(sse("text", {"text": text}) for text in texts), sse("done")])


DONE = sse("done")


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread brings about."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
