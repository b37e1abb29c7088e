"""A visit whose connection ends before the answer begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from poebook.client.conformance.exchange import MOST_EVENTS, Exchange, Request, carry_out
from poebook.client.pool import new_client
from tests.abuse import hostile


@asynccontextmanager
async def short_tempered(patience: int) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that hangs up instead of answering more than *patience* requests on a connection; what it was sent."""
    heard: list[int] = []
    talks: set[asyncio.Task[None] | None] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        for number in range(patience + 1):
            if not await reader.readline():
                break
            await reader.readuntil(b"\r\n\r\n")
            heard.append(number)
            if number < patience:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", heard
    await asyncio.gather(*filter(None, talks))


async def visits(patience: int) -> tuple[list[Exchange], list[int]]:
    async with short_tempered(patience) as (url, heard), new_client(secure=False) as client:
        request = Request("GET", url, {}, None)
        return [await carry_out(client, request, Exchange("A visit"), 10) for _ in range(2)], heard


async def test_a_kept_connection_that_is_closed_is_no_fault_of_the_bot() -> None:
    seen, heard = await visits(patience=1)
    assert [one.fate for one in seen] == ["whole", "whole"]
    assert heard == [0, 1, 0]


async def test_a_server_that_hangs_up_on_a_new_connection_too_does() -> None:
    seen, heard = await visits(patience=0)
    assert [one.failure() for one in seen] == ["A visit was not answered: The server hung up."] * 2
    assert heard == [0] * 4


async def test_an_answer_of_events_without_end_is_left_when_it_is_known_to_be_too_many() -> None:
    endless = hostile.forever(hostile.OPEN, b'event: text\r\ndata: {"text": "x"}\r\n\r\n' * 1000)
    async with hostile.hostile(endless) as url, new_client(secure=False) as client:
        request = Request("POST", url, {}, b"{}")
        seen = await carry_out(client, request, Exchange("A question"), 60)
    assert seen.fate == "left"
    assert MOST_EVENTS < len(seen.events) < 2 * MOST_EVENTS
