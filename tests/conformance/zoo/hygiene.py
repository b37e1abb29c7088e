"""Bots that say more than they should when something goes wrong."""

from __future__ import annotations

from typing import Any

from tests.conformance.sound import Refused, Send, Sound

TRACEBACK = 'Traceback (most recent call last):\n  File "bot.py", line 3, in f\nKeyError: 1'


class ShowsTracebacks(Sound):
    plants = "hygiene.traceback"

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        raise Refused(501, TRACEBACK)


class NamesExceptions(Sound):
    plants = "hygiene.exception"

    def read(self, body: bytes) -> dict[str, Any]:
        try:
            return super().read(body)
        except Refused:
            raise Refused(503, "KeyError('query')") from None


class SetsCookies(Sound):
    plants = "hygiene.cookie"

    async def report(self, request: dict[str, Any], send: Send) -> None:
        await self.plainly(send, 200, b"{}", **{"set-cookie": "a=b"})
