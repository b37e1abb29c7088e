"""Who serves: each in a process of its own, the same bot, the same uvicorn on asyncio with h11.

``python -m tests.bench.contestants NAME`` serves until its standard input ends, and says its port first.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

KEY = "0" * 32
WORD = "and then "  # what each event of an answer says


@dataclass(frozen=True)
class Contestant:
    """A server that runs."""

    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Bytes in memory now."""
        return int(self.process.memory_info().rss)


@contextmanager
def running(name: str) -> Iterator[Contestant]:
    """The contestant of that name, for a while."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.contestants", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline()
        if not port:
            raise RuntimeError(f"{name} did not start")
        try:
            yield Contestant(int(port), psutil.Process(process.pid))
        finally:
            process.kill()


def bot(library: Any) -> Any:
    """A bot of *library* that is told how many events to send, and how many seconds apart."""

    class Teller(library.PoeBot):  # type: ignore[misc]  # which library it is shows only here
        async def get_response(self, request: Any) -> AsyncIterator[Any]:
            count, pause = _wish(request.query[-1].content)
            for _ in range(count):
                if pause:
                    await asyncio.sleep(pause)
                yield library.PartialResponse(text=WORD)

    return Teller()


def app(library: Any) -> Any:
    """The application that *library* makes of the bot."""
    return library.make_app(bot(library), access_key=KEY)


def door() -> socket.socket:
    """A listening socket on a free port; the protocol is said aloud, else Nagle's algorithm stays on."""
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    one.bind(("127.0.0.1", 0))
    one.listen(2048)
    return one


def _wish(content: str) -> tuple[int, float]:
    count, _, pause = content.partition(" ")
    return int(count or 0), float(pause or 0)


_EVENT = f"event: text\r\ndata: {json.dumps({'text': WORD})}\r\n\r\n".encode()
_DONE = b"event: done\r\ndata: {}\r\n\r\n"
_HEAD = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]


async def _bare(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Any]) -> None:
    """The least that an ASGI application can do for the same answers."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    request = json.loads(body) if len(body) < _LONG else _validated(body)
    if request["type"] != "query":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b"{}"})
        return
    count, pause = _wish(request["query"][-1]["content"])
    await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
    for number in range(count):
        if pause:
            await asyncio.sleep(pause)
        elif number % 64 == 0:
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": _EVENT, "more_body": True})
    await send({"type": "http.response.body", "body": _DONE})


_LONG = 20_000  # bytes; of a longer body the limit is pydantic's own reading of it


def _validated(body: bytes) -> Any:
    from poebook.protocol import QueryRequest

    return {"type": "query", "query": [{"content": QueryRequest.model_validate_json(body).query[-1].content}]}


async def _raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server for clients: whatever is asked, the events that the content wishes for, one chunk an event or a lot."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            body = json.loads(await reader.readexactly(int(length.split(b":")[1])))
            wish, _, size = body["query"][-1]["content"].partition(" ")
            count, size = int(wish), int(size or 0)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            payload = _EVENT * count + _DONE
            step = size or len(_EVENT)
            for start in range(0, len(payload), step):
                piece = payload[start : start + step]
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
                if start // step % 64 == 0:
                    await asyncio.sleep(0)
            writer.write(b"0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _serve_raw(sock: socket.socket) -> None:
    server = await asyncio.start_server(_raw, sock=sock)
    await server.serve_forever()


def _app(name: str) -> Any:
    if name == "poebook":
        import poebook

        return app(poebook)
    if name == "fastapi_poe":
        import fastapi_poe

        return app(fastapi_poe)
    return _bare


def _main(name: str) -> None:
    sock = door()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(sock.getsockname()[1], flush=True)
    if name == "raw":
        asyncio.run(_serve_raw(sock))
        return
    import uvicorn

    config = uvicorn.Config(_app(name), loop="asyncio", http="h11", log_config=None, access_log=False, backlog=2048)
    uvicorn.Server(config).run(sockets=[sock])


def _end_with_parent() -> None:
    import os

    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    _main(sys.argv[1])
