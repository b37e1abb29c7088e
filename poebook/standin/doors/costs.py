"""What bots charge: ``POST /bot/cost/ID/authorize`` and ``/capture``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.protocol import CostItem
from poebook.standin.doors.door import json_of, route, stream
from poebook.standin.purse import Kind
from poebook.standin.refused import Refused
from poebook.standin.state import State
from poebook.wire.sse import ServerSentEvent

LARGEST = 100_000_000_000  # milli-cents: a million dollars, so surely a slip
_KINDS: dict[str, Kind] = {"authorize": "authorize", "capture": "capture"}


async def charge(state: State, request: Request) -> Response:
    kind = _KINDS.get(request.path_params["kind"])
    if kind is None:
        raise Refused(404, "A cost is asked to authorize or to capture.")
    body = await json_of(request)
    key = body.get("access_key")
    if not isinstance(key, str):
        raise Refused(401, "access_key: the bot's key is missing.")
    state.holder(key)
    call = state.calls.find(request.path_params["id"])
    if call is None or not state.holds(key, call.bot):
        raise Refused(404, "No question to this bot has that bot_query_id.")
    amounts = _amounts(body.get("amounts"))
    paid = state.purse.charge(kind, call.bot, call.user, amounts, call.id)
    if paid and kind == "capture":
        call.cost += sum(amount for amount, _ in amounts)
    result = json.dumps({"status": "success" if paid else "insufficient_funds"})
    return stream(_one(ServerSentEvent("result", result)))


def _amounts(given: object) -> list[tuple[int, str | None]]:
    if not isinstance(given, list) or not given:
        raise Refused(400, "amounts: a list of amounts is missing.")
    return [_amount(place, one) for place, one in enumerate(given)]


def _amount(place: int, given: Any) -> tuple[int, str | None]:  # parsed JSON
    try:
        item = CostItem.model_validate(given)
    except ValidationError as error:
        words = error.errors(include_url=False, include_input=False, include_context=False)[0]["msg"]
        raise Refused(400, f"amounts.{place}: {words}") from None
    if item.amount_usd_milli_cents < 0:
        raise Refused(400, f"amounts.{place}: an amount is not negative.")
    if item.amount_usd_milli_cents > LARGEST:
        raise Refused(400, f"amounts.{place}: an amount is at most {LARGEST:,} thousandths of a US cent.")
    return item.amount_usd_milli_cents, item.description


async def _one(event: ServerSentEvent) -> AsyncIterator[bytes]:
    yield event.encode()


def _in_events(refused: Refused) -> Response:
    """A refusal as fastapi_poe reads it: an event stream with the message."""
    event = ServerSentEvent("error", json.dumps({"message": refused.message, **refused.body()}))
    response = stream(_one(event), refused.headers)
    response.status_code = refused.status
    return response


async def balance(state: State, request: Request) -> Response:
    asker = state.asker(request.headers.get("authorization"))
    left = state.purse.left(asker.user)
    return JSONResponse({"current_point_balance": left if left is not None else LARGEST})


ROUTES = [
    route("/bot/cost/{id}/{kind}", charge, refuse=_in_events),
    route("/usage/current_balance", balance, "GET"),
]
