"""The interpreter's switch interval: shorter while somebody is answered, and then as it was."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

import poebook as fp
from poebook.runtime.eager import INTERVAL_S
from tests.server.asking import streaming


class Waiting(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text="a")
        await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


async def test_it_is_short_while_a_stream_is_under_way_and_then_as_before() -> None:
    before = sys.getswitchinterval()
    with fp.serve(Waiting(), "waiting", port=0, no_key=True) as served:
        async with streaming(served.url) as one:
            await anext(one)
            async with streaming(served.url) as two:
                await anext(two)
                assert sys.getswitchinterval() == pytest.approx(INTERVAL_S)
            assert sys.getswitchinterval() == pytest.approx(INTERVAL_S)
    assert sys.getswitchinterval() == before


async def test_what_somebody_else_sets_meanwhile_stays() -> None:
    with fp.serve(Waiting(), "waiting", port=0, no_key=True) as served:
        async with streaming(served.url) as one:
            await anext(one)
            sys.setswitchinterval(0.003)
    assert sys.getswitchinterval() == pytest.approx(0.003)


async def test_a_shorter_one_is_left_alone() -> None:
    sys.setswitchinterval(0.0001)
    before = sys.getswitchinterval()
    with fp.serve(Waiting(), "waiting", port=0, no_key=True) as served:
        async with streaming(served.url) as one:
            await anext(one)
            assert sys.getswitchinterval() == before
    assert sys.getswitchinterval() == before
