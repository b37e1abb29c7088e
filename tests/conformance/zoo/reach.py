"""What stands at the address is no bot, or not reached."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.conformance.sound import Refused, Send, Sound


class LeadsOn(Sound):
    plants = "reach.redirect"

    async def serve(self, scope: Any, body: bytes, send: Send) -> None:
        raise Refused(307, "", location="https://elsewhere.example/bot")


class NoBot(Sound):
    plants = "reach.no-bot"

    async def serve(self, scope: Any, body: bytes, send: Send) -> None:
        raise Refused(404)


class DeadBehindProxy(Sound):
    plants = "reach.gateway"

    async def serve(self, scope: Any, body: bytes, send: Send) -> None:
        raise Refused(502, "bad gateway")


class Interstitial(Sound):
    plants = "reach.interstitial"

    async def serve(self, scope: Any, body: bytes, send: Send) -> None:
        await self.plainly(send, 200, b"<p>You are about to visit", **{"content-type": "text/html"})


class CountsRequests(Sound):
    plants = "reach.too-many"
    _asked: ClassVar[int] = 0

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        raise Refused(429, "slow down")
