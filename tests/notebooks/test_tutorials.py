"""Every tutorial runs from its first cell to its last, and what is saved of it is what it says today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.notebooks import outputs, tutorials
from tests.notebooks.playing import play
from tests.notebooks.tutorials import FOLDER, TUTORIALS

_MACHINE = re.compile(r"(?<![\w:/.])/(?:work|home|root|tmp|usr|opt|var|Users|private|mnt|srv)/|[A-Z]:\\\\")
_AGAIN = "python3 -m tests tutorials"

each = pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)


@each
def test_a_tutorial_says_what_is_saved_of_it(path: Path) -> None:
    played = play(path)
    for cell in tutorials.code_cells(played.notebook):
        kinds = [output["output_type"] for output in cell["outputs"]]
        assert "error" not in kinds
        assert not [output for output in cell["outputs"] if output.get("name") == "stderr"], cell["outputs"]
    outputs.settle(played.notebook)
    saved = tutorials.read(path)
    for old, new in zip(tutorials.code_cells(saved), tutorials.code_cells(played.notebook), strict=True):
        assert outputs.lasting(old) == outputs.lasting(new), f"Cell {old['id']} says something else: {_AGAIN}"
    text = path.read_text(encoding="utf-8")
    assert not [key for key in played.keys if key in text]


@pytest.mark.parametrize("path", tutorials.with_chats(), ids=lambda path: path.stem)
def test_a_tutorial_runs_also_where_nobody_chats(path: Path) -> None:
    for cell in tutorials.code_cells(play(path, somebody_chats=False).notebook):
        assert "error" not in [output["output_type"] for output in cell["outputs"]]
        assert not [output for output in cell["outputs"] if output.get("name") == "stderr"], cell["outputs"]


@each
def test_a_tutorial_is_saved_with_the_outputs_of_one_run(path: Path) -> None:
    notebook = tutorials.read(path)
    cells = tutorials.code_cells(notebook)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1)), _AGAIN
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "widgets" not in notebook["metadata"]


@each
def test_nothing_of_a_machine_is_in_a_tutorial(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not _MACHINE.findall(text)
    assert str(FOLDER.parent) not in text
    assert not re.findall(r"127\.0\.0\.1:(?!808\d)\d+", text)
    assert not re.findall(r"\b[A-Za-z0-9]{32}\b", text)  # what a key looks like


@each
def test_whoever_only_reads_a_tutorial_sees_a_chat(path: Path) -> None:
    shown = [
        output["data"]["text/markdown"]
        for cell in tutorials.code_cells(tutorials.read(path))
        for output in cell["outputs"]
        if "poebook-saved" in output.get("data", {}).get("text/html", "")
    ]
    assert [words for words in shown if words], "No chat of it has a conversation; say something in one."


def test_the_first_notebook_is_there() -> None:
    assert TUTORIALS[0].name == "00_first_bot.ipynb"
