"""Every block of the README does what the README says."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import poebook as fp
from tests.keyless.hearing import hear
from tests.notebooks import readme

ROOT = readme.README.parent
SERVED = re.compile(r"http://127\.0\.0\.1:\d+/echo")
ADDRESS = re.compile(r"http://[\d.]+:(\d+)(/\w*)?")


def notebook_of(cells: list[str]) -> Any:  # nbformat's nodes have no types
    made: Any = nbformat.v4
    return made.new_notebook(cells=[made.new_code_cell(cell) for cell in cells])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in readme.files().items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_its_cells_run_in_one_notebook(tmp_path: Path) -> None:
    notebook = notebook_of(readme.cells())
    client = NotebookClient(
        notebook, kernel_name="python3", timeout=60, resources={"metadata": {"path": str(tmp_path)}}
    )
    asyncio.run(client.async_execute())
    printed = [
        output["text"] for cell in notebook["cells"] for output in cell["outputs"] if output.get("name") == "stdout"
    ]
    assert len(printed) == 1
    assert re.fullmatch(r"hi \d+ [\d.]+\n", printed[0])


def test_the_program_that_serves_and_asks_does_so(folder: Path) -> None:
    done = subprocess.run([sys.executable, "ask.py"], cwd=folder, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    url, answer = done.stdout.splitlines()
    assert SERVED.fullmatch(url)
    assert answer == "hi"


@pytest.mark.parametrize(
    "command",
    [["python", "echo.py"], ["poebook", "serve", "echo:Echo", "--no-key"]],
    ids=["python echo.py", "poebook serve"],
)
def test_the_script_serves_the_bot(folder: Path, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    key = "k" * 32
    monkeypatch.setenv("POE_ACCESS_KEY", key)
    order = [str(Path(sys.executable).parent / command[0]), *command[1:], "--port", "0"]
    process = subprocess.Popen(order, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    told = ""
    try:
        for line in process.stdout:  # until it says where it listens, or ends
            told += line
            if found := ADDRESS.search(line):
                break
        else:
            pytest.fail(f"it ended: {told}")
        answer = fp.Conversation(f"http://127.0.0.1:{found[1]}{found[2] or ''}", key=key).ask("hi")
    finally:
        process.terminate()
        process.wait(20)
        hear("what a service said", told + process.stdout.read())
        process.stdout.close()
    assert isinstance(answer, fp.Answer)
    assert answer.text == "hi"


def test_the_test_of_a_bot_passes(folder: Path) -> None:
    order = [sys.executable, "-m", "pytest", "-p", "poebook.pytest", "-p", "no:cacheprovider", "-q", "test_orrery.py"]
    done = subprocess.run(order, cwd=folder, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_commands_of_its_first_screen_are_what_the_project_has() -> None:
    first, second = (block.code.strip() for block in readme.blocks() if block.language == "sh")
    assert first.endswith(".venv/bin/poebook lab")
    assert "-e '.[notebook]'" in first
    assert second == "python3 -m tests"
    assert (ROOT / "tests" / "__main__.py").exists()


def test_its_pictures_are_there() -> None:
    text = readme.README.read_text(encoding="utf-8")
    pictures = re.findall(r'(?:src|srcset)="([^"]+)"', text)
    assert len(pictures) == 2
    for picture in pictures:
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")


def test_it_takes_no_more_than_five_minutes_to_read() -> None:
    assert len(readme.README.read_text(encoding="utf-8").split()) < 1200
