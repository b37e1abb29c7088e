"""Servers that mean harm: an error that names the cause, in bounded time and memory."""

from __future__ import annotations

import asyncio
import json
import re
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.client import pool
from poebook.errors import PoebookError
from tests.client.test_stream import request_of

Play = Callable[[asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
OPEN = HEAD + b"connection: close\r\n\r\n"


@asynccontextmanager
async def hostile(play: Play) -> AsyncIterator[str]:
    """A server that reads a request and then does what *play* does; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            body = await reader.readexactly(int(length.split(b":")[1]))
            if b"report_error" not in body:
                await play(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def asked(base: str) -> tuple[list[Any], Exception | None]:
    """What came, and how it ended."""
    parts: list[Any] = []
    async with asyncio.timeout(30):
        try:
            async for part in fp.stream_request(request_of(), "b", "k" * 32, base_url=base, num_tries=1):
                parts.append(part)
        except PoebookError as error:
            return parts, error
    return parts, None


async def _forever(writer: asyncio.StreamWriter, head: bytes, piece: bytes, pause: float = 0) -> None:
    writer.write(head)
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


def _no_newline(writer: asyncio.StreamWriter) -> Awaitable[None]:
    return _forever(writer, OPEN, b"x" * 65_536)


def _huge_event(writer: asyncio.StreamWriter) -> Awaitable[None]:
    return _forever(writer, OPEN + b'event: text\r\ndata: {"text": "', b"y" * 65_536)


def _huge_lines(writer: asyncio.StreamWriter) -> Awaitable[None]:
    return _forever(writer, OPEN + b"event: text\r\n", b"data: " + b"z" * 65_536 + b"\r\n")


def _huge_head(writer: asyncio.StreamWriter) -> Awaitable[None]:
    return _forever(writer, HEAD, b"x-more: " + b"h" * 4_096 + b"\r\n")


def _pings(writer: asyncio.StreamWriter) -> Awaitable[None]:
    return _forever(writer, OPEN, b": ping\r\n\r\nevent: ping\r\ndata: now\r\n\r\n", 0.02)


def _drip(writer: asyncio.StreamWriter) -> Awaitable[None]:
    return _forever(writer, OPEN + b'event: text\r\ndata: {"text": "', b"d", 0.02)


async def _broken_chunks(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nevent\r\nzz\r\nwhat")
    await writer.drain()
    await asyncio.sleep(0.2)


async def _bomb(writer: asyncio.StreamWriter) -> None:
    packer = zlib.compressobj(wbits=31)
    body = packer.compress(b'event: text\r\ndata: {"text": "')
    body += b"".join(packer.compress(bytes(1_000_000)) for _ in range(400)) + packer.flush()
    writer.write(HEAD + b"content-encoding: gzip\r\nconnection: close\r\n\r\n" + body)
    await writer.drain()


async def _no_gzip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"content-encoding: gzip\r\nconnection: close\r\n\r\nthis is none")
    await writer.drain()
    await asyncio.sleep(0.2)


async def _no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()
    await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (_no_newline, "longer than 32 MB"),
        (_huge_event, "longer than 32 MB"),
        (_huge_lines, "longer than 32 MB"),
        (_huge_head, "connection"),
        (_broken_chunks, "connection was cut off"),
        (_bomb, "longer than 32 MB|cannot be read"),
        (_no_gzip, "cannot be read"),
        (_no_http, "connection"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
async def test_an_answer_that_is_none_is_given_up_in_words(play: Play, words: str) -> None:
    tracemalloc.start()
    try:
        async with hostile(play) as base:
            _, error = await asked(base)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(error, fp.BotError)
    assert re.search(words, str(error)), str(error)
    assert "k" * 32 not in str(error)
    assert most < 300_000_000


@pytest.mark.parametrize("play", [_pings, _drip])
async def test_signs_of_life_are_no_answer(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "TIMEOUT_S", 0.5)
    async with hostile(play) as base:
        parts, error = await asked(base)
    assert not parts
    assert "silent for too long" in str(error)


async def test_a_connection_reset_at_any_byte_gives_what_came_and_says_so() -> None:
    transcript = json.loads(
        (Path(__file__).parents[1] / "transcripts" / "wire" / "texts-are-appended.json").read_text(encoding="utf-8")
    )
    wire: bytes = transcript["wire"].encode()
    whole = [data["text"] for data in map(json.loads, (data for name, data in transcript["events"] if name == "text"))]
    for cut in range(len(wire) - 1):  # the last line end is whole without its line feed

        async def play(writer: asyncio.StreamWriter, cut: int = cut) -> None:
            piece = wire[:cut]
            framed = b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
            writer.write(HEAD + b"transfer-encoding: chunked\r\n\r\n" + framed)
            await writer.drain()

        async with hostile(play) as base:
            parts, error = await asked(base)
        texts = [part.text for part in parts]
        assert texts == whole[: len(texts)]
        assert isinstance(error, fp.BotError), f"cut at {cut}"
        assert "connection" in str(error)
