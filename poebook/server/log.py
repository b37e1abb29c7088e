"""A middleware that logs requests, for those who add it to their application."""

from __future__ import annotations

import logging
from typing import Any

from poebook.server.asgi import Receive, Scope, Send

logger = logging.getLogger("uvicorn.default")


class LoggingMiddleware:
    """Logs method, path and status of each request; never a header or a body, where keys are.

    >>> from fastapi import FastAPI
    >>> app = FastAPI()
    >>> app.add_middleware(LoggingMiddleware)
    """

    def __init__(self, app: Any) -> None:  # any ASGI application
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def seen(message: Any) -> None:  # an ASGI message
            if message["type"] == "http.response.start":
                logger.info("%s %s: %s", scope["method"], scope["path"], message["status"])
            await send(message)

        await self.app(scope, receive, seen)
