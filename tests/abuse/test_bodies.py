"""Whatever the body: an answer, or a refusal with its reason; never a failure of the server's own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import poebook as fp
from poebook.server.bodies import read_body, request_in
from poebook.server.endpoint import BotEndpoint
from poebook.wire.bodies import BadRequest
from tests.abuse.bodies import HARD, KINDS, with_other_bytes
from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.server.asking import events, text
from tests.server.asking import query as asked
from tests.webserver import serving

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


def test_a_refusal_of_whatever_is_sent_gives_its_reason(client: httpx.Client, url: str) -> None:
    for content in [*(content for content, _ in HARD.values()), *with_other_bytes(100)]:
        check(client, url, content)


@pytest.mark.parametrize("faulty", [1, {}, {"attachments": [{}, {}, {}]}, {"role": "user", "content": None}], ids=str)
def test_200_000_faulty_messages_cost_little_more_than_as_many_good_ones(faulty: Any) -> None:
    good: Any = {"role": "user", "content": "hi"}
    if isinstance(faulty, dict) and "attachments" in faulty:
        good = {"role": "user", "content": "hi", "attachments": [{"url": "u", "content_type": "c", "name": "n"}] * 3}
    assert spent(faulty) < 2 * spent(good)


def spent(message: Any) -> float:
    """The seconds of the processor's time that a body of such messages takes; the lesser of two."""
    body = json.dumps(asked(*[message] * 200_000)).encode()
    times = []
    for _ in range(2):
        start = time.process_time()
        with suppress(BadRequest):
            request_in(body)
        times.append(time.process_time() - start)
    return min(times)


async def test_200_000_faulty_messages_are_refused_with_the_reason_and_others_go_on() -> None:
    class Roomy(Echo):
        max_body_size = 10_000_000

    async with asyncio.timeout(60), httpx.AsyncClient(timeout=60) as client:
        with serving(BotEndpoint(Roomy(), key=None)) as url:
            refused = [
                asyncio.create_task(client.post(url, content=json.dumps(asked(*[{}] * 200_000)))) for _ in range(3)
            ]
            answers = [await events(url, asked("go on")) for _ in range(10)]
            assert [text(one) for one in answers] == ["go on"] * 10
            for one in await asyncio.gather(*refused):
                assert (one.status_code, one.json()) == (422, {"detail": "query.0.role: Field required"})


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
