"""What a bot charges, told to Poe."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from poebook.client.bases import api_base
from poebook.client.pool import pooled_client
from poebook.client.refusals import masked, place
from poebook.client.targets import POE_BASE_URL
from poebook.errors import CostRequestError, InsufficientFundError
from poebook.protocol import CostItem
from poebook.wire.sse import Decoder, EventTooLarge, ServerSentEvent

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 300.0
_HEADERS = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
_KEPT = 2000  # characters of an answer that the error quotes
_LARGEST_REFUSAL = 64 * 1024


async def request_cost(
    kind: Literal["authorize", "capture"],
    *,
    bot_query_id: str,
    amounts: list[CostItem],
    access_key: str,
    base_url: str = POE_BASE_URL,
) -> None:
    """Authorize or capture *amounts*. Raises InsufficientFundError, CostRequestError."""
    import httpx

    url = f"{api_base(base_url)}bot/cost/{quote(bot_query_id, safe='')}/{kind}"
    body = {"amounts": [item.model_dump() for item in amounts], "access_key": access_key}
    client = await pooled_client(url)
    try:
        asked = client.stream("POST", url, json=body, headers=_HEADERS, timeout=TIMEOUT_S)
        async with asyncio.timeout(TIMEOUT_S), asked as response:
            if response.status_code != 200:
                words = f"{response.status_code} {response.reason_phrase}: {await _messages(response)}"
                raise CostRequestError(masked(words, access_key))
            status = await _status(response, kind)
    except httpx.ConnectError as error:
        raise CostRequestError(f"Nothing answers at {place(api_base(base_url))}, so no cost was {kind}d.") from error
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, EventTooLarge) as error:
        raise CostRequestError(f"The {kind} request broke off ({type(error).__name__}).") from error
    if status is None:
        raise InsufficientFundError(f"Poe gave no result for the {kind} request.")
    if status != "success":
        raise InsufficientFundError(f"Poe answered {masked(str(status), access_key)!r} to the {kind} request.")


async def _status(response: httpx.Response, kind: str) -> object:
    """The ``status`` of the ``result`` event; None where there is none."""
    if "text/event-stream" not in response.headers.get("content-type", ""):
        raise CostRequestError(f"Poe's answer to the {kind} request is no event stream.")
    decoder = Decoder()
    async for chunk in response.aiter_bytes():
        for event in decoder.feed(chunk):
            if event.event == "result":
                data = _object(event.data)
                if data is None or "status" not in data:
                    raise CostRequestError(f"Poe's answer to the {kind} request cannot be read.")
                return data["status"]
    return None


async def _messages(response: httpx.Response) -> str:
    """The messages of a refusal's events, or its text where it has none."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _LARGEST_REFUSAL:
            break
    text = body.decode("utf-8", "replace")
    if "text/event-stream" not in response.headers.get("content-type", ""):
        return text[:_KEPT].strip()
    events = Decoder().feed(bytes(body) + b"\n\n")
    return "".join(_message(event) for event in events)[:_KEPT]


def _message(event: ServerSentEvent) -> str:
    message = (_object(event.data) or {}).get("message")
    return message if isinstance(message, str) else ""


def _object(data: str) -> dict[str, Any] | None:
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None
