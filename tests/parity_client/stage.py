"""A server on a raw socket that plays its scenes byte for byte, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NamedTuple

from tests.client.player import Scene

PATIENCE = 10.0


class Raw(NamedTuple):
    """Bytes that are written to the socket as they are, head and all; the connection is closed after them."""

    data: bytes


Part = Scene | Raw


@dataclass
class Sent:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    peer: int  # the port it came from

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Stage:
    """Plays its scenes in turn, the last one for ever; error reports are answered by ``{}`` and kept apart."""

    scenes: Sequence[Part] = ()
    asked: list[Sent] = field(default_factory=list)
    reports: list[Sent] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)  # somebody went away from a scene that is held
    url: str = ""

    def play(self, scenes: Sequence[Part]) -> None:
        self.scenes = scenes
        self.asked.clear()
        self.reports.clear()
        self.left.clear()

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as many requests as come over it."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer(await _read(reader, writer), reader, writer):
                pass
        writer.close()

    async def _answer(self, sent: Sent, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Play the next scene; whether the connection can be used again."""
        if b'"report_error"' in sent.body:
            self.reports.append(sent)
            return await _play(Scene([b"{}"], headers=[]), writer)
        scene = self.scenes[min(len(self.asked), len(self.scenes) - 1)]
        self.asked.append(sent)
        if isinstance(scene, Raw):
            writer.write(scene.data)
            await writer.drain()
            return False
        whole = await _play(scene, writer)
        if scene.hold:
            await reader.read()
            self.left.set()
        return whole


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Sent:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "chunked" in headers.get("transfer-encoding", ""):
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Sent(method, path, headers, body, writer.get_extra_info("peername")[1])


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def _play(scene: Scene, writer: asyncio.StreamWriter) -> bool:
    head = [f"HTTP/1.1 {scene.status} {HTTPStatus(scene.status).phrase}".encode()]
    head += [b"%s: %s" % header for header in scene.headers]
    writer.write(b"\r\n".join([*head, b"transfer-encoding: chunked", b"\r\n"]))
    for piece in scene.pieces:
        writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        await writer.drain()
    if scene.cut or scene.hold:
        return False
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage that listens on a free port until the block ends."""
    stage, ready, close = Stage(), threading.Event(), Future[None]()

    async def listen() -> None:
        server = await asyncio.start_server(stage.attend, "127.0.0.1", 0)
        stage.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await asyncio.wrap_future(close)
        server.close()

    thread = threading.Thread(target=asyncio.run, args=[listen()], name="test-stage", daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the stage did not open"
    yield stage
    close.set_result(None)
    thread.join(PATIENCE)
    assert not thread.is_alive(), "the stage did not close"
