"""Whether the service lives, and whether it takes questions: for whoever watches over it. They ask for no key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from poebook.runtime.service.inside import METRICS_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request


PATHS = ("/readyz", "/livez")
METRICS = "/metrics"


class Readiness:
    """Whether questions are taken: yes, until the end has begun."""

    def __init__(self) -> None:
        self.draining = False


def add_probes(app: FastAPI, readiness: Readiness, figures: Callable[[], bytes] | None = None) -> None:
    """Let *app* answer at ``/livez`` (200 while it runs), ``/readyz`` (503 once it drains) and, with *figures*,
    ``/metrics``.
    """
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def ready(request: Request) -> Response:
        if readiness.draining:
            return PlainTextResponse("draining\n", 503)
        return PlainTextResponse("ready\n")

    async def live(request: Request) -> Response:
        return PlainTextResponse("alive\n")

    def tell(request: Request) -> Response:  # in a thread: the figures of many workers take a moment
        assert figures is not None
        return Response(figures(), media_type=METRICS_TYPE)

    if figures is not None:
        app.router.routes.append(Route(METRICS, tell, name="metrics"))
    app.router.routes.append(Route("/readyz", ready, name="readyz"))
    app.router.routes.append(Route("/livez", live, name="livez"))
