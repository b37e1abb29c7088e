"""Batches merge without loss, large messages come in pieces, and no second is too full."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from poebook.client.turns import ConversationState, Op, apply, fresh_answer, fresh_turn
from poebook.runtime.publication import Publication
from poebook.widget.messages import PIECE_SIZE, Outbox, Pace, card, pieces


def _chat() -> ConversationState:
    answers = [fresh_answer("a", 0), fresh_answer("b", 1)]
    return {"id": "c", "targets": [], "turns": [fresh_turn("t", "hi", 0, answers)], "parameters": {}, "users": []}


_ops = st.lists(
    st.builds(
        lambda kind, id, text, n: (
            {"op": kind, "id": id, "text": text, "n": n} if kind != "first" else {"op": kind, "id": id, "s": n / 10}
        ),
        st.sampled_from(["text", "text", "text", "replace", "first", "reply"]),
        st.sampled_from("ab"),
        st.text(max_size=4),
        st.integers(0, 99),
    )
)


def _folded(ops: list[Op]) -> ConversationState:
    chat = _chat()
    for op in ops:
        apply(chat, op)
    return chat


@given(_ops, st.integers(1, 5))
def test_merged_changes_lead_to_the_same_state(ops: list[Op], every: int) -> None:
    told, outbox = [], Outbox()
    for place, op in enumerate(ops):
        outbox.put(op)
        if place % every == 0:
            told += outbox.take()
    told += outbox.take()
    assert _folded(told) == _folded(ops)


def test_neighbouring_texts_of_one_answer_become_one() -> None:
    outbox = Outbox()
    for n in range(1000):
        outbox.put({"op": "text", "id": "a", "text": "x", "n": n})
    assert outbox.take() == [{"op": "text", "id": "a", "text": "x" * 1000, "n": 999}]
    assert not outbox


def test_what_was_put_in_is_left_as_it_was() -> None:
    first: Op = {"op": "text", "id": "a", "text": "x", "n": 1}
    outbox = Outbox()
    outbox.put(first)
    outbox.put({"op": "text", "id": "a", "text": "y", "n": 2})
    outbox.take()
    assert first == {"op": "text", "id": "a", "text": "x", "n": 1}


@given(st.text(), st.integers(5, 40))
def test_pieces_put_together_are_the_message(text: str, size: int) -> None:
    message = {"kind": "batch", "seq": 1, "ops": [{"op": "text", "text": text}]}
    sent = [one for one, _ in pieces(message, size)]
    assert [one["index"] for one in sent] == list(range(sent[0]["count"]))
    assert json.loads("".join(one["text"] for one in sent)) == message


def test_a_small_message_goes_whole() -> None:
    message = {"kind": "ack", "id": "1"}
    assert [one for one, _ in pieces(message)] == [message]


def test_no_message_is_much_larger_than_a_piece() -> None:
    message = {"kind": "batch", "ops": [{"text": 'a "quoted" \\ word — ☃ ' * 40_000}]}
    for piece, cost in pieces(message):
        assert len(json.dumps(piece)) < 2 * PIECE_SIZE
        assert abs(len(json.dumps(piece)) - cost) < 200


@given(st.lists(st.integers(1, 100_000), min_size=5, max_size=60))
def test_no_three_seconds_carry_more_than_jupyter_lets_through(sizes: list[int]) -> None:
    pace, now, went = Pace(), 0.0, []
    for size in sizes:
        now += pace.wait(now)
        pace.spend(size, now)
        went.append((now, size))
    for start, _ in went:
        assert sum(size for at, size in went if start <= at <= start + 3) < 3_000_000


class _Bot:
    name, url = "almanac", "http://127.0.0.1:8080/almanac"
    public_url: str | None = None
    key: str | None = "s" * 32
    version, since, state = 3, datetime(2026, 1, 2, 14, 2, 11), "serving"
    publication: Publication | None = None
    publishing, obstacle = False, None

    def __init__(self, **change: Any) -> None:  # whichever of the attributes above
        for name, value in change.items():
            setattr(self, name, value)


def test_a_card_says_what_runs_and_where() -> None:
    assert card(_Bot()) == {
        "name": "almanac",
        "state": "serving",
        "word": "Serving",
        "url": "http://127.0.0.1:8080/almanac",
        "public_url": None,
        "has_key": True,
        "version": 3,
        "since": "14:02:11",
        "publishing": False,
        "obstacle": None,
        "world": None,
    }


def test_a_card_has_a_word_for_every_state() -> None:
    assert card(_Bot(public_url="https://x.example"))["word"] == "Published"
    assert card(_Bot(state="failed"))["word"] == "Failed"
    assert card(_Bot(state="stopped", public_url="https://x.example"))["word"] == "Stopped"
    assert card(_Bot(key=None))["has_key"] is False
