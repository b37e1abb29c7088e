"""Connections that are opened and left lying; pages elsewhere that ask through a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

import poebook as fp
from poebook.server.endpoint import BotEndpoint
from poebook.server.patience import patient_protocol
from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.server.asking import query
from tests.webserver import serving


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(BotEndpoint(fp.PoeBot(), key=None), http=patient_protocol(0.3)) as address:
        yield address


async def closes(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(5):
        return await reader.read(1) == b""


async def test_who_connects_and_says_nothing_is_dropped(url: str) -> None:
    async with connected(url) as (reader, _):
        assert await closes(reader)


async def test_who_sends_a_head_drop_by_drop_is_dropped(url: str) -> None:
    async with connected(url) as (reader, writer):

        async def drip() -> None:
            for letter in b"POST / HTTP/1.1\r\nhost: a\r\nx-" + b"y" * 1000:
                writer.write(bytes([letter]))
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert await closes(reader)
        dripping.cancel()


async def test_who_asks_twice_on_one_connection_is_answered_twice(url: str) -> None:
    async with connected(url) as (reader, writer):
        for _ in range(2):
            writer.write(asking())
            assert (await head_of(reader)).startswith(b"HTTP/1.1 200")
            assert b"event: done" in await rest_of(reader)


async def test_an_answer_may_take_longer_than_a_head() -> None:
    class Slow(fp.PoeBot):
        async def get_response(self, request):  # type: ignore[no-untyped-def]  # as most authors write it
            yield "a"
            await asyncio.sleep(0.8)
            yield "b"

    with serving(BotEndpoint(Slow(), key=None), http=patient_protocol(0.3)) as url:
        async with connected(url) as (reader, writer):
            writer.write(asking())
            await head_of(reader)
            assert b'"b"' in await rest_of(reader)


async def test_300_that_lie_idle_keep_nobody_out(url: str) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2])) for _ in range(300)]
    async with httpx.AsyncClient() as client:
        assert (await client.post(url, json=query())).status_code == 200
    for reader, writer in idle:
        assert await closes(reader)
        writer.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:9"}, 200),
        ({"host": "[::1]:9"}, 200),
        ({"origin": "http://localhost:8888"}, 200),
        ({"host": "rebound.example.org"}, 403),
        ({"host": "127.0.0.1.example.org"}, 403),
        ({"host": "["}, 403),
        ({"origin": "https://evil.example.org"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_bot_without_key_is_not_reached_by_pages_elsewhere(headers: dict[str, str], status: int) -> None:
    with fp.serve(fp.PoeBot(), "open", port=0, no_key=True) as served:
        answer = httpx.post(served.url, json=query(), headers=headers)
        assert answer.status_code == status, answer.text


def test_a_bot_with_a_key_answers_under_any_name() -> None:
    with fp.serve(fp.PoeBot(), "closed", port=0, key="k" * 32) as served:
        headers = {"host": "tunnel.example.org", "authorization": "Bearer " + "k" * 32}
        assert httpx.post(served.url, json=query(), headers=headers).status_code == 200
