"""Bots that take feedback, reactions and errors, and say on a query what they took."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable
from typing import Any

import fastapi_poe as fp
from fastapi import HTTPException
from starlette.responses import JSONResponse

from tests.parity.bots.keys import KEY


class Takes(fp.PoeBot):
    """By the plain methods, where there are such."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.taken: list[Any] = []

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        taken, self.taken = self.taken, []
        yield fp.PartialResponse(text=json.dumps(taken))

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        self.taken.append(feedback_request.model_dump())

    async def on_reaction_with_context(
        self, reaction_request: fp.ReportReactionRequest, context: fp.RequestContext
    ) -> None:
        self.taken.append([reaction_request.model_dump(), context.http_request.url.path])

    async def on_error(self, error_request: fp.ReportErrorRequest) -> None:
        self.taken.append(error_request.model_dump())


class TakesInContext(Takes):
    """By the methods that have the HTTP request."""

    async def on_feedback_with_context(
        self, feedback_request: fp.ReportFeedbackRequest, context: fp.RequestContext
    ) -> None:
        self.taken.append([feedback_request.model_dump(), context.http_request.headers.get("x-mine")])

    async def on_error_with_context(self, error_request: fp.ReportErrorRequest, context: fp.RequestContext) -> None:
        self.taken.append([error_request.model_dump(), context.http_request.headers.get("x-mine")])


class Handles(fp.PoeBot):
    """By the outermost methods, whose answers are its own."""

    async def handle_query(self, request: fp.QueryRequest, context: fp.RequestContext) -> AsyncIterable[Any]:
        yield self.text_event("handled")
        async for event in super().handle_query(request, context):
            yield event

    async def handle_settings(self, settings_request: fp.SettingsRequest, context: fp.RequestContext) -> JSONResponse:
        return JSONResponse({"mine": settings_request.version}, headers={"x-mine": "yes"})

    async def handle_report_feedback(
        self, feedback_request: fp.ReportFeedbackRequest, context: fp.RequestContext
    ) -> JSONResponse:
        return JSONResponse({"feedback": feedback_request.feedback_type}, status_code=202)

    async def handle_report_reaction(
        self, reaction_request: fp.ReportReactionRequest, context: fp.RequestContext
    ) -> JSONResponse:
        return JSONResponse({"reaction": reaction_request.reaction})

    async def handle_report_error(
        self, error_request: fp.ReportErrorRequest, context: fp.RequestContext
    ) -> JSONResponse:
        return JSONResponse({"error": error_request.message})


class FailsToTake(fp.PoeBot):
    """Every report and the settings raise."""

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        raise ValueError("words of the exception")

    async def on_reaction_with_context(
        self, reaction_request: fp.ReportReactionRequest, context: fp.RequestContext
    ) -> None:
        raise ValueError("words of the exception")

    async def on_error(self, error_request: fp.ReportErrorRequest) -> None:
        raise ValueError("words of the exception")

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        raise ValueError("words of the exception")


class Refuses(fp.PoeBot):
    """Answers by exceptions that are meant to be sent."""

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        raise HTTPException(403)

    async def on_reaction_with_context(
        self, reaction_request: fp.ReportReactionRequest, context: fp.RequestContext
    ) -> None:
        raise EOFError("words of the exception")

    async def on_error(self, error_request: fp.ReportErrorRequest) -> None:
        raise HTTPException(429, "slower", {"retry-after": "3"})

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        raise HTTPException(418, {"kind": "teapot"})


def bots() -> list[fp.PoeBot]:
    return [
        fp.PoeBot(path="/plain", access_key=KEY),
        Takes(path="/takes", access_key=KEY),
        TakesInContext(path="/takes-in-context", access_key=KEY),
        Handles(path="/handles", access_key=KEY),
        FailsToTake(path="/fails-to-take", access_key=KEY),
        Refuses(path="/refuses", access_key=KEY),
    ]
