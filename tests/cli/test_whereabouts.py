"""A command in a folder that has been deleted says so."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PATIENCE = 30.0


def adrift(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """``poebook WORDS`` in a folder that is no longer there."""
    command = shlex.join([sys.executable, "-P", "-m", "poebook", *words])
    away = f"mkdir gone && cd gone && rmdir ../gone && exec {command}"
    return subprocess.run(["sh", "-c", away], cwd=folder, capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "bot.py"],
        ["serve", "bot:Bot"],
        ["serve", "."],
        ["export", "book.ipynb", "out"],
        ["replay", "a.tape.jsonl", "bot.py"],
        ["poe", "bot.py"],
        ["lab"],
    ],
    ids=" ".join,
)
def test_it_is_told_in_one_sentence(tmp_path: Path, words: list[str]) -> None:
    done = adrift(*words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "poebook: The working folder has been deleted; change to another by cd DIR, and try again.\n"
    )


def test_what_needs_no_folder_goes_on(tmp_path: Path) -> None:
    done = adrift("check", "http://127.0.0.1:1/", "--seconds", "5", folder=tmp_path)
    assert "Nothing answers at http://127.0.0.1:1/." in done.stdout
    assert not done.stderr
