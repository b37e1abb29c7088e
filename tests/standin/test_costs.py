"""What bots charge: both libraries' bots against the ledger."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.standin.doors.costs import LARGEST
from tests.standin.asking import Client
from tests.standin.conftest import Asks, OpenPoe
from tests.upstream import fastapi_poe


class Charges(fp.PoeBot):
    """Authorizes and captures what the question says, in thousandths of a cent."""

    async def get_response(self, request: fp.QueryRequest) -> Any:
        amount = fp.CostItem(amount_usd_milli_cents=int(request.query[-1].content), description="tides")
        await self.authorize_cost(request, amount)
        yield "paid"
        await self.capture_cost(request, amount)


def test_what_a_bot_charges_is_in_the_ledger(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe([Charges])
    assert asks(poe).text("Charges", "12") == "paid"
    assert [(e.kind, e.bot, e.user, e.amount, e.description, e.paid) for e in poe.ledger] == [
        ("authorize", "Charges", "u-1", 12, "tides", True),
        ("capture", "Charges", "u-1", 12, "tides", True),
    ]
    assert poe.calls[0].cost == 12


def test_who_has_not_enough_is_told(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe([Charges])
    poe.funds = 20
    client = asks(poe)
    assert client.text("Charges", "15") == "paid"
    error = client.error("Charges", "15")
    assert "insufficient_fund" in str(error)
    assert [entry.paid for entry in poe.ledger] == [True, True, False]
    assert client.text("Charges", "5") == "paid"


def test_each_user_has_a_purse(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe([Charges])
    poe.funds = 10
    client = asks(poe)
    for user in ("u-1", "u-2"):
        request = client.request(client.message("10"), user_id=user)
        assert "".join(part.text for part in client.parts("Charges", request=request)) == "paid"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:fastapi_poe.base")
def test_a_bot_of_fastapi_poe_charges_too(open_poe: OpenPoe, serve_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "k" * 32

    class Old(fastapi_poe.PoeBot):
        async def get_response(self, request: fastapi_poe.QueryRequest) -> Any:
            amounts = [fastapi_poe.CostItem(amount_usd_milli_cents=n) for n in (3, 4)]
            await self.authorize_cost(request, amounts, base_url=poe.base_url)
            yield fastapi_poe.PartialResponse(text="paid")

    monkeypatch.setenv("POE_ACCESS_KEY", key)
    url = serve_app(fastapi_poe.make_app(Old(), access_key=key))
    poe = open_poe({"old": url})
    assert Client(fp, poe).text("old") == "paid"
    assert [entry.amount for entry in poe.ledger] == [3, 4]


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ([{"amount_usd_milli_cents": -1}], "amounts.0: an amount is not negative."),
        ([{"amount_usd_milli_cents": LARGEST + 1}], "at most"),
        ([{"amount_usd_milli_cents": 1}, {"amount_usd_milli_cents": "2"}], "amounts.1"),
        ([], "a list of amounts is missing"),
        (None, "a list of amounts is missing"),
        (["x"], "amounts.0"),
    ],
)
def test_odd_amounts_are_refused_with_the_reason(open_poe: OpenPoe, amounts: Any, words: str) -> None:
    poe = open_poe([Charges])
    Client(fp, poe).text("Charges", "1")
    body = {"access_key": poe.key_of("Charges"), "amounts": amounts}
    response = httpx.post(f"{poe.base_url}bot/cost/{poe.calls[0].id}/capture", json=body)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/event-stream")
    assert words in response.text
    assert len(poe.ledger) == 2


def test_the_reason_reaches_the_bot(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe([Charges])
    library: Any = asks(poe).library
    bot = library.PoeBot(access_key="w" * 32)
    query = SimpleNamespace(bot_query_id="q-1", access_key="<missing>")
    cost = library.CostItem(amount_usd_milli_cents=1)
    with pytest.raises(library.CostRequestError, match=r"401 .*neither that of this local Poe"):
        asyncio.run(bot.capture_cost(query, cost, base_url=poe.base_url))
    bot = library.PoeBot(access_key=poe.key_of("Charges"))
    with pytest.raises(library.CostRequestError, match=r"404 .*No question to this bot"):
        asyncio.run(bot.capture_cost(query, cost, base_url=poe.base_url))


def test_the_balance_is_told(open_poe: OpenPoe) -> None:
    poe = open_poe()
    poe.funds = 30
    headers = {"Authorization": f"Bearer {poe.api_key}"}
    balance = httpx.get(f"{poe.base_url}usage/current_balance", headers=headers).json()
    assert balance == {"current_point_balance": 30}
