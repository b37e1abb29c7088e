"""The check on the command line and in a cell."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import poebook as fp
from tests.conformance.sound import KEY, Sound
from tests.conformance.zoo.events import NeverDone
from tests.conformance.zoo.keys import GivesNoChallenge
from tests.notebook.conftest import Notebook, notebook, terminal
from tests.webserver import serving

__all__ = ["notebook", "terminal"]
PATIENCE = 60.0


def check(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "poebook", "check", *words]
    env = {**os.environ, **environment}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE)


def test_an_error_is_told_with_its_remedy_and_status_1() -> None:
    with serving(NeverDone()) as url:
        done = check(url, "--key", KEY)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "error events.no-done",
        "  An answer ended without the event done.",
        "  Send done as the last event of every answer.",
        "",
        f"{url}: 1 error.",
    ]
    assert KEY not in done.stdout + done.stderr


def test_what_is_only_to_know_is_status_0() -> None:
    with serving(GivesNoChallenge()) as url:
        done = check(url, POE_ACCESS_KEY=KEY)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "info keys.no-challenge")


def test_findings_as_json() -> None:
    with serving(NeverDone()) as url:
        done = check(url, "--json", "--key", "$THAT_KEY", THAT_KEY=KEY)
        (one,) = json.loads(done.stdout)
        assert set(one) == {"check", "severity", "seen", "remedy"}
        assert (one["check"], one["severity"], done.returncode) == ("events.no-done", "error", 1)
    with serving(Sound()) as url:
        done = check(url, "--json", "--key", KEY)
        assert (json.loads(done.stdout), done.returncode) == ([], 0)


def test_a_sound_bot_is_told_so() -> None:
    with serving(Sound()) as url:
        done = check(url, "--key", KEY)
    assert (done.returncode, done.stdout) == (0, f"{url} does all that was looked at as Poe asks.\n")


def test_on_a_terminal_severities_have_their_colours() -> None:
    ours, theirs = pty.openpty()
    with serving(NeverDone()) as url:
        command = [sys.executable, "-m", "poebook", "check", url, "--key", KEY]
        assert subprocess.run(command, stdout=theirs, timeout=PATIENCE).returncode == 1
    os.close(theirs)
    assert "\x1b[1;31merror\x1b[0m" in os.read(ours, 10_000).decode()
    os.close(ours)


def test_what_is_no_address_is_wrong_use() -> None:
    done = check("bots.example.org")
    assert (done.returncode, done.stdout) == (2, "")
    assert "it should look like https://host/path" in done.stderr


ECHO = "%%poebot echo\ndef get_response(request): return request.query[-1].content or 'nothing'"


def test_in_a_cell_a_bot_is_checked_by_name(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    assert terminal.ok("%poebot check echo").text == "echo does all that was looked at as Poe asks.\n"


def test_in_a_cell_findings_are_a_table(notebook: Notebook) -> None:
    with serving(NeverDone()) as url:
        (shown,) = notebook.ok(f"%poebot check {url} --key {KEY}").displays
    assert "<table" in shown["text/html"]
    assert "events.no-done" in shown["text/html"]
    assert shown["text/plain"].splitlines()[0].split() == ["Severity", "Check", "Seen", "Remedy"]
    assert KEY not in str(shown)


def test_wrong_use_of_the_verb_is_a_sentence(terminal: Notebook) -> None:
    assert "Which bot?" in terminal.wrong("%poebot check")
    assert "No bot named ecko is served here." in terminal.wrong("%poebot check ecko")
    assert "'--kye' is not understood here" in terminal.wrong("%poebot check http://127.0.0.1:9 --kye x")
    assert "NOT_SET is not set" in terminal.wrong("%poebot check http://127.0.0.1:9 --key $NOT_SET")
    assert fp.served() == {}
