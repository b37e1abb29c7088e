"""``%poebot record`` and ``%poebot replay``."""

from __future__ import annotations

from pathlib import Path

import pytest

import poebook as fp
from poebook.client.tapes import read_tape
from poebook.notebook.completion import at_end_of
from tests.notebook.conftest import Notebook
from tests.notebook.test_cell import ECHO

SHOUTS = "%%poebot echo\ndef get_response(request):\n    return request.query[-1].content.upper()"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_bot_is_recorded_swapped_and_replayed(terminal: Notebook, folder: Path) -> None:
    terminal.ok(ECHO)
    said = terminal.ok("%poebot record echo echo").stdout
    assert said == ("Whatever reaches echo is recorded on echo.tape.jsonl. %poebot record echo --stop ends it.\n")
    terminal.ok("%poebot ask echo hi")
    fp.served()["echo"].conversation.ask("hi from the chat")
    assert terminal.ok("%poebot record").stdout == "2 answers of echo on echo.tape.jsonl.\n"
    ended = terminal.ok("%poebot record echo --stop").stdout
    assert ended == "2 answers of echo on echo.tape.jsonl. %poebot replay echo.tape.jsonl asks again.\n"
    assert "2 turns, all alike" in terminal.ok("%poebot replay echo.tape.jsonl").text
    terminal.ok(SHOUTS)
    text = terminal.ok("%poebot replay echo").text
    assert "-hi from the chat" in text
    assert "+HI FROM THE CHAT" in text
    assert "2 turns, 0 alike, 2 changed." in text
    assert len(read_tape(folder / "echo.tape.jsonl").turns) == 2


def test_in_a_front_end_what_changed_is_markdown(notebook: Notebook) -> None:
    notebook.ok(ECHO)
    notebook.ok("%poebot record echo echo")
    fp.served()["echo"].ask("hi")
    notebook.ok("%poebot record --stop")
    notebook.ok(SHOUTS)
    (shown,) = notebook.ok("%poebot replay echo").displays
    assert "```diff\n-hi\n+HI\n```" in shown["text/markdown"]


def test_a_tape_is_played_to_another_bot_loosely(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    terminal.ok("%%poebot other\ndef get_response(request):\n    yield ' '\n    yield request.query[-1].content")
    terminal.ok("%poebot record echo echo")
    fp.served()["echo"].ask("hi")
    assert "1 changed" in terminal.ok("%poebot replay echo other").text
    assert "all alike, by their texts" in terminal.ok("%poebot replay echo other --loose").text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("%poebot record ech tape", "No bot named ech is served here. Did you mean echo?"),
        ("%poebot record echo", "On which file? %poebot record NAME FILE|--stop"),
        ("%poebot record echo a b", "'b' is one word too many"),
        ("%poebot record echo a --what", "'--what' is not understood here"),
        ("%poebot record echo --stop", "echo is not being recorded."),
        ("%poebot record --stop", "Nothing is not being recorded."),
        ("%poebot record echo nowhere/tape", "No tape can be recorded at nowhere/tape.tape.jsonl"),
        ("%poebot replay", "Which tape?"),
        ("%poebot replay nothing", "The tape nothing.tape.jsonl cannot be read: No such file or directory."),
        ("%poebot replay a b c", "'c' is one word too many"),
        ("%poebot replay a --what", "'--what' is not understood here"),
    ],
)
def test_wrong_use_is_one_sentence(terminal: Notebook, line: str, says: str) -> None:
    terminal.ok(ECHO)
    assert terminal.wrong(line).startswith(says)


def test_a_tape_of_a_bot_that_does_not_run_says_so(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    terminal.ok("%poebot record echo echo")
    fp.served()["echo"].ask("hi")
    terminal.ok("%poebot stop echo")
    assert terminal.wrong("%poebot replay echo").startswith("No bot named echo is served here.")


def test_without_recordings_it_says_how_to_begin(terminal: Notebook) -> None:
    assert terminal.ok("%poebot record").stdout.startswith("Nothing is being recorded. %poebot record NAME FILE")


def test_tab_offers_bots_tapes_and_options(terminal: Notebook, folder: Path) -> None:
    terminal.ok(ECHO)
    (folder / "a.tape.jsonl").write_text('{"tape": 1}\n')
    assert at_end_of("%poebot record ") == ["echo"]
    assert at_end_of("%poebot record echo --s") == ["--stop"]
    assert at_end_of("%poebot replay ") == ["a.tape.jsonl"]
    assert at_end_of("%poebot replay a.tape.jsonl ") == ["echo", "--loose", "--strict"]
