"""All doors as one ASGI application."""

from __future__ import annotations

from html import escape

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from poebook.standin.doors import api_bots, costs, query, settings, uploads
from poebook.standin.doors.door import in_json, route
from poebook.standin.doors.openai import chat, models, responses
from poebook.standin.refused import Refused
from poebook.standin.state import State

_DOORS = (api_bots, costs, settings, uploads, models, chat, responses, query)  # the first that fits answers


def make_app(state: State) -> Starlette:
    """The application before *state*; mount it anywhere, if ``state.base_url`` says where.

    >>> from poebook.standin.members import Listed
    >>> make_app(State(Listed([]), lambda: ["key"])).state.poe.limits.events
    10000
    """
    routes = [route("/", _page, "GET"), *(one for door in _DOORS for one in door.ROUTES)]
    application = Starlette(routes=routes, exception_handlers={HTTPException: _not_here, Exception: _failed})
    application.state.poe = state
    return application


async def _page(state: State, request: Request) -> Response:
    """What a person sees who opens the address in a browser."""
    names = "".join(f"<li>{escape(member.name)}</li>" for member in state.roster.all())
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Local Poe</title><h1>A local Poe is running</h1>"
        f"<p>Set <code>POE_BASE_URL={escape(state.base_url())}</code> to have scripts ask it. Its bots:</p>"
        f"<ul>{names}</ul></html>"
    )


async def _failed(request: Request, error: Exception) -> Response:
    """What a fault of ours looks like from outside; the server's log has it whole."""
    return in_json(Refused(500, "Internal server error"))


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = "That method is not taken here." if error.status_code == 405 else "There is no such door."
    return in_json(Refused(error.status_code, words, error.headers))
