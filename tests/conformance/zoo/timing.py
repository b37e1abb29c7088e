"""Bots that are slow, talk too much, or hold things up. Checked with limits smaller than Poe's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from poebook.client.conformance.limits import Limits
from tests.conformance.sound import DONE, Send, Sound, text


class Bounded(Sound):
    """Checked with a limit smaller than Poe's."""

    limits: ClassVar[Limits] = Limits()


class ThinksLong(Bounded):
    plants = "time.first-event"
    limits = Limits(first_event_s=1.0)

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        await asyncio.sleep(self.limits.first_event_s + 0.2)
        yield text("at last")
        yield DONE


class NeverEnds(Bounded):
    plants = "time.answer"
    limits = Limits(answer_s=2.0)

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        while True:
            yield b": still here\n\n"
            yield text("")
            await asyncio.sleep(0.3)


class FallsSilent(Bounded):
    plants = "time.silence"
    limits = Limits(silence_s=1.5)

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        yield text("well")
        await asyncio.sleep(self.limits.silence_s + 0.3)
        yield DONE


class Buffers(Sound):
    """As if behind a proxy that gathers the answer."""

    plants = "time.lump"

    async def stream(self, request: dict[str, Any], send: Send) -> None:
        await asyncio.sleep(1.1)
        await super().stream(request, send)

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [b"".join([*(text(f"{i} ") for i in range(20)), DONE])]


class SettingsTakeLong(Bounded):
    plants = "time.settings"
    limits = Limits(settings_s=1.0)

    async def plainly(self, send: Send, status: int, body: bytes, **headers: str) -> None:
        if body == self.settings_body():
            await asyncio.sleep(self.limits.settings_s + 0.2)
        await super().plainly(send, status, body, **headers)


class Blocks(Sound):
    """Works on the loop."""

    plants = "time.blocked"

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        yield text("well")
        await asyncio.sleep(0.01)
        if request["query"][-1]["content"] == "Hello!" and len(request["query"]) == 1:
            time.sleep(0.45)  # noqa: ASYNC251  # the fault
        yield DONE


class Stutters(Bounded):
    plants = "limits.events"
    limits = Limits(events=50)

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [b"".join(text("a") for _ in range(self.limits.events + 10)), DONE]


class Rambles(Bounded):
    plants = "limits.characters"
    limits = Limits(characters=60_000)

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return [text("a" * (self.limits.characters + 1)), DONE]
