"""What a bot charges, told to Poe."""

from __future__ import annotations

import contextlib
import json
from typing import Any, Literal

from poebook.client.bases import api_base
from poebook.client.pool import pooled_client
from poebook.client.targets import POE_BASE_URL
from poebook.errors import CostRequestError, InsufficientFundError
from poebook.protocol import CostItem
from poebook.wire.sse import Decoder, ServerSentEvent

TIMEOUT_S = 300.0


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

    url = f"{api_base(base_url)}bot/cost/{bot_query_id}/{kind}"
    body = {"amounts": [item.model_dump() for item in amounts], "access_key": access_key}
    client = await pooled_client(url)
    try:
        response = await client.post(url, json=body, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        raise CostRequestError(f"Poe could not be asked to {kind} a cost: {type(error).__name__}.") from error
    events = Decoder().feed(response.content + b"\n\n")
    if response.status_code != 200:
        said = "".join(_data(event).get("message", "") for event in events)
        raise CostRequestError(f"{response.status_code} {response.reason_phrase}: {said}")
    for event in events:
        if event.event == "result":
            try:
                status = json.loads(event.data)["status"]
            except (ValueError, KeyError, TypeError):
                raise CostRequestError(f"Poe's answer to the {kind} request cannot be read.") from None
            if status != "success":
                raise InsufficientFundError(f"Poe answered {status} to the {kind} request.")
            return
    raise InsufficientFundError(f"Poe gave no result for the {kind} request.")


def _data(event: ServerSentEvent) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        parsed = json.loads(event.data)
        if isinstance(parsed, dict):
            return parsed
    return {}
