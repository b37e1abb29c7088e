"""What all doors share: the state behind them, refusals in Poe's shape, and streams."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from poebook.standin.refused import Refused
from poebook.standin.state import State
from poebook.wire.bodies import without_halves

Door = Callable[[State, Request], Awaitable[Response]]
Refuse = Callable[[Refused], Response]

_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # mostly there are two, which make one sign
_STREAM = {"cache-control": "no-store", "x-accel-buffering": "no"}


def in_json(refused: Refused) -> Response:
    """A refusal as JSON."""
    return JSONResponse(refused.body(), refused.status, refused.headers)


def route(path: str, door: Door, method: str = "POST", refuse: Refuse = in_json) -> Route:
    """A route whose door may raise Refused."""

    async def answer(request: Request) -> Response:
        try:
            return await door(request.app.state.poe, request)
        except Refused as refused:
            return refuse(refused)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it

    return Route(path, answer, methods=[method])


def stream(pieces: AsyncIterator[bytes], headers: Mapping[str, str] | None = None) -> Response:
    """An event stream."""
    return StreamingResponse(pieces, headers={**_STREAM, **(headers or {})}, media_type="text/event-stream")


def ping() -> bytes:
    """A comment that keeps a stream alive."""
    return f": ping - {datetime.now(UTC).isoformat(sep=' ', timespec='seconds')}\r\n\r\n".encode()


def _parsed(body: bytes) -> Any:
    """The body as JSON that an answer may hold, too: no half signs and no infinite numbers. Raises ValueError."""
    whole = without_halves(body) if _ESCAPED_HALF.search(body) else None
    return json.loads(whole or body, parse_constant=_finite, parse_float=_finite)


def _finite(number: str) -> float:
    if not isfinite(read := float(number)):
        raise ValueError(f"{number} is no number in JSON.")
    return read


async def json_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises Refused."""
    try:
        data = _parsed(await request.body())
    except (ValueError, RecursionError):
        raise Refused(400, "The body is no JSON.") from None
    if not isinstance(data, dict):
        raise Refused(400, "The body is no JSON object.")
    return data
