"""Asking a local Poe with a client library: poebook's own, or fastapi_poe as it is."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx

import poebook as fp

PATIENCE_S = 20.0


class Client:
    """One library, pointed at one local Poe."""

    def __init__(self, library: Any, poe: fp.LocalPoe) -> None:  # a module: poebook, or fastapi_poe
        self.library = library
        self.poe = poe

    def message(self, text: str, **fields: Any) -> Any:
        return self.library.ProtocolMessage(role="user", content=text, **fields)

    def request(self, *messages: Any, **fields: Any) -> Any:
        ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-9"}
        return self.library.QueryRequest(version="1.2", type="query", query=list(messages), **{**ids, **fields})

    def parts(self, bot: str, text: str = "hi", *, key: str | None = None, request: Any = None, **more: Any) -> Any:
        """All that the library hands out of an answer."""

        async def ask() -> list[Any]:
            answer = self.library.stream_request(
                request or self.request(self.message(text)),
                bot,
                self.poe.api_key if key is None else key,
                base_url=f"{self.poe.base_url}bot/",
                on_error=lambda error, words: None,
                **{"num_tries": 1, "retry_sleep_time": 0, **more},
            )
            return [part async for part in answer]

        return asyncio.run(ask())

    def text(self, bot: str, text: str = "hi", **more: Any) -> str:
        return "".join(part.text for part in self.parts(bot, text, **more))

    def error(self, bot: str, text: str = "hi", **more: Any) -> Any:
        """The error that asking ends in."""
        try:
            parts = self.parts(bot, text, **more)
        except self.library.BotError as error:
            return error
        raise AssertionError(f"There was no error, but {parts}")


def status_and_error(poe: fp.LocalPoe, path: str, key: str | None, **more: Any) -> tuple[int, dict[str, Any]]:
    """What a plain POST is refused with, in Poe's shape."""
    headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
    response = httpx.post(poe.base_url + path, headers=headers, timeout=PATIENCE_S, **more)
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "code"}
    assert error["code"] == response.status_code
    return response.status_code, error


def until(condition: Callable[[], bool], failure: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, failure
        time.sleep(0.005)


class Keeps(fp.PoeBot):
    """Keeps what it is asked and told, and echoes."""

    def __init__(self, settings: fp.SettingsResponse | None = None, **fields: Any) -> None:
        super().__init__(**fields)
        self.settings = settings or fp.SettingsResponse()
        self.requests: list[fp.QueryRequest] = []
        self.told: list[Any] = []
        self.asked_for_settings = 0
        self.lock = threading.Lock()

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
        with self.lock:
            self.requests.append(request)
        yield fp.PartialResponse(text=request.query[-1].content)

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        self.asked_for_settings += 1
        return self.settings

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        self.told.append(feedback_request)

    async def on_reaction_with_context(
        self, reaction_request: fp.ReportReactionRequest, context: fp.RequestContext
    ) -> None:
        self.told.append(reaction_request)

    async def on_error(self, error_request: fp.ReportErrorRequest) -> None:
        self.told.append(error_request)

    @property
    def last(self) -> fp.QueryRequest:
        return self.requests[-1]


class Says(fp.PoeBot):
    """Yields what it is given."""

    def __init__(self, *parts: Any, settings: fp.SettingsResponse | None = None, pause_s: float = 0.0) -> None:
        super().__init__()
        self.parts = parts
        self.pause_s = pause_s
        self.settings = settings or fp.SettingsResponse()

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
        for part in self.parts:
            await asyncio.sleep(self.pause_s)
            yield part

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return self.settings
