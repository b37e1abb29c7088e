"""API bots: ``/bots`` and ``/bots/HANDLE``, as Poe's REST interface has them. They are kept, and not asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.standin.doors.door import json_of, route
from poebook.standin.refused import Refused
from poebook.standin.state import State

_WANTED = ("model_name", "base_url", "api_key")


async def create(state: State, request: Request) -> Response:
    _person(state, request)
    body = await json_of(request)
    handle, settings = body.get("handle"), body.get("api_bot_settings")
    if not isinstance(handle, str) or not handle:
        raise Refused(400, "A bot has a handle.")
    if not isinstance(settings, dict):
        raise Refused(400, "A bot has api_bot_settings.")
    missing = [name for name in _WANTED if not isinstance(settings.get(name), str) or not settings[name]]
    if missing:
        raise Refused(400, f"api_bot_settings has no {missing[0]}.")
    if not urlsplit(settings["base_url"]).path.rstrip("/").endswith("/v1"):
        raise Refused(400, "base_url is a Chat Completions door, and ends in /v1.")
    if handle in state.api_bots or state.roster.find(handle) is not None:
        raise Refused(409, f"There is a bot {handle} already.")
    state.api_bots[handle] = {"handle": handle, "description": body.get("description") or "", **_shown(settings)}
    return JSONResponse({"create_bot_status": "success"}, 201)


async def listing(state: State, request: Request) -> Response:
    _person(state, request)
    return JSONResponse({"bots": list(state.api_bots.values())})


async def one(state: State, request: Request) -> Response:
    _person(state, request)
    return JSONResponse(_found(state, request))


async def delete(state: State, request: Request) -> Response:
    _person(state, request)
    del state.api_bots[_found(state, request)["handle"]]
    return JSONResponse({})


def _person(state: State, request: Request) -> None:
    """Raises Refused for whoever is no person: bots own no bots."""
    if state.asker(request.headers.get("authorization")).bot is not None:
        raise Refused(401, "That is the key of a bot; API bots belong to people.")


def _found(state: State, request: Request) -> dict[str, Any]:
    handle = request.path_params["handle"]
    if handle not in state.api_bots:
        raise Refused(404, f"There is no API bot {handle} here.")
    return state.api_bots[handle]


def _shown(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings without the key, which nobody is told again."""
    return {"api_bot_settings": {name: value for name, value in settings.items() if name != "api_key"}}


ROUTES = [
    route("/bots", create),
    route("/bots", listing, "GET"),
    route("/bots/{handle}", one, "GET"),
    route("/bots/{handle}", delete, "DELETE"),
]
