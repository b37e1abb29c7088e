"""A bot's settings: ``POST /bot/fetch_settings/BOT/KEY/VERSION`` and ``/bot/update_settings/...``."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.client.platform.settings import parsed
from poebook.errors import InvalidBotSettings
from poebook.standin.doors.door import json_of, route
from poebook.standin.members import Member
from poebook.standin.refused import Refused
from poebook.standin.state import State, same


async def fetch(state: State, request: Request) -> Response:
    member = _member(state, request)
    problem = await state.fetch_settings(member)
    if problem is not None:
        raise Refused(400, f"The settings of {member.name} could not be had: {problem}")
    return JSONResponse({})


async def update(state: State, request: Request) -> Response:
    member = _member(state, request)
    try:
        state.keep_settings(member, parsed(await json_of(request)))
    except InvalidBotSettings as error:
        raise Refused(400, str(error)) from None
    return JSONResponse({})


def _member(state: State, request: Request) -> Member:
    """The bot whose name and key the address has."""
    name, key = request.path_params["name"], request.path_params["key"]
    member = state.roster.find(name)
    if member is None:
        return state.member(name)
    if member.key is None or not same(key, member.key):
        raise Refused(401, f"That is not the access key of {name}.")
    return member


ROUTES = [
    route("/bot/fetch_settings/{name}/{key}/{version}", fetch),
    route("/bot/update_settings/{name}/{key}/{version}", update),
]
