"""What a bot charges."""

from __future__ import annotations

import pytest

from tests.parity.bots.keys import KEY
from tests.parity.pair import Answer, Ask, Pair, query
from tests.parity.tables import COSTS

CHARGES = [
    *[f"{kind}//{amount}" for kind in ("authorize", "capture") for amount in COSTS],
    "authorize/refuse/one item",
    "capture/refuse/items",
    "capture/silent/one item",
]


@pytest.mark.parametrize("words", CHARGES)
def test_a_charge_ends_as_with_the_original(pair: Pair, words: str) -> None:
    for server in (pair.original, pair.own):
        server.standin.take(server.library)
    pair.same(Ask("/charges", query(words, bot_query_id="q-1")))
    asked = [server.standin.take(server.library) for server in (pair.original, pair.own)]
    assert asked[1] == asked[0]


def test_a_charge_says_amounts_and_key(pair: Pair) -> None:
    server = pair.own
    server.standin.take(server.library)
    assert server.ask(Ask("/charges", query("capture//items", bot_query_id="q-1"))).text == "charged"
    (asked,) = server.standin.take(server.library)
    assert asked["path"] == "bot/cost/q-1/capture"
    assert asked["said"] == {
        "amounts": [
            {"amount_usd_milli_cents": 5, "description": None},
            {"amount_usd_milli_cents": 6, "description": "é"},
        ],
        "access_key": KEY,
    }


def test_what_cannot_be_paid_is_an_error_of_its_own(pair: Pair) -> None:
    events = pair.same(Ask("/charges", query("authorize//too much", bot_query_id="q-1"))).events
    assert events[0] == ("error", {"allow_retry": True, "text": "", "error_type": "insufficient_fund"})


@pytest.mark.parametrize(("path", "kind"), [("/charges", "InvalidParameterError"), ("/charges-without-key", "Cost")])
def test_a_charge_needs_a_key_and_a_query(pair: Pair, path: str, kind: str) -> None:
    more = {} if path == "/charges" else {"bot_query_id": "q-1"}
    wanted, given = (
        Answer(one.status, {}, one.body) for one in pair.ask(Ask(path, query("capture//one item", **more)))
    )
    assert given == wanted
    assert given.text.startswith(kind)
