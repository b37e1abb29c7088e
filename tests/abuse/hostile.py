"""Servers that mean harm: each reads a request and then does what its play says."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Play = Callable[[asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
OPEN = HEAD + b"connection: close\r\n\r\n"


@asynccontextmanager
async def hostile(play: Play, heads: list[bytes] | None = None) -> AsyncIterator[str]:
    """A server that does what *play* does; its address. The heads of the requests go into *heads*."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if heads is not None:
                heads.append(head)
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            body = await reader.readexactly(int(length.split(b":")[1]))
            if b"report_error" in body:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
                await writer.drain()
                writer.close()
                await writer.wait_closed()
            else:
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


def says(content: bytes, linger: float = 0.2) -> Play:
    """Says *content*, then nothing more, and hangs up after a while."""

    async def play(writer: asyncio.StreamWriter) -> None:
        for start in range(0, len(content), 1 << 16):
            writer.write(content[start : start + (1 << 16)])
            await writer.drain()
        await asyncio.sleep(linger)

    return play


def chunked(content: bytes) -> Play:
    """Sends *content* as a chunk and hangs up before the end of the chunks."""
    framed = b"%x\r\n%b\r\n" % (len(content), content) if content else b""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"transfer-encoding: chunked\r\n\r\n" + framed)
        await writer.drain()

    return play


def forever(head: bytes, piece: bytes, pause: float = 0) -> Play:
    """Says *piece* again and again."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return play


def streamed(*events: bytes) -> Play:
    """A whole answer of these events."""
    return says(OPEN + b"".join(event + b"\r\n\r\n" for event in events), 0)


def _bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    body = packer.compress(b'event: text\r\ndata: {"text": "')
    body += b"".join(packer.compress(bytes(1_000_000)) for _ in range(400)) + packer.flush()
    return HEAD + b"content-encoding: gzip\r\nconnection: close\r\n\r\n" + body


NO_NEWLINE = forever(OPEN, b"x" * 65_536)
HUGE_EVENT = forever(OPEN + b'event: text\r\ndata: {"text": "', b"y" * 65_536)
HUGE_LINES = forever(OPEN + b"event: text\r\n", b"data: " + b"z" * 65_536 + b"\r\n")
HUGE_HEAD = forever(HEAD, b"x-more: " + b"h" * 4_096 + b"\r\n")
PINGS = forever(OPEN, b": ping\r\n\r\nevent: ping\r\ndata: {}\r\n\r\n", 0.02)
DRIP = forever(OPEN + b'event: text\r\ndata: {"text": "', b"d", 0.02)
SILENCE = says(OPEN, 60)
BROKEN_CHUNKS = says(HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nevent\r\nzz\r\nwhat")
BOMB = says(_bomb(), 0)
NO_GZIP = says(HEAD + b"content-encoding: gzip\r\nconnection: close\r\n\r\nthis is none")
NO_HTTP = says(b"SSH-2.0-OpenSSH_9.2\r\n")
A_PAGE = says(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>Welcome</html>", 0)
REFUSAL_WITHOUT_END = forever(b"HTTP/1.1 500 No\r\nconnection: close\r\n\r\n", b"e" * 65_536)
