"""Tapes as files: what is on them, that they can be read by people, and what is said of files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import poebook as fp
from poebook.client.tapes import Tape, TapeEvent, TapeTurn, read_tape, write_tape
from tests.client.player import Player, Scene
from tests.client.scripted import says, sse
from tests.client.tapes.bots import Asker, Echo, Failing
from tests.webserver import serving

KEY = "s3cret" * 5 + "s3"


def test_a_tape_has_a_head_and_one_thing_a_line(tmp_path: Path) -> None:
    conversation = fp.Conversation(Echo())
    conversation.ask("hi")
    path = tmp_path / "echo.tape.jsonl"
    write_tape(path, conversation)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"tape": 1, "target": "echo"}
    assert [next(iter(line)) for line in lines[1:]] == ["turn", "event", "event", "event", "end"]
    assert lines[3]["data"] == {"text": "hi"}
    assert lines[1]["request"]["query"][0]["content"] == "hi"


def test_what_was_written_is_read(tmp_path: Path) -> None:
    conversation = fp.Conversation(Echo(after="\u2028\n🌊"), Failing())
    conversation.ask("hi", attachments=[("tide.csv", b"1,2\n")])
    conversation.ask("\ud800 half")
    conversation.like(conversation.answers["echo"])
    conversation.reaction("heart", conversation.answers["echo"])
    written = write_tape(tmp_path / "two.tape.jsonl", conversation)
    tape = read_tape(tmp_path / "two.tape.jsonl")
    assert tape.name == "two"
    assert tape.targets == ["echo", "Failing"]
    for turn, was in zip(tape.turns, written.turns, strict=True):
        assert turn.request == was.request
        assert [(event.name, event.parsed) for event in turn.events] == [(one.name, one.parsed) for one in was.events]
        assert (turn.end, turn.error, turn.feedback, turn.files) == (was.end, was.error, was.feedback, was.files)
        assert list(turn.reactions) == list(was.reactions)
    assert [turn.end for turn in tape.turns] == ["done", "error", "error", "error"]
    assert tape.turns[2].feedback == "like"
    assert tape.turns[0].files[0].data == b"1,2\n"


def test_a_request_leaves_out_what_the_one_before_had(tmp_path: Path) -> None:
    conversation = fp.Conversation(Echo())
    for text in ("one", "two", "three"):
        conversation.ask(text)
    path = tmp_path / "echo.tape.jsonl"
    write_tape(path, conversation)
    turns = [json.loads(line) for line in path.read_text().splitlines() if line.startswith('{"turn"')]
    assert [[message["content"] for message in turn["request"]["query"]] for turn in turns] == [
        ["one"],
        ["one", "two"],
        ["two", "three"],
    ]
    told = [message["content"] for message in read_tape(path).turns[2].request["query"]]
    assert told == ["one", "one", "two", "two", "three"]


def test_the_bots_that_a_bot_asked_are_on_the_tape(tmp_path: Path) -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5", "Moon")}, doubles={"GPT-5": "half ", "Moon": "full"}) as poe:
        conversation = fp.Conversation(poe.target("asker"))
        assert conversation.ask("How is the moon?").text == "half full"
    turn = write_tape(tmp_path / "asker.tape.jsonl", conversation).turns[0]
    assert [call.bot for call in turn.calls] == ["GPT-5", "Moon"]
    assert [event.parsed for event in turn.calls[0].events if event.name == "text"] == [{"text": "half "}]
    assert read_tape(tmp_path / "asker.tape.jsonl").turns[0].calls[1].request["query"][-1]["content"] == (
        "How is the moon?"
    )


def test_no_key_is_on_a_tape(tmp_path: Path) -> None:
    player = Player([Scene([sse("text", text=f"my key is {KEY}"), sse("done")])])
    path = tmp_path / "a.tape.jsonl"
    with serving(player) as url:
        conversation = fp.Conversation(f"{url}/echo", key=KEY)
        conversation.ask(f"is it {KEY}?")
        write_tape(path, conversation)
    assert "my key is" in path.read_text()
    assert KEY not in path.read_text()


def test_a_key_of_the_environment_that_a_bot_says_is_not_on_the_tape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POE_API_KEY", KEY)
    path = tmp_path / "a.tape.jsonl"
    conversation = fp.Conversation(Echo(after=f" {KEY}"))
    with conversation.record(path):
        conversation.ask("your key?")
    assert "your key?" in path.read_text()
    assert KEY not in path.read_text()


def test_large_files_are_kept_by_name_and_size_alone(tmp_path: Path) -> None:
    conversation = fp.Conversation(Echo())
    conversation.ask("look", attachments=[("big.bin", b"\x00" * 100_000), ("small.bin", b"\x00")])
    big, small = write_tape(tmp_path / "a.tape.jsonl", conversation).turns[0].files
    assert (big.name, big.size, big.data) == ("big.bin", 100_000, None)
    assert (small.name, small.size, small.data) == ("small.bin", 1, b"\x00")


def test_events_that_are_no_json_are_kept_as_they_travelled(tmp_path: Path) -> None:
    conversation = fp.Conversation(says(b"event: odd\r\ndata: no json\r\n\r\n", sse("text", text="hi"), sse("done")))
    conversation.ask("one")
    write_tape(tmp_path / "a.tape.jsonl", conversation)
    assert read_tape(tmp_path / "a.tape.jsonl").turns[0].events[0].data == "no json"


def test_without_an_answer_there_is_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(fp.PoebookError, match="Nothing has been asked yet"):
        write_tape(tmp_path / "a.tape.jsonl", fp.Conversation(Echo()))
    assert list(tmp_path.iterdir()) == []


def test_a_conversation_that_was_loaded_says_what_is_missing(tmp_path: Path) -> None:
    conversation = fp.Conversation(Echo())
    conversation.ask("hi")
    conversation.save(tmp_path / "c.json")
    with pytest.raises(fp.PoebookError, match="read from a file"):
        write_tape(tmp_path / "a.tape.jsonl", fp.Conversation.load(tmp_path / "c.json", Echo()))


def test_a_line_that_a_crash_cut_off_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.tape.jsonl"
    conversation = fp.Conversation(Echo())
    conversation.ask("hi")
    write_tape(path, conversation)
    path.write_text(path.read_text() + '{"turn": 2, "targ')
    assert [turn.question for turn in read_tape(path).turns] == ["hi"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no tape"),
        ("nonsense", "Line 1 of"),
        ('{"poebook": 2}', "no tape"),
        ('{"tape": 99}', "newer poebook"),
        ('{"tape": 1}\n{"event": "text", "data": {}}', "Line 2 of"),
        ('{"tape": 1}\n{"turn": 1}\n', "Line 2 of"),
        ('{"tape": 1}\nnonsense\n{"turn": 1}', "Line 2 of"),
        ('{"tape": 1}\n[]', "Line 2 of"),
        ('{"tape": 1}\n{}', "Line 2 of"),
        ('{"tape": 1}\n{"turn": 1, "target": "a", "request": {}}\n{"what": 1}', "Line 3 of"),
    ],
)
def test_a_file_that_is_no_tape_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.tape.jsonl"
    path.write_text(text)
    with pytest.raises(fp.PoebookError, match=words) as caught:
        read_tape(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_tape_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(fp.PoebookError, match=r"a\.tape\.jsonl cannot be read"):
        read_tape(tmp_path / "a.tape.jsonl")


def test_a_tape_made_by_hand_is_written_too(tmp_path: Path) -> None:
    turn = TapeTurn("echo", {"query": [{"role": "user", "content": "hi"}]}, [TapeEvent("text", '{"text": "hi"}', 0.1)])
    path = tmp_path / "hand.tape.jsonl"
    write_tape(path, Tape([turn], compare="loose", matchers={"contains": "hi"}))
    tape = read_tape(path)
    assert (tape.compare, tape.matchers, tape.turns[0].text) == ("loose", {"contains": "hi"}, "hi")
