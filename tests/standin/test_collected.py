"""The pytest plugin's tapes, in runs of pytest as an author has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import poebook as fp
from poebook.client.tapes import write_tape
from tests.client.tapes.bots import Asker, Echo

pytest_plugins = "pytester"

BOT = """
import poebook as fp


class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield ""
        yield request.query[-1].content


class Shout(fp.PoeBot):
    async def get_response(self, request):
        yield request.query[-1].content.upper()


class Asks(fp.PoeBot):
    async def get_response(self, request):
        async for part in fp.stream_request(request, "GPT-5", request.access_key):
            yield part
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(parrot=BOT)
    conversation = fp.Conversation(Echo())
    for text in ("hi", "100"):
        conversation.ask(text)
    write_tape(pytester.path / "echo.tape.jsonl", conversation)
    return pytester


def run(project: pytest.Pytester, *words: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "poebook.pytest", "-p", "no:asyncio", "-p", "no:cacheprovider", *words)


def configure(project: pytest.Pytester, *lines: str) -> None:
    project.makeini("\n".join(["[pytest]", "poebook_target =", *(f"    {line}" for line in lines)]))


@pytest.mark.parametrize("target", ["parrot.py:Echo", "parrot:Echo"])
def test_each_turn_is_a_test(project: pytest.Pytester, target: str) -> None:
    configure(project, target)
    result = run(project, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*echo.tape.jsonl*1: hi*PASSED*", "*echo.tape.jsonl*2: 100*PASSED*"])


def test_a_turn_that_changed_fails_with_what_changed_and_no_traceback(project: pytest.Pytester) -> None:
    result = run(project, "--poebook-target", "parrot.py:Shout")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(['turn 1  changed  "hi"', "  The text is another.", "    -hi", "    +HI"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*replaying.py*")


def test_the_first_line_of_a_tape_says_how_it_is_compared(project: pytest.Pytester) -> None:
    configure(project, "parrot.py:Shout")
    path = project.path / "echo.tape.jsonl"
    path.write_text(path.read_text().replace('{"tape": 1', '{"tape": 1, "matchers": {"1": {"regex": "(?i)hi"}}', 1))
    run(project).assert_outcomes(passed=2)


def test_bots_have_tapes_of_their_own(project: pytest.Pytester) -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5")}, doubles={"GPT-5": "half full"}) as poe:
        conversation = fp.Conversation(poe.target("asker"))
        conversation.ask("How is the moon?")
    write_tape(project.path / "asker.tape.jsonl", conversation)
    configure(project, "parrot.py:Echo", "asker = parrot.py:Asks")
    run(project).assert_outcomes(passed=3)
    run(project, "--poebook-target", "parrot.py:Shout").assert_outcomes(failed=3)


def test_one_turn_is_chosen_by_its_name(project: pytest.Pytester) -> None:
    configure(project, "parrot.py:Echo")
    run(project, "-k", "100").assert_outcomes(passed=1, deselected=1)


def test_a_tape_may_name_its_bot_itself(project: pytest.Pytester) -> None:
    path = project.path / "echo.tape.jsonl"
    path.write_text(path.read_text().replace('"target": "echo"', '"target": "parrot.py:Echo"', 1))
    run(project).assert_outcomes(passed=2)


def test_without_settings_it_is_the_bot_of_the_root_folder(project: pytest.Pytester) -> None:
    (project.path / "parrot.py").rename(project.path / "bot.py")
    (project.path / "bot.py").write_text(f"{BOT}\n\nbot = Echo()\n")
    run(project).assert_outcomes(passed=2)


def test_a_tape_without_a_bot_is_skipped_with_the_next_step(project: pytest.Pytester) -> None:
    result = run(project, "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*SKIPPED*set poebook_target = bot.py:Bot in pytest's settings*"])


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("parrot.py:Nobody", "*parrot.py has no Nobody.*"),
        ("nowhere.py", "There is no file *nowhere.py."),
        ("nobody", "*No bot named nobody is served here.*"),
    ],
)
def test_a_bot_that_cannot_be_had_is_said_in_a_sentence(project: pytest.Pytester, target: str, says: str) -> None:
    result = run(project, "--poebook-target", target)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([says])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_file_that_is_no_tape_is_an_error_of_collection(project: pytest.Pytester) -> None:
    (project.path / "odd.tape.jsonl").write_text("nonsense\n")
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*odd.tape.jsonl is no JSON, so it is no tape that can be read.*"])


def test_a_project_without_tapes_loads_nothing_of_poebook(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text(
        "import sys\n\n\ndef test_it():\n"
        "    ours = {name for name in sys.modules if name.startswith('poebook')}\n"
        "    assert ours <= {'poebook', 'poebook.version', 'poebook.pytest'}, ours\n"
        "    assert not {'httpx', 'pydantic', 'fastapi'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:anyio", "-p", "poebook.pytest", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
