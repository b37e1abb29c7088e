"""The probe by itself, where a public address is slow or holds things back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.client.conformance.limits import Limits
from poebook.client.conformance.probe import Address, probe
from poebook.runtime.testdoor import TestDoor
from tests.conformance.sound import KEY, Sound
from tests.conftest import ServeApp
from tests.runtime.tunnel import proxies


class House(Sound):
    """A sound bot, and the test's door beside it."""

    def __init__(self) -> None:
        self.door = TestDoor()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == self.door.path:
            await self.door(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Dawdles(proxies.Proxy):
    """Passes a stream on as it comes, half a second late."""

    async def body(self, answer: httpx.Response, send: Any) -> None:
        if "event-stream" in answer.headers["content-type"]:
            await asyncio.sleep(0.5)
            chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
            async with asyncio.TaskGroup() as both:
                both.create_task(_fill(answer, chunks))
                both.create_task(_drain(chunks, send))
        else:
            await super().body(answer, send)


async def _fill(answer: httpx.Response, chunks: asyncio.Queue[bytes | None]) -> None:
    async for chunk in answer.aiter_raw():
        await chunks.put(chunk)
    await chunks.put(None)


async def _drain(chunks: asyncio.Queue[bytes | None], send: Any) -> None:
    while (chunk := await chunks.get()) is not None:
        await asyncio.sleep(0.08)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


class Swallows(proxies.Proxy):
    """Lets no stream through before its end, and cuts that off after a while."""

    async def body(self, answer: httpx.Response, send: Any) -> None:
        if "event-stream" in answer.headers["content-type"]:
            await asyncio.sleep(60)
        await super().body(answer, send)


def address(house: House, outside: str) -> Address:
    return Address(f"{outside}/bot", KEY, outside + house.door.path, house.door.key, house.door.seconds)


async def test_a_good_way_in_is_measured(serve_app: ServeApp) -> None:
    house = House()
    asked = await probe(address(house, serve_app(proxies.Proxy(serve_app(house)))))
    assert [one.figure for one in asked][3] == "8 events"


async def test_a_way_in_that_makes_the_first_event_late_is_told(serve_app: ServeApp) -> None:
    house = House()
    outside = serve_app(Dawdles(serve_app(house)))
    await probe(address(house, outside))
    with pytest.raises(fp.TunnelError, match=r"The first event took 0\.\d s .*, and Poe waits 0.3 s"):
        await probe(address(house, outside), limits=Limits(first_event_s=0.3))


async def test_a_way_in_that_lets_no_event_through_is_told(
    serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poebook.client.conformance.probe._LATE_S", 0.5)
    house = House()
    outside = serve_app(Swallows(serve_app(house)))
    with pytest.raises(fp.TunnelError, match="it holds streams back"):
        await probe(address(house, outside), limits=Limits(first_event_s=0.3))


async def test_an_address_of_another_kernel_is_told(serve_app: ServeApp) -> None:
    house, other = House(), House()
    outside = serve_app(other)
    with pytest.raises(fp.TunnelError, match="does not come whole"):
        await probe(address(house, outside))
