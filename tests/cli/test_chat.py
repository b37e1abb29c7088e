"""``poebook chat``, typed into as a person types, and fed by a pipe."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import poebook as fp
from tests.elsewhere import Elsewhere, elsewhere
from tests.keyless.hearing import hear
from tests.runtime.asking import Waits

PATIENCE = 40.0


@pytest.fixture(scope="module")
def parrot() -> Iterator[Elsewhere]:
    with elsewhere() as one:
        yield one


def chat(*words: str, typed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "poebook", "chat", *words]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=PATIENCE)


class Terminal:
    """A pseudo-terminal with the program in it."""

    def __init__(self, *words: str) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "poebook", "chat", *words]
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": "dumb"},
        )
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def until(self, words: str, after: str = "") -> None:
        end = time.monotonic() + PATIENCE
        while words not in (self.shown.partition(after)[2] if after else self.shown):
            assert time.monotonic() < end, self.shown
            try:
                self.shown += os.read(self._ours, 65536).decode()
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:  # the program has ended
                assert words in self.shown, self.shown

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        hear("what a terminal shows", self.shown)
        os.close(self._ours)


@contextmanager
def terminal(*words: str) -> Iterator[Terminal]:
    one = Terminal(*words)
    try:
        yield one
    finally:
        one.close()


def test_lines_of_a_pipe_are_asked_one_after_the_other(parrot: Elsewhere) -> None:
    done = chat(parrot.url, "--key", parrot.key, typed="one two\n\nthree\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "From elsewhere: one two\nFrom elsewhere: three\n\n", "")


def test_a_bot_that_cannot_be_asked_is_status_1() -> None:
    done = chat("http://127.0.0.1:9/bot", typed="hi\n")
    assert done.returncode == 1
    assert "Nothing answers at http://127.0.0.1:9/bot" in done.stderr


def test_it_remembers_until_it_begins_anew() -> None:
    class Counts(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest):  # type: ignore[no-untyped-def]
            yield fp.PartialResponse(text=f"message {len(request.query)}")

    with fp.serve(Counts(), "counts", no_key=True) as bot:
        done = chat(bot.url, typed="a\nb\n/new\nc\n/quit\nd\n")
    assert done.stdout.split("\n")[:3] == ["message 1", "message 3", "message 1"]
    assert "message 5" not in done.stdout


def test_on_a_terminal_it_says_with_whom_and_ctrl_d_ends_it(parrot: Elsewhere) -> None:
    with terminal(parrot.url, "--key", parrot.key) as one:
        one.until("Chat with")
        one.until("> ")
        one.type("hello\n")
        one.until("From elsewhere: hello")
        one.until("> ", after="From elsewhere: hello")  # between two questions nobody listens to Ctrl-D
        one.type("\x04")
        assert one.process.wait(PATIENCE) == 0


def test_ctrl_c_stops_an_answer_and_then_ends_the_chat_without_a_traceback() -> None:
    bot = Waits("it")
    with fp.serve(bot, "waits", no_key=True) as served, terminal(served.url) as one:
        one.until("> ")
        one.type("go\n")
        one.until("it begins")
        one.process.send_signal(signal.SIGINT)
        one.until("Stopped.")
        assert bot.left.wait(PATIENCE)
        bot.go.set()
        one.type("again\n")
        one.until("> ", after="it ends")
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(PATIENCE) == 0
        assert "Traceback" not in one.shown
