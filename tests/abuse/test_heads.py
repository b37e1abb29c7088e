"""Heads without end, heads in pieces, and requests that are sent on and on: by h11 and by httptools alike."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import poebook as fp
from poebook.server.endpoint import BotEndpoint
from poebook.server.heads import MOST_HEAD
from poebook.server.patience import patient
from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.webserver import serving

PATIENCE_S = 60.0  # more than any of these takes
MOST_SENT = 24 * 1024 * 1024  # bytes; buffers on the way hold a few of them
READERS = {"h11": "h11_impl:H11Protocol", "httptools": "httptools_impl:HttpToolsProtocol"}
BEGUN = b"POST / HTTP/1.1\r\nhost: a\r\n"
CHUNKED = BEGUN + b"transfer-encoding: chunked\r\n\r\n"
ENDLESS = {
    "a method": (b"", b"A" * 16000),
    "an address": (b"POST /", b"a" * 16000),
    "a header": (BEGUN + b"x-a: ", b"a" * 16000),
    "headers": (BEGUN, b"x-a: b\r\n" * 2000),
    "what follows a chunk's length": (CHUNKED + b"5;", b"a" * 16000),
    "headers after the body": (CHUNKED + b"0\r\n", b"x-a: b\r\n" * 2000),
}


def protocol(name: str) -> Any:  # a class of uvicorn's, which is read by its methods
    module, _, called = READERS[name].partition(":")
    pytest.importorskip(name)
    return patient(getattr(import_module(f"uvicorn.protocols.http.{module}"), called), PATIENCE_S)


@pytest.fixture(scope="module", params=READERS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with serving(BotEndpoint(fp.PoeBot(), key=None), http=protocol(request.param)) as address:
        yield address


@pytest.mark.parametrize("what", ENDLESS)
async def test_what_has_no_end_is_refused_before_it_fills_the_memory(url: str, what: str) -> None:
    start, piece = ENDLESS[what]
    async with connected(url) as (reader, writer):
        writer.write(start)
        sent, refused = 0, asyncio.create_task(reader.read(15))
        with contextlib.suppress(ConnectionError):
            while not refused.done() and sent < MOST_SENT:
                writer.write(piece)
                sent += len(piece)
                await writer.drain()
                await asyncio.sleep(0)
        assert sent < MOST_SENT
        with contextlib.suppress(ConnectionError):  # the refusal may be lost with what was never read
            async with asyncio.timeout(PATIENCE_S):
                assert await refused in (b"HTTP/1.1 400 Ba", b"")


async def test_a_head_that_comes_in_pieces_may_be_as_long_as_one_that_comes_whole(url: str) -> None:
    whole = asking(headers="".join(f"x-{number}: {'y' * 1000}\r\n" for number in range(30)))
    assert len(whole) < MOST_HEAD
    async with connected(url) as (reader, writer):
        writer.write(whole[:25000])
        async with connected(url) as (other_reader, other_writer):  # once it is answered, the first piece is read
            other_writer.write(asking())
            assert b"event: done" in await rest_of(other_reader)
        writer.write(whole[25000:])
        assert (await head_of(reader)).startswith(b"HTTP/1.1 200")
        assert b"event: done" in await rest_of(reader)


async def test_requests_that_wait_for_their_turn_are_few_and_all_are_answered() -> None:
    waiting: list[int] = []

    class Counting(protocol("httptools")):  # type: ignore[misc]
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            waiting.append(len(self.pipeline))

    one = b"GET / HTTP/1.1\r\nhost: a\r\nx-a: " + b"a" * 300 + b"\r\n\r\n"
    number = 8000
    with serving(BotEndpoint(fp.PoeBot(), key=None), http=Counting) as url:
        async with connected(url) as (reader, writer):
            sending = asyncio.create_task(send(writer, one, number))
            answered = 0
            async with asyncio.timeout(PATIENCE_S):
                while answered < number:
                    answered += (await reader.readuntil(b"</html>")).count(b"HTTP/1.1 200")
            await sending
    assert answered == number
    assert max(waiting) < number / 2  # no more than came at once


async def send(writer: asyncio.StreamWriter, one: bytes, number: int) -> None:
    for _ in range(number // 100):
        writer.write(one * 100)
        await writer.drain()
