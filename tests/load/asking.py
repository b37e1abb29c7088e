"""One stream, read with as little as can be: what is measured is the server."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult

_WORKER = re.compile(rb'"worker (\w+)"')
_EVENT = re.compile(rb"^event: *text\r?$", re.MULTILINE)
_DONE = re.compile(rb"^event: *done\r?$", re.MULTILINE)


@dataclass
class Stream:
    """What became of a question: who answered, when its first event came (seconds), how many did, and how it ended."""

    worker: str = "?"
    first_s: float | None = None
    total_s: float = 0.0
    events: int = 0
    end: str = "cut off"


async def ask(url: SplitResult, text: str, key: str | None, stream: Stream, limit_s: float) -> None:
    """Ask the bot at *url* and fill in *stream*. Raises nothing; gives up after *limit_s*."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(limit_s):
            await _read(url, _request(url, text, key), stream, began)
    except TimeoutError:
        stream.end = "too slow"
    except OSError as error:
        stream.end = "refused" if stream.first_s is None and isinstance(error, ConnectionRefusedError) else "cut off"
    stream.total_s = time.perf_counter() - began


async def _read(url: SplitResult, request: bytes, stream: Stream, began: float) -> None:
    secure = url.scheme == "https"
    context = ssl.create_default_context() if secure else None
    reader, writer = await asyncio.open_connection(url.hostname, url.port or (443 if secure else 80), ssl=context)
    try:
        writer.write(request)
        status = (await reader.readline()).split(b" ", 2)
        if len(status) > 1 and status[1] != b"200":
            stream.end = f"status {status[1].decode(errors='replace')}"
            return
        while line := await reader.readline():
            if _EVENT.match(line):
                stream.events += 1
                if stream.first_s is None:
                    stream.first_s = time.perf_counter() - began
            elif stream.worker == "?" and (found := _WORKER.search(line)):
                stream.worker = found[1].decode()
            elif _DONE.match(line):
                stream.end = "whole"
                return
    finally:
        writer.close()


def _request(url: SplitResult, text: str, key: str | None) -> bytes:
    message = {"role": "user", "content": text, "content_type": "text/markdown", "message_id": "m-1"}
    query = {"version": "1.2", "type": "query", "query": [message], "user_id": "u", "conversation_id": "c"}
    body = json.dumps({**query, "message_id": "m-2"}).encode()
    head = [
        f"POST {url.path or '/'} HTTP/1.1",
        f"host: {url.netloc}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "connection: close",
        *([f"authorization: Bearer {key}"] if key else []),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
