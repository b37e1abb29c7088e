"""Keys that are not looked at closely, or too closely."""

from __future__ import annotations

import json
from typing import Any

from tests.conformance.sound import KEY, Refused, Send, Sound

RIGHT = f"Bearer {KEY}".encode()


class TakesOtherKeyThanGiven(Sound):
    plants = "keys.right-refused"
    key = "another-another-another-another-"


class Open(Sound):
    plants = "keys.open"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return True


class LetsKeylessIn(Sound):
    plants = "keys.none-accepted"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given is None or given == RIGHT


class LooksForAnyKey(Sound):
    plants = "keys.wrong-accepted"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given is not None and given.startswith(b"Bearer ")


class ComparesBeginnings(Sound):
    plants = "keys.near-accepted"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given is not None and given.startswith(RIGHT)


class ComparesWithoutCase(Sound):
    plants = "keys.near-accepted"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given is not None and given.lower() == RIGHT.lower()


class ForgetsLastSign(Sound):
    plants = "keys.near-accepted"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given in (RIGHT, RIGHT[:-1])


class IgnoresScheme(Sound):
    plants = "keys.scheme-ignored"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given is not None and given.partition(b" ")[2] == KEY.encode()


class StumblesOverOddKeys(Sound):
    plants = "keys.odd-fails"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        if given is not None and not given.isascii():
            raise Refused(500, "oops")
        return given == RIGHT


class RefusesOddly(Sound):
    plants = "keys.refusal-status"
    refusal = 400


class GivesNoChallenge(Sound):
    plants = "keys.no-challenge"
    challenge = False


class TellsSettingsToAll(Sound):
    plants = "keys.settings-open"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given == RIGHT or b'"settings"' in body


class TakesReportsFromAll(Sound):
    plants = "keys.reports-open"

    def lets_in(self, given: bytes | None, body: bytes) -> bool:
        return given == RIGHT or b'"report_feedback"' in body


class ShortKey(Sound):
    plants = "keys.length"
    key = "short-key"


class EchoesKey(Sound):
    plants = "hygiene.key-echoed"

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        await self.plainly(send, 501, json.dumps({"detail": f"not for {KEY}"}).encode())
