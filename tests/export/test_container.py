"""What the Dockerfile of an export does, done in a fresh folder and a fresh environment."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import poebook as fp
from poebook.server.sockets import listening
from tests.runner import environment

ROOT = Path(__file__).resolve().parents[2]
KEY = "container-container-container-00"
PATIENCE = 60.0


def test_the_commands_of_the_dockerfile_end_in_a_bot_that_answers(tmp_path: Path) -> None:
    made = fp.export_bot(ROOT / "notebooks/00_first_bot.ipynb:glyph", tmp_path / "glyph")
    assert made.passed
    dockerfile = (made.directory / "Dockerfile").read_text()
    assert "pip install --no-cache-dir -r requirements.txt" in dockerfile
    venv, image = tmp_path / "venv", tmp_path / "image"
    environment.prepare(
        venv, [_from_here(line) for line in (made.directory / "requirements.txt").read_text().splitlines()]
    )
    left_out = [line for line in (made.directory / ".dockerignore").read_text().split() if "*" not in line]
    shutil.copytree(made.directory, image, ignore=shutil.ignore_patterns(*left_out))
    with listening("127.0.0.1", 0) as door:
        port = str(door.getsockname()[1])
    commands = [json.loads(found.replace("8080", port)) for found in re.findall(r"CMD (\[.*\])", dockerfile)]
    health, command = commands
    with running([str(venv / "bin" / command[0]), *command[1:]], image) as process:
        ready = [str(environment.python(venv)), *health[1:]]
        end = time.monotonic() + PATIENCE
        while subprocess.run(ready, capture_output=True, timeout=PATIENCE).returncode != 0:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server is not ready"
        with pytest.raises(urllib.error.HTTPError):  # the key is asked for
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/", b"{}"), timeout=PATIENCE)
        answer = fp.Conversation(f"http://127.0.0.1:{port}/", key=KEY).ask("☃")
        assert "| ☃ | U+2603 | snowman |" in answer.text


def _from_here(line: str) -> str:
    """The checkout stands for the poebook that is published."""
    return str(ROOT) if line.startswith("poebook==") else line.strip()


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """*command* in a folder, with little more in its environment than the key."""
    surroundings = {"POE_ACCESS_KEY": KEY, "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    process = subprocess.Popen(command, cwd=folder, env=surroundings, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)
