"""A bot is asked at once where nothing of the author's stands before it, and nobody can tell the difference."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import fastapi
import httpx
import pytest
from starlette.routing import Route

import poebook as fp
from tests.conftest import ServeApp
from tests.server.asking import events, post, query, text


class _Places(fp.PoeBot):
    """Says what a handler can learn of the application from its request."""

    async def get_response_with_context(
        self, request: fp.QueryRequest, context: fp.RequestContext
    ) -> AsyncIterator[fp.PartialResponse | str]:
        asked: Any = context.http_request
        yield f"{asked.url_for('about').path} {asked.path_params} {asked.scope['route'].path} "
        yield type(asked.scope["endpoint"]).__name__
        yield f" {isinstance(asked.app, fastapi.FastAPI)}"


def _application(bot: fp.PoeBot | None = None) -> fastapi.FastAPI:
    app = fp.make_app(bot or _Places(path="/bot"), allow_without_key=True)

    @app.get("/about")
    async def about() -> str:
        return "a bot"

    return app


@pytest.mark.parametrize("layered", [False, True], ids=["at once", "through all layers"])
async def test_a_handler_learns_the_same_of_its_application(serve_app: ServeApp, layered: bool) -> None:
    app = _application()
    if layered:

        @app.middleware("http")
        async def passed(request: fastapi.Request, call_next: Any) -> Any:
            return await call_next(request)

    assert text(await events(f"{serve_app(app)}/bot")) == "/about {} /bot BotEndpoint True"


async def test_other_methods_at_the_bots_path_are_the_applications(serve_app: ServeApp) -> None:
    app = _application()

    @app.put("/bot")
    async def put() -> str:
        return "put"

    async with httpx.AsyncClient() as client:
        url = f"{serve_app(app)}/bot"
        assert (await client.put(url)).json() == "put"
        assert (await client.patch(url)).status_code == 405
        assert "is running" in (await client.get(url)).text


async def test_a_route_that_the_author_puts_first_goes_first_also_later(serve_app: ServeApp) -> None:
    async def own(request: fastapi.Request) -> fastapi.Response:
        return fastapi.Response("own")

    app = _application()
    url = f"{serve_app(app)}/bot"
    assert "/about" in text(await events(url))
    app.router.routes.insert(0, Route("/{anything}", own, methods=["POST"]))
    assert (await post(url, query())).text == "own"
    del app.router.routes[0]
    assert "/about" in text(await events(url))


async def test_a_bot_that_is_taken_out_is_gone(serve_app: ServeApp) -> None:
    app = _application()
    url = f"{serve_app(app)}/bot"
    assert (await post(url, query())).status_code == 200
    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "path", "") != "/bot"]
    assert (await post(url, query())).status_code == 404


async def test_a_limit_of_the_applications_own_holds(serve_app: ServeApp) -> None:
    app = _application()
    app.max_body_size = 50
    assert (await post(f"{serve_app(app)}/bot", query())).status_code == 413


@pytest.mark.parametrize("change", ["in place", "at the end", "a new list"])
async def test_a_bot_that_takes_anothers_place_answers_from_then_on(serve_app: ServeApp, change: str) -> None:
    class Newer(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            yield "newer"

    app = _application()
    url = f"{serve_app(app)}/bot"
    assert "/about" in text(await events(url))

    def is_bots(route: Any) -> bool:
        return getattr(route, "path", "") == "/bot"

    newer = [route for route in fp.make_app(Newer(path="/bot"), allow_without_key=True).routes if is_bots(route)]
    others = [route for route in app.router.routes if not is_bots(route)]
    if change == "in place":
        places = [place for place, route in enumerate(app.router.routes) if route not in others]
        for place, route in zip(places, newer, strict=True):
            app.router.routes[place] = route
    elif change == "at the end":
        app.router.routes[:] = [*others, *newer]
    else:
        app.router.routes = [*others, *newer]
    assert text(await events(url)) == "newer"
