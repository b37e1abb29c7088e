"""Versions of a question: how they come about, are looked at again, and are kept."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from poebook.client.conversation import Conversation
from poebook.client.turns import apply
from poebook.errors import PoebookError
from tests.client.scripted import Scripted, Send, echo, endless, says, sse


def shown(conversation: Conversation) -> list[tuple[str, int, int]]:
    return [(turn["text"], turn["branch"], turn["branches"]) for turn in conversation.snapshot()["turns"]]


def test_an_edited_question_stands_beside_the_first_and_what_followed_comes_back() -> None:
    conversation = Conversation(echo())
    conversation.ask("one")
    conversation.ask("two")
    conversation.edit(0, "three")
    assert shown(conversation) == [("three", 1, 2)]
    conversation.branch(0, 0)
    assert shown(conversation) == [("one", 0, 2), ("two", 0, 1)]
    conversation.branch(0, 1)
    conversation.ask("four")
    conversation.branch(-2, 0)
    conversation.branch(0, 1)
    assert shown(conversation) == [("three", 1, 2), ("four", 0, 1)]


def test_a_bot_is_told_the_branch_that_is_shown() -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one")
    conversation.edit(0, "two")
    conversation.branch(0, 0)
    conversation.ask("three")
    assert [m["content"] for m in bot.bodies[-1]["query"]] == ["one", "one", "three"]


def test_a_regenerated_answer_is_another_version_of_the_same_message() -> None:
    bot = echo()
    conversation = Conversation(bot)
    first = conversation.ask("one")
    second = conversation.regenerate()
    assert bot.bodies[0]["query"][0]["message_id"] == bot.bodies[1]["query"][0]["message_id"]
    assert first.message_id != second.message_id
    assert shown(conversation) == [("one", 1, 2)]
    conversation.branch(0, 0)
    assert conversation.answers["echo"] is first


def test_regenerating_one_target_keeps_the_others_answers() -> None:
    conversation = Conversation(echo("left"), echo("right"))
    left, right = conversation.ask("one")
    (again,) = conversation.regenerate("left")
    assert conversation.answers == {"left": again, "right": right}
    conversation.branch(0, 0)
    assert conversation.answers == {"left": left, "right": right}


def test_one_target_is_asked_again_while_another_still_answers() -> None:
    conversation = Conversation(echo("left"), endless("right"))
    ended, again, ends = threading.Event(), threading.Event(), 0

    def heard(op: dict[str, Any]) -> None:
        nonlocal ends
        if op["op"] == "end":
            ends += 1
            (ended if ends == 1 else again).set()

    conversation.subscribe(heard)
    conversation.commands.send("one")
    assert ended.wait(5)
    conversation.commands.regenerate(0)
    assert again.wait(5)
    states = {a["target"]: a["state"] for a in conversation.snapshot()["turns"][0]["answers"]}
    assert states == {0: "done", 1: "streaming"}
    assert shown(conversation) == [("one", 1, 2)]
    conversation.stop()


def test_an_answer_goes_on_while_another_branch_is_looked_at() -> None:
    go = threading.Event()

    async def script(body: dict[str, Any], send: Send) -> None:
        import asyncio

        if body["query"][-1]["content"] == "slow":
            await send({"type": "http.response.body", "body": sse("text", text="first "), "more_body": True})
            await asyncio.to_thread(go.wait, 5)
        for event in (sse("text", text="last"), sse("done")):
            await send({"type": "http.response.body", "body": event, "more_body": True})

    conversation = Conversation(Scripted(script, "bot"))
    conversation.ask("quick")
    told: list[dict[str, Any]] = []
    begun, ended = threading.Event(), threading.Event()

    def heard(op: dict[str, Any]) -> None:
        told.append(op)
        if op["op"] == "text":
            begun.set()
        if op["op"] == "end":
            ended.set()

    conversation.subscribe(heard)
    conversation.commands.edit(conversation.snapshot()["turns"][0]["id"], "slow")
    assert begun.wait(5)
    conversation.branch(0, 0)
    go.set()
    assert ended.wait(5)
    assert shown(conversation) == [("quick", 0, 2)]
    conversation.branch(0, 1)
    assert conversation.answers["bot"].text == "first last"
    assert conversation.snapshot()["turns"][0]["answers"][0]["text"] == "first last"


def test_undo_steps_back_and_asking_anew_makes_another_version() -> None:
    conversation = Conversation(echo())
    conversation.ask("one")
    conversation.ask("two")
    conversation.undo()
    assert shown(conversation) == [("one", 0, 1)]
    conversation.ask("three")
    assert shown(conversation) == [("one", 0, 1), ("three", 1, 2)]
    conversation.undo()
    conversation.undo()
    assert shown(conversation) == []
    with pytest.raises(PoebookError, match="Nothing has been asked yet"):
        conversation.undo()


def test_a_version_that_is_not_there_is_said() -> None:
    conversation = Conversation(echo())
    conversation.ask("one")
    with pytest.raises(PoebookError, match="no version 3 of that message; there are 1"):
        conversation.branch(0, 3)
    with pytest.raises(PoebookError, match="There is no turn 4; there are 1"):
        conversation.branch(4, 0)


def test_a_request_is_sent_again_as_it_was_edited() -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one")
    body = json.loads(conversation.trace_of()["body"])
    body["query"][-1]["content"] = "two"
    body["temperature"] = 0.5
    answer = conversation.resend(body)
    assert answer.text == "two"
    assert bot.bodies[-1]["temperature"] == 0.5
    assert bot.bodies[-1]["message_id"] == answer.message_id
    assert shown(conversation) == [("two", 1, 2)]


def test_a_request_that_is_no_json_travels_as_it_is() -> None:
    conversation = Conversation(echo("left"), echo("right"))
    left, _ = conversation.ask("one")
    (answer,) = conversation.resend("{nonsense", left)
    assert (answer.target, answer.state) == ("left", "error")
    assert shown(conversation) == [("one", 1, 2)]


def test_folding_what_listeners_hear_gives_the_snapshot_whatever_is_done() -> None:
    conversation = Conversation(echo("left"), echo("right"))
    state = conversation.snapshot()
    conversation.subscribe(lambda op: apply(state, json.loads(json.dumps(op))))
    conversation.parameters["unit"] = "c"
    conversation.ask("one", user="Ada")
    conversation.regenerate("left")
    conversation.ask("two")
    conversation.pick("right")
    conversation.edit(0, "three")
    conversation.branch(0, 1)
    conversation.undo()
    conversation.ask("four")
    conversation.pick("left")
    conversation.reaction("heart", conversation.answers["left"])
    conversation.dislike(conversation.answers["right"], reason="Too long.")
    conversation.branch(1, 0)
    conversation.refresh()
    conversation.new()
    conversation.ask("five")
    assert state["turns"] == conversation.snapshot()["turns"]
    assert state["users"] == ["Ada"]
    assert state["parameters"] == {"unit": "c"}
    assert [target["wins"] for target in state["targets"]] == [1, 1]


def test_the_whole_tree_is_saved(tmp_path: Path) -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one", user="Ada")
    conversation.ask("two")
    conversation.edit(0, "three")
    conversation.pick(0)
    conversation.save(tmp_path / "talk.json")
    loaded = Conversation.load(tmp_path / "talk.json", bot)
    assert shown(loaded) == [("three", 1, 2)]
    assert loaded.wins == {"echo": 1}
    assert loaded.users == ["Ada"]
    loaded.branch(0, 0)
    assert shown(loaded) == [("one", 0, 2), ("two", 0, 1)]
    assert loaded.answers["echo"].text == "two"
    loaded.ask("four")
    assert bot.bodies[-1]["query"][0]["sender"]["name"] == "Ada"


def test_a_conversation_saved_before_there_were_branches_still_loads(tmp_path: Path) -> None:
    answer = {
        "id": "m-2",
        "target": 0,
        "state": "done",
        "text": "A",
        "content_type": "text/markdown",
        "replies": [],
        "files": [],
        "error": None,
        "note": None,
        "first_event_s": 0.1,
        "total_s": 0.2,
        "event_count": 2,
        "feedback": "like",
        "elapsed_s": 0.0,
    }
    turns = [
        {"id": "m-1", "text": "one", "at": 1, "answers": [answer]},
        {"id": "m-3", "text": "two", "at": 2, "answers": [{**answer, "id": "m-4"}]},
    ]
    target = {"name": "echo", "where": "in process", "introduction": None}
    data = {
        "poebook": 1,
        "targets": ["echo"],
        "parameters": {"detail": 2},
        "conversation": {"id": "c-1", "targets": [target], "turns": turns},
        "details": {"metadata": {"m-2": "kept"}, "attachments": {}},
    }
    (tmp_path / "old.json").write_text(json.dumps(data))
    loaded = Conversation.load(tmp_path / "old.json", echo())
    assert [str(m.content) for m in loaded.messages] == ["one", "A", "two", "A"]
    assert loaded.messages[1].metadata == "kept"
    assert loaded.parameters == {"detail": 2}
    loaded.edit(0, "three")
    assert shown(loaded) == [("three", 1, 2)]


def test_a_file_of_a_newer_poebook_says_so(tmp_path: Path) -> None:
    conversation = Conversation(echo())
    conversation.save(tmp_path / "talk.json")
    data = json.loads((tmp_path / "talk.json").read_text())
    (tmp_path / "talk.json").write_text(json.dumps({**data, "poebook": 99}))
    with pytest.raises(PoebookError, match="saved by a newer poebook"):
        Conversation.load(tmp_path / "talk.json", echo())


def test_what_a_bot_stored_comes_back_on_the_branch_where_it_was_stored() -> None:
    bot = says(sse("text", text="A"), sse("data", metadata="m"), sse("done"))
    conversation = Conversation(bot)
    conversation.ask("one")
    conversation.edit(0, "two")
    conversation.branch(0, 0)
    conversation.ask("three")
    assert bot.bodies[-1]["query"][1]["metadata"] == "m"
