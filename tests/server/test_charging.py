"""What a bot charges goes to Poe, with the bot's key."""

from __future__ import annotations

from typing import Any

import pytest

import poebook as fp
from poebook.errors import InvalidParameterError
from tests.conftest import ServeApp
from tests.server.asking import KEY, query
from tests.server.poe import Poe

ITEM = fp.CostItem(amount_usd_milli_cents=12.2, description="tokens")
SUCCESS = b'event: result\r\ndata: {"status": "success"}\r\n\r\n'


def _poe(answer: bytes, status: int = 200) -> Poe:
    return Poe(answer, status, "text/event-stream")


def _query(**more: Any) -> fp.QueryRequest:
    return fp.QueryRequest.model_validate(query(**{"bot_query_id": "q-1", **more}))


@pytest.mark.parametrize("kind", ["authorize", "capture"])
@pytest.mark.parametrize("several", [True, False])
async def test_an_amount_is_told_to_poe(serve_app: ServeApp, kind: str, several: bool) -> None:
    poe = _poe(SUCCESS)
    charge = getattr(fp.PoeBot(access_key=KEY), f"{kind}_cost")
    await charge(_query(), [ITEM, ITEM] if several else ITEM, base_url=serve_app(poe) + "/")
    amount = {"amount_usd_milli_cents": 13, "description": "tokens"}
    assert poe.sent[0].path == f"/bot/cost/q-1/{kind}"
    assert poe.sent[0].json() == {"amounts": [amount] * (1 + several), "access_key": KEY}


@pytest.mark.parametrize("answer", [b'event: result\r\ndata: {"status": "failure"}\r\n\r\n', b"", b": nothing\r\n\r\n"])
async def test_who_cannot_pay_is_said_so(serve_app: ServeApp, answer: bytes) -> None:
    with pytest.raises(fp.InsufficientFundError):
        await fp.PoeBot(access_key=KEY).authorize_cost(_query(), ITEM, base_url=serve_app(_poe(answer)) + "/")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b'event: error\r\ndata: {"message": "no such query"}\r\n\r\n', 400),
        (b"event: result\r\ndata: {\r\n\r\n", 200),
        (b'event: result\r\ndata: {"other": 1}\r\n\r\n', 200),
        (b"<html>", 502),
    ],
)
async def test_an_answer_that_is_none_is_a_cost_error(serve_app: ServeApp, answer: bytes, status: int) -> None:
    url = serve_app(_poe(answer, status)) + "/"
    with pytest.raises(fp.CostRequestError) as caught:
        await fp.PoeBot(access_key=KEY).capture_cost(_query(), ITEM, base_url=url)
    assert KEY not in str(caught.value)
    if status == 400:
        assert "400 Bad Request: no such query" in str(caught.value)


async def test_charging_needs_the_bots_key_and_the_query() -> None:
    with pytest.raises(fp.CostRequestError, match="access key"):
        await fp.PoeBot().authorize_cost(_query(), ITEM)
    with pytest.raises(InvalidParameterError, match="bot_query_id"):
        await fp.PoeBot(access_key=KEY).authorize_cost(_query(bot_query_id=""), ITEM)
