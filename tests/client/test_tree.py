"""The tree of turns: whatever is done, nothing is lost, and the pages see what Python sees."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poebook.client.conversation import Conversation
from poebook.client.tree import Tree, from_json, to_json
from poebook.client.turns import apply, copied, fresh_answer, fresh_turn
from tests.client.scripted import echo

Step = tuple[str, int, int]

steps = st.lists(
    st.tuples(st.sampled_from(["append", "beside", "show", "cut"]), st.integers(0, 5), st.integers(0, 5)), max_size=25
)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["ask", "again", "edit", "undo", "branch", "pick", "react", "dislike", "new", "resend"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=12,
)


def grown(done: list[Step]) -> tuple[Tree, list[str]]:
    """A tree after these steps, and the ids of all that was put in."""
    tree, ids = Tree(), []
    for number, (step, where, which) in enumerate(done):
        path = tree.path()
        turn = fresh_turn(f"m-{number}", f"{number}", 0, [fresh_answer(f"a-{number}", 0)])
        if step == "append" or not path:
            tree.append(turn)
            ids.append(turn["id"])
        elif step == "beside":
            tree.beside(path[where % len(path)], turn)
            ids.append(turn["id"])
        elif step == "show":
            siblings = path[where % len(path)].parent.children
            tree.show(siblings[which % len(siblings)])
        else:
            tree.cut(path[where % len(path)])
    return tree, ids


@given(steps)
def test_nothing_that_was_put_in_is_lost(done: list[Step]) -> None:
    tree, ids = grown(done)
    assert sorted(node.turn["id"] for node in tree.nodes()) == sorted(ids)
    assert len(tree.answers()) == len(ids)


@given(steps)
def test_versions_are_numbered_without_a_gap(done: list[Step]) -> None:
    tree, _ = grown(done)
    for place in [tree.root, *tree.nodes()]:
        numbers = [(child.turn["branch"], child.turn["branches"]) for child in place.children]
        assert numbers == [(number, len(numbers)) for number in range(len(numbers))]


@given(steps)
def test_every_turn_can_be_shown_again(done: list[Step]) -> None:
    tree, _ = grown(done)
    for node in list(tree.nodes()):
        one: Any = node
        while one is not tree.root:
            tree.show(one)
            one = one.parent
        assert node in tree.path()
        assert tree.line(node)[-1] is node.turn


@given(steps)
def test_a_tree_outlives_being_written_down(done: list[Step]) -> None:
    tree, _ = grown(done)
    again = from_json(json.loads(json.dumps(to_json(tree))))
    assert again.turns() == tree.turns()
    before, after = to_json(tree), to_json(again)
    assert after["turns"] == before["turns"]
    assert sorted(map(str, after["answers"])) == sorted(map(str, before["answers"]))


@given(deeds)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_page_that_folds_what_it_hears_sees_the_conversation(done: list[Step]) -> None:
    conversation = Conversation(echo("left"), echo("right"))
    state = conversation.snapshot()
    conversation.subscribe(lambda op: apply(state, json.loads(json.dumps(op))))
    for number, (deed, one, other) in enumerate(done):
        turns = conversation.snapshot()["turns"]
        if deed == "ask" or not turns:
            conversation.ask(f"{number}", user=("Ada", "Bo", None, None)[one])
            continue
        turn = turns[one % len(turns)]
        answer = turn["answers"][other % 2]["id"]
        if deed == "again":
            conversation.regenerate((0, 1, None, None)[one])
        elif deed == "edit":
            conversation.edit(0, f"{number}")
        elif deed == "undo":
            conversation.undo()
        elif deed == "branch":
            conversation.branch(one % len(turns), other % turn["branches"])
        elif deed == "pick":
            conversation.pick((0, 1, None, None)[other], one % len(turns))
        elif deed == "react":
            conversation.reaction("heart", answer, on=one > 1)
        elif deed == "dislike":
            conversation.dislike(answer, reason=f"{number}")
        elif deed == "resend":
            conversation.resend(conversation.trace_of(answer)["body"], answer)
        else:
            conversation.new()
    now = conversation.snapshot()
    assert {**state, "id": ""} == {**now, "id": ""}
    picked = sum(answer["picked"] for answer in conversation._dialogue.tree.answers())
    if "new" not in [deed for deed, _, _ in done]:
        assert sum(conversation.wins.values()) == picked


def test_a_copy_does_not_hear_of_later_changes() -> None:
    turn = fresh_turn("m-1", "hi", 0, [fresh_answer("m-2", 0)])
    copy = copied(turn)
    turn["answers"][0]["text"] += "later"
    assert copy["answers"][0]["text"] == ""
