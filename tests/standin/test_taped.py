"""Doubles that answer from a tape."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import poebook as fp
from poebook.client.tapes import write_tape
from tests.client.tapes.bots import Asker, Echo


class Rich(fp.PoeBot):
    """Sends every kind of event."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[object]:
        yield fp.MetaResponse(text="", content_type="text/plain", suggested_replies=True)
        yield "thinking"
        yield fp.PartialResponse(text="thought", is_replace_response=True)
        yield fp.PartialResponse(text="Which way?", is_suggested_reply=True)
        yield fp.PartialResponse(
            text="", attachment=fp.Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv")
        )
        if request.query[-1].content == "fail":
            yield fp.ErrorResponse(text="Come back later.", allow_retry=True)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Of a bot that asked GPT-5 and Moon."""
    path = tmp_path / "asker.tape.jsonl"
    doubles = {"GPT-5": ["half ", "almost "], "Moon": ["full", "new"]}
    with fp.LocalPoe({"asker": Asker("GPT-5", "Moon")}, doubles=doubles) as poe:
        conversation = fp.Conversation(poe.target("asker"))
        conversation.ask("one")
        conversation.ask("two")
    write_tape(path, conversation)
    return path


def test_a_double_answers_with_the_events_of_the_tape(tmp_path: Path) -> None:
    path = tmp_path / "rich.tape.jsonl"
    conversation = fp.Conversation(Rich())
    answers = [conversation.ask("hi"), conversation.ask("fail")]
    write_tape(path, conversation)
    with fp.LocalPoe(doubles={"anybody": fp.Double.from_tape(path)}) as poe:
        for question, was in zip(("hi", "fail"), answers, strict=True):
            now = poe.ask("anybody", question)
            assert [(e.name, e.data) for e in now.events] == [(e.name, e.data) for e in was.events]
            assert (str(now.error), now.text) == (str(was.error), was.text)


def test_the_path_alone_makes_doubles_of_whom_the_bot_asked(tape: Path) -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5", "Moon")}, doubles={"GPT-5": str(tape), "Moon": tape}) as poe:
        conversation = fp.Conversation(poe.target("asker"))
        assert [conversation.ask(text).text for text in ("one", "two")] == ["half full", "almost new"]


def test_the_same_question_gets_the_same_answer_and_another_one_the_next(tape: Path) -> None:
    with fp.LocalPoe(doubles={"Moon": fp.Double.from_tape(tape)}) as poe:
        asked = ("two", "two", "what?", "what else?", "one")
        assert [poe.ask("Moon", text).text for text in asked] == ["new", "new", "full", "new", "full"]


def test_a_double_may_stand_for_another_bot_of_the_tape(tape: Path) -> None:
    with fp.LocalPoe(doubles={"GPT-6": fp.Double.from_tape(tape, "gpt-5"), "asker": tape}) as poe:
        assert poe.ask("GPT-6", "one").text == "half "
        assert poe.ask("asker", "one").text == "half full"


def test_a_bot_elsewhere_is_replayed_with_all_that_it_asks(tape: Path) -> None:
    code = (
        "import poebook as fp\n"
        "from tests.client.tapes.bots import Asker\n"
        "with fp.serve(Asker('GPT-5', 'Moon'), 'asker', port=0) as bot:\n"
        "    fp.local_poe().mode = 'live'\n"
        "    print(bot.url, flush=True)\n"
        "    input()\n"
    )
    key = "k" * 32  # the bot shows its own, as it does on Poe
    with fp.LocalPoe(doubles=str(tape), key=key) as poe:
        assert poe.names == ["GPT-5", "Moon"]
        environment = {**os.environ, "POE_BASE_URL": poe.base_url, "POE_ACCESS_KEY": key}
        with subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            played = fp.replay(tape, process.stdout.readline().strip(), key=key)
            process.stdin.write("\n")
            process.stdin.close()
            assert process.wait(20) == 0
    assert played.passed, str(played)
    assert [question.bot for question in poe.calls] == ["GPT-5", "Moon"] * 2


def test_faults_befall_it_as_any_double(tape: Path) -> None:
    with fp.LocalPoe(doubles={"Moon": fp.Double.from_tape(tape, faults=["error"])}) as poe:
        assert poe.ask("Moon", "one").error is not None
        assert poe.ask("Moon", "one").text == "full"


def test_a_bot_that_is_not_on_the_tape_is_said_with_those_that_are(tmp_path: Path, tape: Path) -> None:
    with pytest.raises(fp.ServeError, match="GPT-7 has no answer on the tape asker; asker, GPT-5, Moon did"):
        fp.LocalPoe(doubles={"x": fp.Double.from_tape(tape, "GPT-7")})
    with pytest.raises(fp.PoebookError, match="cannot be read"):
        fp.LocalPoe(doubles={"x": "nowhere.tape.jsonl"})


def test_a_tape_of_several_bots_wants_a_name(tmp_path: Path) -> None:
    path = tmp_path / "two.tape.jsonl"
    conversation = fp.Conversation(Echo(), Rich())
    conversation.ask("hi")
    write_tape(path, conversation)
    with fp.LocalPoe(doubles={"Rich": path}) as poe:
        assert poe.ask("Rich", "hi").text == "thought"
    with pytest.raises(fp.ServeError, match="anybody has no answer"):
        fp.LocalPoe(doubles={"anybody": path})
