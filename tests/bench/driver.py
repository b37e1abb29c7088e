"""Asking servers with as little work as can be, so that what is measured is theirs."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from tests.bench.contestants import KEY

_DONE = b"event: done"


def query(content: str, *, history: int = 0, attachment: int = 0) -> dict[str, Any]:
    """A query's body: *content* asked last, after *history* messages, with an attachment of that many characters."""
    said = [{"role": ("user", "bot")[i % 2], "content": f"{i} " + "word " * 40} for i in range(history)]
    last: dict[str, Any] = {"role": "user", "content": content}
    if attachment:
        last["attachments"] = [
            {
                "url": "https://a.example/x.txt",
                "content_type": "text/plain",
                "name": "x.txt",
                "parsed_content": "y" * attachment,
            }
        ]
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    return {"version": "1.2", "type": "query", "query": [*said, last], **ids}


def request(body: dict[str, Any], path: str = "/") -> bytes:
    """The bytes of a POST."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {KEY}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> tuple[float, int]:
    """Ask, and read a streamed answer to its end: seconds to the first event, and how many texts came."""
    start = time.perf_counter()
    writer.write(asked)
    await reader.readuntil(b"\r\n\r\n")
    first, count, tail = 0.0, 0, b""
    while not tail.endswith(b"0\r\n\r\n"):
        piece = await reader.read(1 << 18)
        if not piece:
            raise ConnectionError("the answer was cut off")
        first = first or time.perf_counter() - start
        whole = tail + piece
        count += whole.count(b"event: text") - tail.count(b"event: text")
        tail = whole[-64:]
    return first, count


async def fixed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> None:
    """Ask, and read an answer of known length, or of chunks."""
    writer.write(asked)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length:" in head:
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    else:
        await reader.readuntil(b"0\r\n\r\n")
