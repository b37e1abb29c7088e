"""The place of a bot in an application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

if TYPE_CHECKING:
    from fastapi import FastAPI

    from poebook.server.asgi import Receive, Scope, Send
    from poebook.server.endpoint import BotEndpoint


def add_bot(application: FastAPI, path: str, endpoint: BotEndpoint) -> None:
    """Have *application* answer at *path* by the bot, under the names that fastapi_poe's routes have."""
    for method, name in (("POST", "poe_post"), ("GET", "index")):
        if application.router.dependencies:
            application.add_api_route(path, _depending(endpoint), methods=[method], name=name, response_model=None)
        else:
            application.router.routes.append(BotRoute(path, endpoint=endpoint, methods=[method], name=name))


class BotRoute(Route):
    """Leaves it to the bot to say which methods it has: a route of one method would name only its own."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        if match is not Match.NONE:
            found["route"] = self  # as FastAPI's own routes say it, for those who count by routes
        return match, found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class _Passed(Response):
    """An answer that the bot sends itself."""

    def __init__(self, endpoint: BotEndpoint) -> None:
        super().__init__()
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoint(scope, receive, send)


def _depending(endpoint: BotEndpoint) -> Callable[[Request], Awaitable[Response]]:
    """The bot as a function of FastAPI's, so that what the application's routes all depend on comes first."""

    async def answer(request: Request) -> Response:
        return _Passed(endpoint)

    return answer
