"""Bots that call bots: what they declare, and where it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest

import poebook as fp
from tests.standin.asking import Keeps
from tests.standin.conftest import Asks, OpenPoe


class Calls(fp.PoeBot):
    """Asks other bots in turn, and passes their answers on."""

    def __init__(self, *names: str, **declared: int) -> None:
        super().__init__()
        self.names, self.declared = names, declared
        self.errors: list[fp.BotError] = []

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(server_bot_dependencies=self.declared)

    async def get_response(self, request: fp.QueryRequest) -> Any:
        for name in self.names:
            try:
                async for part in fp.stream_request(request, name, request.access_key, retry_sleep_time=0):
                    yield part
            except fp.BotError as error:
                self.errors.append(error)
                raise


def test_a_declared_bot_is_called_with_no_network(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe({"main": Calls("echo", echo=1), "echo": Keeps()})
    assert asks(poe).text("main", "tide") == "tide"
    (root,) = poe.calls
    assert [child.bot for child in root.children] == ["echo"]
    assert [line.split(":")[0] for line in root.lines()] == ["main", "└─ echo"]


def test_the_users_metadata_reaches_every_bot_of_the_graph(open_poe: OpenPoe, asks: Asks) -> None:
    echo, main = Keeps(), Keeps()

    class Both(Calls):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            main.requests.append(request)
            async for part in super().get_response(request):
                yield part

    asks(open_poe({"main": Both("echo", echo=1), "echo": echo})).text("main")
    above, below = main.last, echo.last
    assert (above.user_id, above.conversation_id, above.metadata) == (
        below.user_id,
        below.conversation_id,
        below.metadata,
    )
    assert above.bot_query_id != below.bot_query_id
    assert above.access_key != below.access_key


def test_a_bot_that_was_not_declared_may_not_be_called(open_poe: OpenPoe, asks: Asks) -> None:
    main = Calls("echo")
    poe = open_poe({"main": main, "echo": Keeps()})
    asks(poe).error("main")
    (error,) = main.errors
    assert error.status == 403
    assert 'Let get_settings return {"echo": 1} there.' in str(error)
    assert any("does not declare echo" in note.words for note in poe.inbox)


@pytest.mark.parametrize("most", [1, 2])
def test_a_bot_is_called_as_often_as_declared(open_poe: OpenPoe, asks: Asks, most: int) -> None:
    main = Calls(*["echo"] * (most + 1), echo=most)
    poe = open_poe({"main": main, "echo": Keeps()})
    event = json.loads(str(asks(poe).error("main")))
    assert "unexpected issue" in event["text"]
    assert f"declares {most} call" in str(main.errors[0])
    assert len(poe.calls[0].children) == most
    asks(poe).error("main")  # each message has calls of its own
    assert len(poe.calls[1].children) == most


def test_undeclared_calls_may_be_warnings(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe({"main": Calls("echo"), "echo": Keeps()}, limits={"enforce": False})
    assert asks(poe).text("main", "tide") == "tide"
    assert "does not declare echo" in poe.inbox[0].words


def test_a_request_of_ones_own_counts_for_the_message_under_way(open_poe: OpenPoe, asks: Asks) -> None:
    class Fresh(Calls):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            said = [fp.ProtocolMessage(role="user", content="fresh")]
            for _ in range(2):
                async for part in fp.get_bot_response(said, "echo", request.access_key):
                    yield part

    poe = open_poe({"main": Fresh(echo=1), "echo": Keeps()})
    asks(poe).error("main")
    assert [child.bot for child in poe.calls[0].children] == ["echo"]


def test_a_graph_of_depth_three_with_a_cycle_ends_with_a_clear_error(open_poe: OpenPoe, asks: Asks) -> None:
    bots = {"a": Calls("b", b=1), "b": Calls("c", c=1), "c": Calls("a", a=1)}
    poe = open_poe(bots)
    asks(poe).error("a")
    words = "Bots may call each other 10 deep, and this went on: a → b → c → a → b → c → a → b → c → a → b."
    assert words in [note.words for note in poe.inbox]
    assert words in str(bots["a"].errors[0])
    assert len(list(poe.calls[0].within())) == 10


def test_one_message_leads_to_so_many_calls_in_all(open_poe: OpenPoe, asks: Asks) -> None:
    main = Calls(*["echo"] * 5, echo=5)
    poe = open_poe({"main": main, "echo": Keeps()}, limits={"calls": 3})
    asks(poe).error("main")
    assert "One message may lead to 3 calls" in str(main.errors[0])
    assert len(poe.calls[0].children) == 3


def test_costs_stand_in_the_tree_where_they_arose(open_poe: OpenPoe, asks: Asks) -> None:
    class Dear(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=7))
            yield "dear"

    poe = open_poe({"main": Calls("dear", dear=1), "dear": Dear()})
    asks(poe).text("main")
    (root,) = poe.calls
    assert (root.cost, root.children[0].cost) == (0, 7)
    assert "$0.00007" in root.lines()[1]


def test_a_bot_that_is_not_here_is_not_asked_elsewhere(open_poe: OpenPoe, asks: Asks) -> None:
    main = Calls("GPT-5", **{"GPT-5": 1})
    asks(open_poe({"main": main})).error("main")
    assert main.errors[0].status == 404
    assert "There is no bot GPT-5 here. Here are main." in str(main.errors[0])


def test_bots_that_share_a_key_are_told_apart_by_what_they_answer(open_poe: OpenPoe, asks: Asks) -> None:
    class Pays(Calls):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=1))
            async for part in super().get_response(request):
                yield part

    first, second, echo = Pays("second", second=1), Pays("echo", echo=1), Keeps()
    for bot in (first, second, echo):
        bot.access_key = "k" * 32
    poe = open_poe({"first": first, "second": second, "echo": echo})
    assert asks(poe).text("first", "tide") == "tide"
    assert [call.bot for call in poe.calls[0].within()] == ["first", "second", "echo"]
    assert [entry.bot for entry in poe.ledger] == ["first", "second"]
    assert poe.inbox == []


def test_a_served_bot_that_a_local_poe_asks_calls_and_charges_there(open_poe: OpenPoe, asks: Asks) -> None:
    class Main(Calls):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=1))
            async for part in super().get_response(request):
                yield part

    with fp.serve(Main("GPT-5", **{"GPT-5": 1}), "main", port=0) as served:
        poe = open_poe([served], doubles={"GPT-5": "as if"})
        assert asks(poe).text("main") == "as if"
        assert [entry.bot for entry in poe.ledger] == ["main"]
        assert [child.bot for child in poe.calls[0].children] == ["GPT-5"]
