"""Bots that are recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import poebook as fp


class Echo(fp.PoeBot):
    """Says what it is asked, with something around it."""

    def __init__(self, before: str = "", after: str = "") -> None:
        super().__init__(bot_name="echo")
        self.before, self.after = before, after

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=self.before)
        yield fp.PartialResponse(text=request.query[-1].content + self.after)


class Asker(fp.PoeBot):
    """Hands on what other bots say to the same messages."""

    def __init__(self, *bots: str) -> None:
        super().__init__(bot_name="asker")
        self.bots = bots

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(server_bot_dependencies=dict.fromkeys(self.bots, 9))

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        for bot in self.bots:
            async for part in fp.stream_request(request, bot, request.access_key):
                yield part


class Failing(fp.PoeBot):
    """Raises after its first word."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text="so far ")
        raise RuntimeError("The tide tables are gone.")
