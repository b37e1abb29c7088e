"""Whatever the body: an answer, or a refusal with its reason; never a failure of the server's own."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import poebook as fp
from poebook.server.bodies import read_body
from poebook.server.endpoint import BotEndpoint
from poebook.wire.bodies import BadRequest
from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.server.asking import post, query, request
from tests.webserver import serving

KINDS: list[dict[str, Any]] = [
    query({"role": "user", "content": "hi", "attachments": [{"url": "u", "content_type": "text/plain", "name": "n"}]}),
    request("settings"),
    request("report_feedback", feedback_type="like"),
    request("report_reaction", reaction="wow"),
    request("report_error", message="m", metadata={}),
]
FINE = {200, 400, 413, 422, 501}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


class Echo(fp.PoeBot):
    max_body_size = 1_000_000

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=request.query[-1].content)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(BotEndpoint(Echo(), key=None)) as address:
        yield address


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20) as one:
        yield one


def check(client: httpx.Client, url: str, content: bytes) -> None:
    answer = client.post(url, content=content)
    assert answer.status_code in FINE, answer.text
    if answer.status_code != 200:
        assert answer.json()["detail"], "a refusal gives its reason"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_any_value_in_the_place_of_any_field(client: httpx.Client, url: str, kind: dict[str, Any], data: Any) -> None:
    body = json.loads(json.dumps(kind))
    field = data.draw(st.sampled_from(sorted(body)) | st.text(max_size=8))
    body[field] = data.draw(JSON)
    if isinstance(body.get("query"), list) and body["query"] and isinstance(body["query"][-1], dict):
        body["query"][-1][data.draw(st.sampled_from(["role", "content", "attachments", "parameters"]))] = data.draw(
            JSON
        )
    check(client, url, json.dumps(body).encode())


def test_bytes_changed_at_random(client: httpx.Client, url: str) -> None:
    chance = random.Random(20_261_126)
    for _ in range(600):
        body = bytearray(json.dumps(chance.choice(KINDS)).encode())
        for _ in range(chance.randint(1, 6)):
            where = chance.randrange(len(body))
            change = chance.randrange(4)
            if change == 0:
                body[where] = chance.randrange(256)
            elif change == 1:
                del body[where : where + chance.randint(1, 8)]
            elif change == 2:
                body[where:where] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            else:
                body[where:where] = body[chance.randrange(len(body)) :][: chance.randint(1, 40)]
            body = body or bytearray(b"x")
        check(client, url, bytes(body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"type": "query", "query": ' + b"[" * 50_000,
        b"\xff\xfe{\x00}\x00",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        json.dumps({**KINDS[0], "extra": "x" * 900_000}).encode(),
        json.dumps({**KINDS[0], "query": [KINDS[0]["query"][0]] * 5_000}).encode(),
        b'{"version": "1.2", "type": "settings", "type": "query"}',
        b'{"version": 1e999, "type": "settings"}',
        b'{"version": "1.2", "type": "\\ud800"}',
        b'{"version": "1.2", "type": "query", "query": [{"role": "user", "content": "\\ud83d"}], '
        b'"user_id": "u", "conversation_id": "c", "message_id": "m"}',
    ],
    ids=lambda body: f"{len(body)} bytes of {body[:12]!r}",
)
def test_bodies_that_are_hard_to_read(client: httpx.Client, url: str, body: bytes) -> None:
    check(client, url, body)


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(url: str) -> None:
    async with connected(url) as (reader, writer):
        writer.write(asking(b"", length=10_000_000_000))
        assert (await head_of(reader)).startswith(b"HTTP/1.1 413 ")
        assert b"1,000,000 bytes" in await rest_of(reader)


async def test_a_body_that_grows_too_large_is_not_read_to_its_end(url: str) -> None:
    async with connected(url) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
        sent, piece = 0, b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        try:
            while sent < 50_000_000 and not reader._buffer:  # type: ignore[attr-defined]  # what has been answered
                writer.write(piece)
                await writer.drain()
                sent += 0x10000
        except ConnectionError:
            pass
        assert sent < 50_000_000


async def test_a_body_that_does_not_come_is_waited_for_only_so_long() -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    with pytest.raises(BadRequest, match="within 0 seconds") as refused:
        await read_body({"headers": []}, receive, 1_000_000, patience_s=0.1)
    assert refused.value.status == 408


@pytest.mark.parametrize(
    "head",
    [
        b"GARBAGE\r\n\r\n",
        b"POST / HTTP/9.9\r\nhost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \xff\xfe\r\ncontent-length: 0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 200_000 + b"\r\n\r\n",
        b"POST /%00%ff/../.. HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=lambda head: repr(head[:24]),
)
async def test_odd_heads_are_refused_and_the_server_goes_on(url: str, head: bytes) -> None:
    async with connected(url) as (reader, writer):
        writer.write(head)
        writer.write_eof()
        answer = await rest_of(reader)
    assert not answer or b"HTTP/1.1 4" in answer
    assert (await post(url, query("on"))).status_code == 200
