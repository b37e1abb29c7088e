"""The place of a bot in an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from poebook.server.asgi import Receive, Scope, Send


class BotRoute(Route):
    """Leaves it to the bot to say which methods it has: a route of one method would name only its own."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
