"""A table of questions put to a table of bots: what stands in its rows, from which cases, and what cannot be asked."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.client.evaluating.cases import cases_of
from poebook.client.evaluating.table import Rows
from poebook.client.tapes import write_tape
from tests.client.tapes.bots import Echo, Failing

pandas: Any = importlib.import_module("pandas")  # it has no types of its own


class Counting(fp.PoeBot):
    """Knows how many it answers at once."""

    now = most = 0

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        yield f"{len(request.query[-1].attachments)} files, {request.query[-1].parameters}"


@pytest.fixture
def stops() -> Iterator[None]:
    yield
    for served in fp.served().values():
        served.stop()


def test_each_target_is_asked_each_case() -> None:
    table = fp.evaluate([Echo(), Echo(after="!")], ["one", "two"])
    assert isinstance(table, pandas.DataFrame)
    columns = ["target", "case", "text", "first_event_s", "total_s", "events", "error", "passed", "why", "cost"]
    assert list(table.columns) == columns
    assert list(table["target"]) == ["echo", "echo", "echo 2", "echo 2"]
    assert list(table["text"]) == ["one", "two", "one!", "two!"]
    assert list(table["passed"]) == [None] * 4
    assert all(0 < first <= total for first, total in zip(table["first_event_s"], table["total_s"], strict=True))
    assert list(table["events"]) == [3] * 4


def test_targets_have_the_names_that_a_mapping_gives_them() -> None:
    table = fp.evaluate({"plain": Echo(), "loud": Echo(after="!")}, "one")
    assert list(zip(table["target"], table["text"], strict=True)) == [("plain", "one"), ("loud", "one!")]


def test_bots_that_are_served_here_have_their_costs(stops: None) -> None:
    class Charges(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=1250))
            yield "done"

    fp.serve(Charges(), "charges")
    assert list(fp.evaluate("charges", ["hi"])["cost"]) == ["$0.0125"]


def test_a_bot_that_fails_is_a_row() -> None:
    table = fp.evaluate([Failing(), Echo(), "http://127.0.0.1:9/nobody"], ["one"])
    assert list(table["passed"]) == [False, None, False]
    assert "The tide tables are gone." in table["error"][0]
    assert table["text"][0] == "so far "
    assert table["error"][2]
    assert list(table["why"].isna()) == [False, True, False]
    assert table["why"][0] == table["error"][0]


def test_a_bot_that_is_too_slow_is_a_row() -> None:
    class Slow(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            await asyncio.Event().wait()
            yield ""

    assert list(fp.evaluate(Slow(), ["one"], timeout=0.05)["error"]) == ["Slow took longer than 0.05 s."]


@pytest.mark.parametrize(
    ("checks", "passed"),
    [
        ({"contains": "low"}, [True, False]),
        (lambda text: len(text) == 3, [True, False]),
        ([{"contains": "o"}, "low"], [True, False]),
        ("high", [False, True]),
    ],
)
def test_checks_hold_for_every_answer(checks: object, passed: list[bool]) -> None:
    assert list(fp.evaluate(Echo(), ["low", "high"], checks=checks)["passed"]) == passed


def test_what_a_case_expects_is_checked_and_why_not_is_said() -> None:
    def raises(text: str) -> bool:
        return bool(1 / 0)

    cases = [
        {"text": "low", "expect": "low"},
        {"text": "low", "expect": {"contains": ["high", "tide"]}},
        {"text": "low", "expect": raises},
        {"text": "low"},
    ]
    table = fp.evaluate(Echo(), cases)
    assert list(table["passed"]) == [True, False, False, None]
    assert table["why"][1] == "it does not contain 'high' and 'tide'"
    assert table["why"][2] == "the check raised ZeroDivisionError: division by zero"


def test_cases_carry_files_parameters_and_columns_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "tide.csv"
    path.write_text("1,2")
    cases = [{"text": "one", "attachments": [path], "parameters": {"unit": "m"}, "topic": "tides"}, {"text": "two"}]
    table = fp.evaluate(Counting(), cases, parameters={"unit": "ft", "detail": 1})
    assert table["text"][0] == "1 files, {'unit': 'm', 'detail': 1}"
    assert table["text"][1] == "0 files, {'unit': 'ft', 'detail': 1}"
    assert table["topic"][0] == "tides"


def test_repeats_are_rows_and_so_many_are_asked_at_once() -> None:
    bot = Counting()
    table = fp.evaluate(bot, ["one", "two"], repeats=6, parallel=3)
    assert list(table["repeat"]) == [*range(1, 7)] * 2
    assert bot.most == 3


@pytest.mark.parametrize("name", ["cases.csv", "cases.jsonl", "cases.json"])
def test_cases_come_from_files(tmp_path: Path, name: str) -> None:
    rows = [{"prompt": "low", "expect": '{"regex": "^l"}', "topic": "ä"}, {"prompt": "high", "expect": "", "topic": ""}]
    path = tmp_path / name
    frame = pandas.DataFrame(rows)
    if name.endswith(".csv"):
        frame.to_csv(path, index=False)
    elif name.endswith(".jsonl"):
        path.write_text("\n".join(json.dumps(row) for row in rows))
    else:
        path.write_text(json.dumps(rows))
    for cases in (path, str(path), frame):
        table = fp.evaluate(Echo(), cases)
        assert list(table["case"]) == ["low", "high"]
        assert list(table["passed"]) == [True, None]
        assert table["topic"][0] == "ä"


def test_the_questions_of_a_tape_are_asked_with_their_history(tmp_path: Path) -> None:
    class Remembers(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            yield " / ".join(message.content for message in request.query)

    path = tmp_path / "echo.tape.jsonl"
    conversation = fp.Conversation(Echo())
    conversation.ask("one")
    conversation.ask("two")
    write_tape(path, conversation)
    assert list(fp.evaluate(Remembers(), path)["text"]) == ["one", "one / one / two"]
    assert list(fp.evaluate([Echo(), Echo(after="!")], path, checks={"same": True})["passed"]) == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("targets", "cases", "options", "says"),
    [
        ([], ["hi"], {}, "needs somebody to ask"),
        ("nobody", ["hi"], {}, "No bot named nobody is served here"),
        (Echo(), 3, {}, "this is a int"),
        (Echo(), [3], {}, "case 1 is a int"),
        (Echo(), [{"topic": "x"}], {}, "Case 1 has no text"),
        (Echo(), [{"text": "x", "parameters": 3}], {}, "parameters of case 1"),
        (Echo(), [{"text": "x", "expect": {"like": "y"}}], {}, "no matcher 'like'"),
        (Echo(), ["hi"], {"checks": 3}, "A matcher is"),
        (Echo(), ["hi"], {"repeats": 0}, "repeats is a number from 1 on"),
        (Echo(), "nowhere.csv", {}, "nowhere.csv cannot be read"),
        (Echo(), Path("notes.txt"), {}, "notes.txt is none of these"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anybody_is(
    targets: object, cases: object, options: dict[str, object], says: str
) -> None:
    with pytest.raises(fp.PoebookError, match=says):
        fp.evaluate(targets, cases, **options)  # type: ignore[arg-type]  # wrong on purpose


def test_a_file_that_is_broken_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("{")
    with pytest.raises(fp.PoebookError, match=r"cases\.jsonl cannot be read as JSONL"):
        fp.evaluate(Echo(), path)


async def test_it_works_inside_a_running_loop_and_awaited() -> None:
    assert list(fp.evaluate(Echo(), ["one"])["text"]) == ["one"]
    assert list((await fp.evaluate_async(Echo(), ["one", "two"], repeats=2))["text"]) == ["one", "one", "two", "two"]


def test_without_pandas_it_is_a_list_that_prints_as_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    rows = fp.evaluate(Echo(), [{"text": "<b>low</b>", "topic": "x"}, "a" * 60])
    assert isinstance(rows, Rows)
    assert rows[0]["text"] == "<b>low</b>"
    head, first, second = str(rows).splitlines()
    assert head.split()[:4] == ["target", "case", "topic", "text"]
    assert first.split()[:3] == ["echo", "<b>low</b>", "x"]
    assert "…" in second
    assert "<td>&lt;b&gt;low&lt;/b&gt;</td>" in rows._repr_html_()


def test_an_interrupt_keeps_what_is_done() -> None:
    asked = threading.Event()

    class Stuck(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            if request.query[-1].content == "two":
                asked.set()
                await asyncio.Event().wait()
            yield "done"

    def interrupt() -> None:
        assert asked.wait(20)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.warns(UserWarning, match="Interrupted: 1 of 3 answers"):
        table = fp.evaluate(Stuck(), ["one", "two", "three"], parallel=1)
    assert list(table["case"]) == ["one"]


def test_nothing_is_written_where_nobody_looks_on(capfd: pytest.CaptureFixture[str]) -> None:
    fp.evaluate(Echo(), ["one"])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("blocked", ["tqdm", "nothing"])
def test_a_terminal_has_a_bar(tmp_path: Path, blocked: str) -> None:
    code = (
        f"import sys; sys.modules[{blocked!r}] = None\n"
        "import poebook as fp\n"
        "table = fp.evaluate(fp.PoeBot(), ['one', 'two'])\n"
    )
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs, stdout=subprocess.PIPE) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            said += piece
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert process.stdout.read() == b""
    os.close(ours)
    assert b"2/2" in said


def test_a_case_may_be_made_beforehand() -> None:
    [case] = cases_of("hi")
    assert cases_of([case]) == [case]
