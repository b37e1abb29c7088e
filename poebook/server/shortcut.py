"""The application that make_app makes: FastAPI's, with a short way to its bots."""

from __future__ import annotations

from collections.abc import Awaitable

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from poebook.server.route import BotRoute


class BotApplication(FastAPI):
    """A FastAPI application whose bots are asked at once where nothing of the author's stands before them.

    FastAPI's layers catch what a bot never lets out, and search for what is known; at each event of a stream, too. With
    middleware or a body limit of the application's own, requests go through all of them.

    >>> isinstance(BotApplication(), FastAPI)
    True
    """

    def build_middleware_stack(self) -> ASGIApp:
        stack: ASGIApp = super().build_middleware_stack()
        if self.user_middleware or getattr(self, "max_body_size", None) is not None:
            return stack
        return Shortcut(stack, self.router)


class Shortcut:
    """Hands requests for a bot to its endpoint, and all others to *app*."""

    def __init__(self, app: ASGIApp, router: Router) -> None:
        self.app = app  # by this name tracers look for the layers within
        self._router = router
        self._seen: list[BaseRoute] = []
        self._routes: dict[tuple[str, str], BotRoute] = {}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http" or scope.get("root_path"):
            return self.app(scope, receive, send)
        if self._router.routes != self._seen:  # the same objects, mostly, so nothing is looked into
            self._read()
        route = self._routes.get((scope["method"], scope["path"]))
        if route is None:
            return self.app(scope, receive, send)
        scope["router"], scope["route"] = self._router, route
        scope["endpoint"], scope["path_params"] = route.endpoint, {}
        return route.app(scope, receive, send)

    def _read(self) -> None:
        """Learn the routes that are found by their path alone, and have none before them that might take it."""
        self._seen = list(self._router.routes)
        self._routes = {}
        taken: set[str] = set()
        for route in self._router.routes:
            if not isinstance(route, Route) or "{" in route.path:
                return
            if isinstance(route, BotRoute) and route.path not in taken:
                self._routes.update({(method, route.path): route for method in route.methods or ()})
            elif not isinstance(route, BotRoute):
                taken.add(route.path)
