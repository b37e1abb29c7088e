"""Types of requests, and bodies, that are answered wrongly."""

from __future__ import annotations

import json
from typing import Any

from tests.conformance.sound import Refused, Send, Sound


class AnswersEverything(Sound):
    plants = "types.unknown-answered"

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        await self.plainly(send, 200, b"{}")


class BreaksOnUnknownTypes(Sound):
    plants = "types.unknown-fails"

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        raise Refused(500, "oops")


class RefusesUnknownTypesOddly(Sound):
    plants = "types.unknown-status"

    async def unknown(self, request: dict[str, Any], send: Send) -> None:
        raise Refused(422)


class BreaksOnFeedback(Sound):
    plants = "types.feedback-fails"

    async def report(self, request: dict[str, Any], send: Send) -> None:
        if request["type"] == "report_feedback":
            raise Refused(500, "oops")
        await super().report(request, send)


class BreaksOnReactions(Sound):
    plants = "types.reaction-fails"

    async def report(self, request: dict[str, Any], send: Send) -> None:
        if request["type"] == "report_reaction":
            raise Refused(500, "oops")
        await super().report(request, send)


class BreaksOnErrorReports(Sound):
    plants = "types.error-report-fails"

    async def report(self, request: dict[str, Any], send: Send) -> None:
        if request["type"] == "report_error":
            raise Refused(500, "oops")
        await super().report(request, send)


class TakesNoReports(Sound):
    plants = "types.reports-unsupported"

    async def report(self, request: dict[str, Any], send: Send) -> None:
        raise Refused(501)


class KnowsTwoKindsOfFeedback(Sound):
    plants = "types.odd-feedback"

    async def report(self, request: dict[str, Any], send: Send) -> None:
        if request.get("feedback_type", "like") not in ("like", "dislike"):
            raise Refused(500, "oops")
        await super().report(request, send)


class RefusesUnknownFields(Sound):
    plants = "types.unknown-fields"

    def look_at(self, request: dict[str, Any]) -> None:
        if "weather" in request:
            raise Refused(422, "extra fields are not permitted")


class WantsVersion(Sound):
    plants = "types.newer-version"

    def look_at(self, request: dict[str, Any]) -> None:
        if request["version"] != "1.2":
            raise Refused(400, "unsupported version")


class KnowsFourRoles(Sound):
    plants = "types.odd-role"

    def look_at(self, request: dict[str, Any]) -> None:
        if any(message["role"] == "narrator" for message in request["query"]):
            raise Refused(500, "oops")


class BreaksOnOddBodies(Sound):
    plants = "types.odd-body-fails"

    def read(self, body: bytes) -> dict[str, Any]:
        try:
            return super().read(body)
        except Refused:
            raise Refused(500, "oops") from None


class TakesOddBodies(Sound):
    plants = "types.odd-body-taken"

    def read(self, body: bytes) -> dict[str, Any]:
        try:
            request: dict[str, Any] = json.loads(body)
        except ValueError:
            request = {"type": "query"}
        return {"query": [{"content": "nothing"}], **request}

    def look_at(self, request: dict[str, Any]) -> None:
        request.setdefault("query", [])


class HasNoPage(Sound):
    plants = "types.no-page"

    async def page(self, send: Send) -> None:
        raise Refused(405)
