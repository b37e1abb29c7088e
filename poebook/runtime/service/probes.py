"""Whether the service lives, and whether it takes questions: for whoever watches over it. They ask for no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response


PATHS = ("/readyz", "/livez")


class Readiness:
    """Whether questions are taken: yes, until the end has begun."""

    def __init__(self) -> None:
        self.draining = False


def add_probes(app: FastAPI, readiness: Readiness) -> None:
    """Let *app* answer at ``/livez`` (200 while it runs) and ``/readyz`` (503 once it drains)."""
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def ready(request: Request) -> Response:
        if readiness.draining:
            return PlainTextResponse("draining\n", 503)
        return PlainTextResponse("ready\n")

    async def live(request: Request) -> Response:
        return PlainTextResponse("alive\n")

    app.router.routes.append(Route("/readyz", ready, name="readyz"))
    app.router.routes.append(Route("/livez", live, name="livez"))
