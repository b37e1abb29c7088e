"""``poebook replay``, run as a person runs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import poebook as fp
from poebook.cli import main
from poebook.client.tapes import write_tape
from tests.cli.test_command_line import ECHO, poebook
from tests.client.tapes.bots import Asker, Echo
from tests.webserver import serving

ASKER = """\
import poebook as fp


class Asker(fp.PoeBot):
    async def get_response(self, request):
        async for part in fp.stream_request(request, "GPT-5", request.access_key):
            yield part
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.py").write_text(ECHO)
    (tmp_path / "loud.py").write_text("def get_response(request):\n    return request.query[-1].content.upper()\n")
    (tmp_path / "asks.py").write_text(ASKER)
    cell = {"cell_type": "code", "source": f"%%poebot parrot\n{ECHO}", "metadata": {}, "outputs": []}
    notebook = {"cells": [{**cell, "execution_count": 1}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "lab.ipynb").write_text(json.dumps(notebook))
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "bot.py").write_text(ECHO)
    conversation = fp.Conversation(Whole())
    for text in ("hi", "100"):
        conversation.ask(text)
    write_tape(tmp_path / "echo.tape.jsonl", conversation)
    return tmp_path


class Whole(Echo):
    """Says it in one event, as the bots of the files do."""

    async def get_response(self, request: fp.QueryRequest):  # type: ignore[no-untyped-def]
        yield request.query[-1].content


@pytest.mark.parametrize("target", ["plain.py", "plain.py:Echo", "plain:Echo", "plain", "project", "lab.ipynb:parrot"])
def test_a_bot_that_answers_alike_is_a_success(
    folder: Path, target: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "plain", raising=False)
    assert main(["replay", "echo.tape.jsonl", target]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert said.out.endswith("2 turns, all alike, events and all.\n")


def test_what_changed_is_shown_and_a_failure(folder: Path) -> None:
    done = poebook("replay", "echo.tape.jsonl", "loud.py", folder=folder)
    assert done.returncode == 1
    assert "    -hi\n    +HI\n" in done.stdout
    assert done.stdout.endswith("2 turns, 1 alike, 1 changed.\n")
    assert "\x1b" not in done.stdout


def test_bots_that_are_asked_answer_from_the_tape(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5")}, doubles={"GPT-5": "half full"}) as poe:
        conversation = fp.Conversation(poe.target("asker"))
        conversation.ask("How is the moon?")
    write_tape(folder / "asker.tape.jsonl", conversation)
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9/")  # nobody listens there
    assert main(["replay", "asker.tape.jsonl", "asks.py"]) == 0


def test_a_bot_at_an_address_is_asked_with_its_key(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    key = "k" * 32
    with serving(fp.make_app(Whole(), access_key=key)) as url:
        assert main(["replay", "echo.tape.jsonl", url, "--key", key]) == 0
        assert main(["replay", "echo.tape.jsonl", url]) == 1
    assert "wants a key" in capfd.readouterr().out


def test_loose_and_strict_overrule_the_tape(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = folder / "echo.tape.jsonl"
    path.write_text(path.read_text().replace('{"tape": 1', '{"tape": 1, "matchers": {"regex": "(?i)hi|100"}', 1))
    assert main(["replay", str(path), "loud.py"]) == 0
    assert main(["replay", str(path), "loud.py", "--loose"]) == 0
    assert main(["replay", str(path), "loud.py", "--strict"]) == 1
    capfd.readouterr()


def test_a_tape_takes_the_answers_of_now(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = (folder / "echo.tape.jsonl").read_text()
    assert main(["replay", "echo.tape.jsonl", "plain.py", "--update"]) == 0
    assert (folder / "echo.tape.jsonl").read_text() == before
    assert main(["replay", "echo.tape.jsonl", "loud.py", "--update"]) == 0
    said = capfd.readouterr().out
    assert "+HI" in said
    assert said.endswith("echo.tape.jsonl has the answers of now.\n")
    assert main(["replay", "echo.tape.jsonl", "loud.py"]) == 0
    assert main(["replay", "echo.tape.jsonl", "plain.py"]) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nothing.jsonl", "plain.py"], "The tape nothing.jsonl cannot be read"),
        (["plain.py", "plain.py"], "plain.py is no JSON, so it is no tape"),
        (["echo.tape.jsonl", "nothing.py"], "There is no file nothing.py."),
        (["echo.tape.jsonl", "nobody"], "No bot named nobody is served here."),
        (["echo.tape.jsonl"], "the following arguments are required: TARGET"),
        (["echo.tape.jsonl", "plain.py", "--loose", "--strict"], "not allowed with"),
    ],
)
def test_wrong_use_has_status_two(folder: Path, words: list[str], says: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", *words]) == 2
    assert says in capfd.readouterr().err
