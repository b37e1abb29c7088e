"""Exports by the magic, by the command line and from Python."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

import pytest

import poebook as fp
from poebook.cli import main
from poebook.cli.notebooks import bots_of
from poebook.client import recent
from poebook.client.answer import Answer
from poebook.client.tapes import read_tape
from poebook.client.trace import Asked
from tests.notebook.conftest import Notebook

ROOT = Path(__file__).resolve().parents[2]
FIRST = str(ROOT / "notebooks/00_first_bot.ipynb")
ECHO = "%%poebot echo\ndef get_response(request):\n    return TEXT + request.query[-1].content"

TIDE = """\
import poebook as fp
from words import HELLO

class Tide(fp.PoeBot):
    async def get_response(self, request):
        yield HELLO

if __name__ == "__main__":
    fp.run(Tide())
"""


@pytest.fixture(autouse=True)
def nothing_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests of this process asked bots of the same name is no measure here."""
    monkeypatch.setattr(recent, "_answers", deque[tuple[Asked, Answer]](maxlen=20))


def saved(folder: Path, *sources: str) -> Path:
    """A notebook with these cells."""
    cells = [{"cell_type": "code", "source": source, "execution_count": None} for source in sources]
    file = folder / "notes.ipynb"
    file.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return file


def test_the_magic_exports_what_ran_and_shows_the_verdict(
    terminal: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal.ok("TEXT = 'You said '")
    terminal.run("TEXT = 'Never: '; 1 / 0")
    terminal.run("TEXT = = 'no Python'")
    terminal.ok("TEXT = 'It was '")
    terminal.run("first = 1\n1 / 0\nTEXT = 'not reached '")
    terminal.ok(ECHO)
    cell = terminal.ok('%poebot export echo here --ask "so" --ask=no')
    (shown,) = cell.displays
    assert "answers 2 questions as the notebook did, event by event" in str(shown["text/markdown"])
    source = (tmp_path / "here/bot.py").read_text()
    assert "TEXT = 'It was '" in source
    assert "not reached" not in source
    assert "no Python" not in source
    assert terminal.wrong("%poebot export echo here").startswith("here holds an export")
    terminal.ok("%poebot export echo here --force")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("%poebot export", "Which bot, and to which folder?"),
        ("%poebot export echo", "Which bot, and to which folder?"),
        ("%poebot export echo a b", "'b' is one word too many"),
        ("%poebot export echo a --asks x", "There is no option --asks here"),
        ("%poebot export echo a --ask", "--ask needs a question"),
        ("%poebot export moon a", "There is no bot named moon; here is none at all."),
    ],
)
def test_wrong_use_is_one_sentence(terminal: Notebook, line: str, says: str) -> None:
    assert terminal.wrong(line).startswith(says)


def test_tab_offers_bots_and_options(terminal: Notebook) -> None:
    from poebook.notebook.completion import at_end_of

    terminal.ok("TEXT = ''")
    terminal.ok(ECHO + "  # to be found by its name")
    assert at_end_of("%poebot export ") == ["echo"]
    assert at_end_of("%poebot export echo dir --") == ["--ask", "--force"]


def test_the_command_line_says_whether_it_answers_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    late = "import threading\nwho = threading.Thread(target=lambda: globals().update(TEXT='late '))"
    late += "\nwho.start()\nwho.join()"
    saved(tmp_path, "TEXT = 'early '", late, ECHO)
    assert main(["export", "notes.ipynb:echo", "out", "--ask", "x"]) == 1
    told = capsys.readouterr()
    assert "answers the one question otherwise than the notebook did" in told.out
    assert "-late x" in told.out
    assert "+early x" in told.out
    assert "Asking a fresh process" in told.err
    assert main(["export", "notes.ipynb", "out", "--force"]) == 0
    assert "nothing to compare with" in capsys.readouterr().out


@pytest.mark.parametrize("target", ["nowhere.ipynb", f"{FIRST}:moon", FIRST, "echo"])
def test_a_bot_that_is_not_there_is_wrong_use(target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", target, str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("poebook: ")
    assert not (tmp_path / "out").exists()


def test_a_module_that_cannot_be_imported_is_told_with_its_traceback(tmp_path: Path) -> None:
    made = fp.export_bot(saved(tmp_path, "TEXT = 1 / 0", ECHO), tmp_path / "out")
    assert made.verdict.outcome == "failed"
    assert not made.passed
    assert "ZeroDivisionError" in str(made)
    assert "ZeroDivisionError" in made._repr_markdown_()


def test_a_file_of_bots_is_exported_too(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text("HELLO = 'Hello'\n")
    (tmp_path / "bots.py").write_text(TIDE)
    made = fp.export_bot(f"{tmp_path / 'bots.py'}:Tide", tmp_path / "out", ask=["x"])
    assert made.verdict.outcome == "alike", str(made)
    assert "words.py" in made.files
    assert "fp.run" not in (tmp_path / "out/bot.py").read_text()


def test_what_was_asked_in_one_second_stays_in_order(terminal: Notebook, tmp_path: Path) -> None:
    terminal.ok("TEXT = ''")
    terminal.ok(ECHO.replace("poebot echo", "poebot counted"))
    terminal.ok("conversation = fp.Conversation('counted')")
    terminal.ok("for word in ['one', 'two', 'three']:\n    conversation.ask(word)")
    cell = terminal.ok(f"%poebot export counted {tmp_path / 'here'}")
    assert "answers 3 questions as the notebook did" in str(cell.displays[0]["text/markdown"])
    assert [turn.question for turn in read_tape(tmp_path / "here/tests/conversation.tape.jsonl").turns] == [
        "one",
        "two",
        "three",
    ]


def test_which_of_several_bots_is_taken_is_told_once_and_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    low, high = (f"class {name}(fp.PoeBot):\n    pass" for name in ("Low", "High"))
    file = saved(tmp_path, "import poebook as fp", low, high)
    assert main(["export", str(file), str(tmp_path / "out")]) == 0
    told, said = capsys.readouterr()[::-1]
    choice = (
        f"There are Low and High in {file}; High, the last one, is taken. To have another, name it, as in {file}:Low."
    )
    assert [line.partition(" ")[0] for line in told.splitlines()[:3]] == ["Reading", "There", "Writing"]
    assert choice in told
    assert "is taken" not in said
    assert choice in str(fp.export_bot(str(file), tmp_path / "again"))


def test_a_cell_and_a_file_that_are_no_python_are_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, "TEXT = ''", ECHO + ")", "x = 1")
    for target in (str(file), f"{file}:echo"):
        assert main(["export", target, str(tmp_path / "out")]) == 2
        assert "No bot comes of code cell 2, which is no Python; run it" in capsys.readouterr().err
        assert main(["serve", target, "--port", "0"]) == 2
        assert "No bot comes of code cell 2, which is no Python; run it" in capsys.readouterr().err
    (tmp_path / "bots.py").write_text("x = 1\ny = (\n")
    assert main(["export", str(tmp_path / "bots.py"), str(tmp_path / "out")]) == 1
    assert 'bots.py", line 2' in capsys.readouterr().err


def test_files_with_a_mark_of_their_encoding_and_windows_line_ends_are_exported(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text("HELLO = 'Hell\u00f6'\n", encoding="utf-8-sig", newline="\r\n")
    (tmp_path / "bots.py").write_text(TIDE, encoding="utf-8-sig", newline="\r\n")
    made = fp.export_bot(tmp_path / "bots.py", tmp_path / "file", ask=["x"])
    assert made.verdict.outcome == "alike", str(made)
    notebook = saved(tmp_path, "TEXT = ''", ECHO)
    notebook.write_text(notebook.read_text(), encoding="utf-8-sig", newline="\r\n")
    made = fp.export_bot(notebook, tmp_path / "notebook", ask=["x"])
    assert made.verdict.outcome == "alike", str(made)
    assert list(bots_of(notebook)) == ["echo"]


def test_a_reason_in_one_sentence_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slip = (
        "import poebook as fp\n\nclass Slip(fp.PoeBot):\n    async def get_reponse(self, request):\n        yield 'x'\n"
    )
    (tmp_path / "slip.py").write_text(slip)
    assert main(["export", str(tmp_path / "slip.py"), str(tmp_path / "made")]) == 1
    said = capsys.readouterr()
    assert (said.out + said.err).count("rename that to have it answer.") == 1
