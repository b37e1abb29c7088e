"""What a bot charges for its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from poebook.client.nested import ear_here
from poebook.errors import CostRequestError, InvalidParameterError
from poebook.protocol import CostItem, QueryRequest

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot


async def request(
    bot: PoeBot,
    kind: Literal["authorize", "capture"],
    query: QueryRequest,
    amounts: list[CostItem] | CostItem,
    base_url: str,
) -> None:
    """Authorize or capture *amounts* for the answer to *query*; while a tape is played to the bot, all is paid."""
    from poebook.client.costs import request_cost

    ear = ear_here()
    if ear is not None and ear.is_answering:
        return
    key = bot.access_key or (query.access_key if query.access_key != "<missing>" else None)
    if not key:
        raise CostRequestError("Charging needs the bot's access key; give it to the bot.")
    if not query.bot_query_id:
        raise InvalidParameterError("The request has no bot_query_id, so there is nothing to charge for.")
    items = [amounts] if isinstance(amounts, CostItem) else list(amounts)
    await request_cost(kind, bot_query_id=query.bot_query_id, amounts=items, access_key=key, base_url=base_url)
