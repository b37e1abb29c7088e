"""The bots that both libraries serve. Their source knows one library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI


def application() -> FastAPI:
    """All bots on an application that has routes and a middleware of its own already."""
    import fastapi_poe as fp
    from fastapi import FastAPI, Request, Response

    from tests.parity.bots import answers, files, reports, requests, settings, shapes

    app = FastAPI(title="Mine")

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"state": "well"}

    @app.get("/double")
    def double(number: int) -> int:
        return 2 * number

    @app.exception_handler(EOFError)
    async def not_found(request: Request, error: Exception) -> Response:
        return Response("nothing of that kind", 404)

    @app.middleware("http")
    async def signed(request: Request, call_next: object) -> Response:
        response: Response = await call_next(request)  # type: ignore[operator]
        response.headers["x-signed"] = "by me"
        return response

    bots = [bot for module in (answers, files, reports, requests, settings, shapes) for bot in module.bots()]
    return fp.make_app(bots, allow_without_key=True, app=app)
