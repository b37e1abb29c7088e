"""Odd messages and nulls are taken out of a body, however many faults are in it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from poebook.protocol import QueryRequest
from poebook.wire import bodies as wire
from poebook.wire import mending
from poebook.wire.bodies import BadRequest, parse_request

HI = {"role": "user", "content": "hi"}
ODD = {"role": "narrator", "content": "once"}
NUMBERS = {str(number): number for number in range(30)}
VALUES: list[Any] = [
    None, 1, "x", True, 1.5, "user", "narrator", [], {}, [None], [None, None], [None, None, "x"], ["x"], [1] * 30,
    {"a": None}, ODD, {"role": "user", "content": None}, NUMBERS, dict.fromkeys(NUMBERS, "x"), [{"url": None}] * 3,
    [{"url": "u", "content_type": "c", "name": "n", "inline_ref": None, "parsed_content": 5}],
]  # fmt: skip
IN_MESSAGE = ["role", "content", "attachments", "parameters", "feedback", "timestamp", "sender", "reactions", "more"]
IN_BODY = ["users", "tools", "logit_bias", "stop_sequences", "access_key", "language_code", "tool_results", "query"]


def body(*messages: object, **more: object) -> bytes:
    ids = {"message_id": "m", "user_id": "u", "conversation_id": "c"}
    return json.dumps({"version": "1.2", "type": "query", "query": list(messages), **ids, **more}).encode()


def said(content: bytes) -> str:
    """What becomes of a body."""
    try:
        return parse_request(content).model_dump_json()
    except BadRequest as refusal:
        return f"{refusal.status} {refusal.detail}"


def message(chance: random.Random, depth: int = 0) -> Any:
    if chance.random() < 0.02:
        return chance.choice(VALUES)
    made: dict[str, Any] = {"role": chance.choice(["user", "bot", "narrator"]), "content": "hi"}
    for _ in range(chance.choice([0, 0, 0, 0, 0, 0, 1, 2])):
        made[chance.choice(IN_MESSAGE)] = chance.choice(VALUES)
    if chance.random() < 0.1 and depth < 4:
        made["referenced_message"] = message(chance, depth + 1)
    return made


def bodies(count: int) -> list[bytes]:
    chance = random.Random(20_261_127)
    return [
        body(
            *[message(chance) for _ in range(chance.randint(0, chance.choice([3, 60])))],
            **{chance.choice(IN_BODY): chance.choice(VALUES) for _ in range(chance.choice([0, 0, 1, 2]))},
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("piece", [1, 2, 5, 20])
def test_a_long_body_is_mended_and_refused_as_a_short_one(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    sent = bodies(400)
    monkeypatch.setattr(wire, "_LONG", 1_000_000)
    at_once = [said(one) for one in sent]
    monkeypatch.setattr(wire, "_LONG", 0)
    monkeypatch.setattr(mending, "_PIECE", piece)
    assert [said(one) for one in sent] == at_once
    outcomes = [one.startswith("422 ") for one in at_once]
    assert 50 < sum(outcomes) < 350, "there are some of both"


@pytest.mark.parametrize("number", [1, 2, 5, 3000])
def test_messages_that_may_go_do_whatever_their_number(number: int) -> None:
    request = parse_request(body(*[None, ODD] * number, HI, *[{**HI, "attachments": None}] * number))
    assert isinstance(request, QueryRequest)
    assert len(request.query) == number + 1


@pytest.mark.parametrize("number", [1, 3000])
def test_what_comes_after_a_fault_does_not_hide_it(number: int) -> None:
    content = body(*[ODD] * number, HI, {"role": "user"}, *[HI, *[{"role": "user"}] * number])
    assert said(content) == "422 query.1.content: Field required"


def test_a_role_in_the_place_of_a_word_is_no_message() -> None:
    assert said(body(HI, logit_bias=ODD)).startswith("422 logit_bias.role: Input should be a valid number")
    assert said(body(query=None, logit_bias=ODD)) == "422 query: Field required"
