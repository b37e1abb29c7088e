"""A bot served from a script, and from a cell."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import poebook as fp
from poebook.server import run
from tests.server.asking import KEY, events, text

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = f"""
    import sys
    import poebook as fp
    class Bot(fp.PoeBot):
        async def get_response(self, request):
            yield " ".join(sys.argv[1:])
    fp.run(Bot(), access_key={KEY!r})
"""

BLOCKING = """
    import os, sys, time
    import poebook as fp
    class Slow(fp.PoeBot):
        async def get_response(self, request):
            while not os.path.exists(sys.argv[-1]):
                time.sleep(0.01)
            yield "at last"
    fp.run(Slow(), allow_without_key=True)
"""


@pytest.fixture
def ended_afterwards() -> Iterator[None]:
    yield
    while run._BESIDE:
        server, thread = run._BESIDE.pop()
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def _script(*arguments: str) -> Iterator[list[str]]:
    """Run the script until it says that it serves; what it said until then."""
    with _running(SCRIPT, *arguments) as process:
        yield _said_until("Uvicorn running", process)


def _said_until(words: str, process: subprocess.Popen[str]) -> list[str]:
    """What it says on stderr, up to the line with *words*."""
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            break
    return said


@contextmanager
def _running(source: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", textwrap.dedent(source), *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stderr is not None
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stderr.close()


@pytest.mark.parametrize("option", ["-p", "--port"])
async def test_the_port_is_the_command_lines_and_other_arguments_are_left_alone(option: str) -> None:
    port = _free_port()
    arguments = ("--verbose", option, str(port), "-f", "kernel.json", "more")
    with _script(*arguments) as said:
        assert text(await events(f"http://127.0.0.1:{port}", key=KEY)) == " ".join(arguments)
    assert "http://0.0.0.0:" in said[-1]
    assert said[-1].split(" - ")[1] == "INFO"
    assert KEY not in "".join(said)


async def test_a_handler_that_blocks_is_told_while_it_does(tmp_path: Path) -> None:
    over, port = tmp_path / "over", _free_port()
    with _running(BLOCKING, "--port", str(port), str(over)) as process:
        _said_until("Uvicorn running", process)
        answer = asyncio.create_task(events(f"http://127.0.0.1:{port}"))
        line = (await asyncio.to_thread(_said_until, "held up", process))[-1]
        assert not answer.done()
        over.touch()
        assert text(await answer) == "at last"
    assert re.match(r"Slow: .*, line \d+, in get_response, has held up all bots for more than a second\.", line)


@pytest.mark.usefixtures("ended_afterwards")
async def test_a_handler_that_blocks_is_told_to_the_cell_that_serves_it(caplog: pytest.LogCaptureFixture) -> None:
    over = threading.Event()

    class Slow(fp.PoeBot):
        async def get_response(self, request: object):  # type: ignore[no-untyped-def]  # as one writes it in a cell
            over.wait(20)
            yield "at last"

    fp.run(Slow(), allow_without_key=True)
    port = caplog.records[-1].getMessage().partition("http://127.0.0.1:")[2].split()[0]
    answer = asyncio.create_task(events(f"http://127.0.0.1:{port}"))
    while not any("held up" in one.getMessage() for one in caplog.records):
        assert not answer.done()
        await asyncio.sleep(0.01)
    over.set()
    assert text(await answer) == "at last"


def test_a_port_that_cannot_be_had_is_told_in_a_sentence() -> None:
    with socket.socket() as door:
        door.bind(("0.0.0.0", 0))
        door.listen()
        taken = door.getsockname()[1]
        assert _refused(taken) == f"Port {taken} is taken. Say another port than {taken} with --port."
    assert _refused(99999) == "There is no port 99999; they end with 65535. Say another one with --port."


def _refused(port: int) -> str:
    """The last line of a script that could not serve."""
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), "--port", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_without_key_there_is_an_error_and_no_exit() -> None:
    with pytest.raises(ValueError, match=r"poe\.com/create_bot"):
        fp.run(fp.PoeBot())


@pytest.mark.usefixtures("ended_afterwards")
async def test_a_cell_gets_its_prompt_back_and_can_run_the_next_bot(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", ["ipykernel_launcher.py", "-f", os.devnull])

    class Bot(fp.PoeBot):
        words = "first"

        async def get_response(self, request: object):  # type: ignore[no-untyped-def]  # as one writes it in a cell
            yield self.words

    threads = []
    for words in ("first", "second"):
        bot = Bot()
        bot.words = words
        caplog.clear()
        fp.run(bot, allow_without_key=True)
        said = next(record for record in caplog.records if record.name == "poebook").getMessage()
        port = said.partition("http://127.0.0.1:")[2].split()[0]  # 8080, unless somebody else has it
        assert text(await events(f"http://127.0.0.1:{port}")) == words
        threads += [thread for _, thread in run._BESIDE]
    assert [thread.is_alive() for thread in threads] == [False, True]
