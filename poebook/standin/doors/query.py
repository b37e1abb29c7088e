"""The bot query API: ``POST /bot/NAME``, and what Poe passes on to a bot besides questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.errors import PoebookError
from poebook.protocol import QueryRequest, ReportErrorRequest, SettingsRequest
from poebook.standin.answering import Answering, begin
from poebook.standin.doors.door import ping, route, stream
from poebook.standin.refused import Refused
from poebook.standin.state import State
from poebook.wire.bodies import BadRequest, parse_request


async def ask(state: State, request: Request) -> Response:
    asker = state.asker(request.headers.get("authorization"))
    headers = state.take_turn(asker)
    member = state.member(request.path_params["name"])
    try:
        asked = parse_request(await request.body())
    except BadRequest as error:
        raise Refused(400 if error.status == 501 else error.status, error.detail) from None
    if isinstance(asked, QueryRequest):
        return stream(_events(await begin(state, asker, member, asked)), headers)
    if isinstance(asked, SettingsRequest):
        return JSONResponse((await state.settings(member)).model_dump(mode="json"), headers=headers)
    if isinstance(asked, ReportErrorRequest):
        state.tell(member, asked.message, str(asked.metadata.get("message_id", "")))
    try:
        if not member.foreign:
            await state.post(member, asked.model_dump(mode="json"))
    except PoebookError as error:
        state.tell(member, f"The bot did not take a {asked.type}: {error}")
    return JSONResponse({}, headers=headers)


async def _events(answering: Answering) -> AsyncIterator[bytes]:
    async with aclosing(answering.bytes()) as pieces:
        async for piece in pieces:
            yield ping() if piece is None else piece


ROUTES = [route("/bot/{name}", ask)]
