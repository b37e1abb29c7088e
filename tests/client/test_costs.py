"""What a bot charges: the request that Poe gets, and what its answers mean."""

from __future__ import annotations

from typing import Any

import pytest

import poebook as fp
from poebook.client.costs import request_cost
from tests.client.player import EVENT_STREAM, Player, Scene, sse
from tests.conftest import ServeApp
from tests.upstream import fastapi_poe

PAID = Scene([sse("result", {"status": "success"})])


async def charge(base: str, library: Any = fp) -> None:
    bot = library.PoeBot(access_key="s3cret")
    request = library.QueryRequest(
        version="1.2", type="query", query=[], user_id="", conversation_id="", message_id="", bot_query_id="q 1"
    )
    await bot.authorize_cost(request, library.CostItem(amount_usd_milli_cents=7), base_url=f"{base}/")


async def test_amounts_and_key_travel_in_the_body(serve_app: ServeApp) -> None:
    player = Player([PAID])
    base = f"{serve_app(player)}/"
    amounts = [fp.CostItem(amount_usd_milli_cents=7, description="tides"), fp.CostItem(amount_usd_milli_cents=1)]
    await request_cost("capture", bot_query_id="q-1", amounts=amounts, access_key="s3cret", base_url=base)
    assert player.asked[0].path == "/bot/cost/q-1/capture"
    assert player.asked[0].headers["accept"] == "text/event-stream"
    assert player.asked[0].json == {"amounts": [item.model_dump() for item in amounts], "access_key": "s3cret"}


EQUAL = {
    "paid": PAID,
    "not paid": Scene([sse("result", {"status": "insufficient"})]),
    "no result": Scene([sse("ping")]),
    "nothing": Scene([]),
    "refused": Scene([sse("error", {"message": "too "}), sse("error", {"message": "much"})], 400),
}


@pytest.mark.parametrize("name", EQUAL)
async def test_what_an_answer_means_equals_fastapi_poe(serve_app: ServeApp, name: str) -> None:
    base = serve_app(Player([EQUAL[name]]))
    outcomes = []
    for library in (fp, fastapi_poe):
        try:
            await charge(base, library)
            outcomes.append("paid")
        except Exception as error:
            kind = type(error).__name__
            outcomes.append(f"{kind}: {error}" if kind == "CostRequestError" else kind)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "scene",
    [
        Scene([b"<html>"], headers=[(b"content-type", b"text/html")]),
        Scene([sse("result", "{")]),
        Scene([sse("result", {})]),
        Scene([sse("ping")], cut=True),
        Scene([b"no: s3cret"], 403, headers=[]),
        Scene([b"data: ", *[b"x" * 1_000_000] * 40]),
        Scene([b"not gzip"], headers=[EVENT_STREAM, (b"content-encoding", b"gzip")]),
    ],
)
async def test_what_cannot_be_read_is_a_cost_request_error(serve_app: ServeApp, scene: Scene) -> None:
    base = serve_app(Player([scene]))
    with pytest.raises(fp.CostRequestError) as caught:
        await charge(base)
    assert "s3cret" not in str(caught.value)


async def test_nobody_there_is_a_cost_request_error() -> None:
    with pytest.raises(
        fp.CostRequestError, match=r"Nothing answers at http://127\.0\.0\.1:9/, so no cost was authorized"
    ):
        await charge("http://127.0.0.1:9")


async def test_the_result_is_enough_though_the_stream_stays_open(serve_app: ServeApp) -> None:
    await charge(serve_app(Player([Scene(PAID.pieces, hold=True)])))


async def test_poe_base_url_is_where_costs_go(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player([PAID])
    monkeypatch.setenv("POE_BASE_URL", serve_app(player))
    await request_cost("authorize", bot_query_id="q", amounts=[], access_key="k")
    assert player.asked[0].path == "/bot/cost/q/authorize"
