"""Asking byte by byte, as no well-behaved client does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.server.asking import query

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Streams]:
    """A bare connection to the server at *url*."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def asking(body: Any = None, *, headers: str = "", length: int | None = None, path: str = "/") -> bytes:
    """A POST, *length* bytes long as it says."""
    content = body if isinstance(body, bytes) else json.dumps(body or query()).encode()
    size = len(content) if length is None else length
    return f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {size}\r\n{headers}\r\n".encode() + content


async def head_of(reader: asyncio.StreamReader) -> bytes:
    """The head of an answer."""
    async with asyncio.timeout(10):
        return await reader.readuntil(b"\r\n\r\n")


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """All that still comes until the server closes, or the answer of chunks ends."""
    got = b""
    async with asyncio.timeout(20):
        while piece := await reader.read(1 << 16):
            got += piece
            if got.endswith(b"0\r\n\r\n"):
                break
    return got
