"""Colours are for terminals that have them, and for people who want them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

DIM = "\x1b[2m"


def said_on_a_terminal(folder: Path, **environment: str) -> str:
    """What ``poebook check`` says on a terminal of an address where nobody is."""
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | environment
    command = [sys.executable, "-m", "poebook", "check", "http://127.0.0.1:9/echo"]
    with subprocess.Popen(command, cwd=folder, env=env, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while piece := _read(ours):
            said += piece
    os.close(ours)
    assert process.returncode == 1
    return said.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux tells so that nobody has it open any more
        return b""


def test_a_terminal_shows_what_is_less_important_as_such(tmp_path: Path) -> None:
    assert DIM in said_on_a_terminal(tmp_path)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_colours_gets_the_words_alone(tmp_path: Path, environment: dict[str, str]) -> None:
    said = said_on_a_terminal(tmp_path, **environment)
    assert "Nothing answers at http://127.0.0.1:9/echo." in said
    assert "\x1b" not in said
