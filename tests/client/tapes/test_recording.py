"""Recording: every answer is on the tape once it has ended, whoever asked."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import poebook as fp
from poebook.client.tapes import read_tape, replay
from tests.client.tapes.bots import Asker, Echo, Failing


@pytest.fixture(autouse=True)
def stops() -> Iterator[None]:
    yield
    for served in fp.served().values():
        served.stop()


def test_each_answer_is_on_the_tape_when_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "echo.tape.jsonl"
    conversation = fp.Conversation(Echo())
    conversation.ask("before")
    with conversation.record(path) as recording:
        assert read_tape(path).turns == []
        conversation.ask("one")
        assert [turn.question for turn in read_tape(path).turns] == ["one"]
        conversation.ask("two")
        assert [turn.question for turn in read_tape(path).turns] == ["one", "two"]
        assert recording.count == 2
    conversation.ask("after")
    assert [turn.question for turn in read_tape(path).turns] == ["one", "two"]
    assert replay(path, Echo()).passed


def test_a_recording_is_stopped_by_hand_once_or_twice(tmp_path: Path) -> None:
    conversation = fp.Conversation(Echo())
    recording = conversation.record(tmp_path / "a.tape.jsonl")
    conversation.ask("one")
    assert repr(recording) == "<Recording a.tape.jsonl, 1 turn>"
    recording.stop()
    recording.stop()
    conversation.ask("two")
    assert repr(recording) == "<Recording a.tape.jsonl, 1 turn, stopped>"


def test_regenerated_answers_errors_and_all_targets_are_on_it(tmp_path: Path) -> None:
    path = tmp_path / "a.tape.jsonl"
    conversation = fp.Conversation(Echo(), Failing())
    with conversation.record(path):
        conversation.ask("one")
        conversation.regenerate("echo")
    tape = read_tape(path)
    assert tape.target is None
    assert sorted((turn.target, turn.end) for turn in tape.turns) == [
        ("Failing", "error"),
        ("echo", "done"),
        ("echo", "done"),
    ]


def test_what_was_thought_of_an_answer_is_on_it(tmp_path: Path) -> None:
    path = tmp_path / "a.tape.jsonl"
    conversation = fp.Conversation(Echo())
    with conversation.record(path):
        answer = conversation.ask("one")
        conversation.dislike(answer, reason="too short")
        conversation.reaction("heart", answer)
    [turn] = read_tape(path).turns
    assert (turn.feedback, turn.reason, list(turn.reactions)) == ("dislike", "too short", ["heart"])


def test_a_stopped_answer_is_on_it_as_far_as_it_came(tmp_path: Path) -> None:
    class Endless(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            yield "so far"
            await asyncio.Event().wait()

    path = tmp_path / "a.tape.jsonl"
    conversation = fp.Conversation(Endless())
    came = threading.Event()
    conversation.subscribe(lambda op: came.set() if op["op"] == "text" else None)
    with conversation.record(path):
        asking = threading.Thread(target=conversation.ask, args=("one",))
        asking.start()
        assert came.wait(10)
        conversation.stop()
        asking.join(10)
    [turn] = read_tape(path).turns
    assert (turn.end, turn.text) == ("stopped", "so far")


def test_a_tape_is_begun_anew_or_carried_on(tmp_path: Path) -> None:
    path = tmp_path / "a.tape.jsonl"
    for text in ("one", "two"):
        conversation = fp.Conversation(Echo())
        with conversation.record(path):
            conversation.ask(text)
    assert [turn.question for turn in read_tape(path).turns] == ["two"]
    path.write_text(path.read_text() + '{"turn": 2, "tar')
    with conversation.record(path, append=True):
        conversation.ask("three")
    tape = read_tape(path)
    assert [turn.question for turn in tape.turns] == ["two", "three"]
    assert [message["content"] for message in tape.turns[1].request["query"]] == ["two", "two", "three"]


def test_a_file_that_is_no_tape_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary")
    with pytest.raises(fp.PoebookError, match=r"notes\.txt"):
        fp.Conversation(Echo()).record(path)
    assert path.read_text() == "dear diary"


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(fp.PoebookError, match="No tape can be recorded at"):
        fp.Conversation(Echo()).record(tmp_path / "nowhere" / "a.tape.jsonl")


def test_a_tape_that_cannot_be_written_on_costs_no_answer_and_is_said_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.tape.jsonl"
    conversation = fp.Conversation(Echo())
    recording = conversation.record(path)
    path.unlink()
    path.mkdir()
    assert conversation.ask("one").text == "one"
    with pytest.raises(fp.PoebookError, match="cannot be written on"):
        recording.stop()


def test_a_process_that_is_killed_leaves_what_had_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.tape.jsonl"
    code = (
        "import asyncio, os, poebook as fp\n"
        "class Bot(fp.PoeBot):\n"
        "    async def get_response(self, request):\n"
        "        yield request.query[-1].content\n"
        "        if request.query[-1].content == 'two':\n"
        f"            os.kill(os.getpid(), {signal.SIGKILL:d})\n"
        "conversation = fp.Conversation(Bot())\n"
        f"conversation.record({str(path)!r})\n"
        "conversation.ask('one')\n"
        "conversation.ask('two')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=30, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert [(turn.question, turn.end) for turn in read_tape(path).turns] == [("one", "done")]


def test_whatever_reaches_a_served_bot_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "echo.tape.jsonl"
    bot = fp.serve(Echo(), "echo")
    with bot.record(path) as recording:
        assert bot.recordings == [recording]
        bot.ask("from a script")
        with bot.conversation.record(tmp_path / "other.tape.jsonl"):
            bot.conversation.ask("from the chat")
        bot.conversation.like()
        fp.get_bot_response_sync(
            [fp.ProtocolMessage(role="user", content="by Poe's client")], "echo", fp.local_poe().api_key
        )
        answers = [*fp.get_bot_response_sync([fp.ProtocolMessage(role="user", content="again")], "echo", "")]
        assert "".join(part.text for part in answers) == "again"
    bot.ask("after")
    tape = read_tape(path)
    assert tape.target == "echo"
    assert [turn.question for turn in tape.turns] == ["from a script", "from the chat", "again"]
    assert tape.turns[1].feedback == "like"
    assert bot.recordings == []
    [same] = read_tape(tmp_path / "other.tape.jsonl").turns
    assert [event.name for event in same.events] == [event.name for event in tape.turns[1].events]
    assert replay(path).passed
    assert bot.key is not None
    assert bot.key not in path.read_text()


def test_a_served_bot_is_recorded_through_swaps_until_it_stops(tmp_path: Path) -> None:
    path = tmp_path / "echo.tape.jsonl"
    bot = fp.serve(Echo(), "echo")
    recording = bot.record(path)
    bot.ask("one")
    fp.serve(Echo(after="!"), "echo")
    bot.ask("two")
    bot.stop()
    assert not recording.runs
    assert [turn.text for turn in read_tape(path).turns] == ["one", "two!"]
    with pytest.raises(fp.PoebookError, match="has been stopped"):
        bot.record(path)


def test_what_a_served_bot_asks_of_others_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "asker.tape.jsonl"
    fp.serve(Echo(after="!"), "echo")
    bot = fp.serve(Asker("echo"), "asker")
    with bot.record(path):
        bot.ask("one")
    [turn] = read_tape(path).turns
    assert [(call.bot, call.end) for call in turn.calls] == [("echo", "done")]
    assert turn.text == "one!"
    fp.served()["echo"].stop()
    assert replay(path).passed


def test_a_served_bot_that_fails_is_recorded_as_its_askers_saw_it(tmp_path: Path) -> None:
    path = tmp_path / "failing.tape.jsonl"
    bot = fp.serve(Failing(), "failing")
    with bot.record(path):
        bot.ask("one")
    [turn] = read_tape(path).turns
    assert turn.end == "error"
    assert "tide tables" not in path.read_text()
    assert replay(path).passed


def test_one_bot_is_not_recorded_twice_on_one_tape(tmp_path: Path) -> None:
    bot = fp.serve(Echo(), "echo")
    with bot.record(tmp_path / "a.tape.jsonl"), bot.record(tmp_path / "b.tape.jsonl"):
        with pytest.raises(fp.PoebookError, match=r"on a\.tape\.jsonl already"):
            bot.record(tmp_path / "a.tape.jsonl")
        bot.ask("one")
    assert (tmp_path / "a.tape.jsonl").read_text().count('"end"') == 1
    assert json.loads((tmp_path / "b.tape.jsonl").read_text().splitlines()[-1])["end"] == "done"
