"""``%poebot`` and its verbs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

import poebook as fp
from poebook.notebook import cellmagic, linemagic
from poebook.notebook.commands.nest import turn_off
from tests.notebook.conftest import Notebook
from tests.notebook.test_cell import ECHO

TALKS = "%%poebot talks\ndef get_response(request):\n    print('asked', request.query[-1].content)\n    return 'yes'"


def test_alone_it_shows_what_runs(terminal: Notebook) -> None:
    assert "Nothing is served here yet" in terminal.ok("%poebot").text
    terminal.ok(ECHO)
    terminal.ok(TALKS)
    fp.served()["echo"].ask("hi")
    lines = terminal.ok("%poebot").text.splitlines()
    assert lines[0].split() == ["Bot", "State", "Address", "Version", "Since", "Questions", "Key"]
    bot = fp.served()["echo"]
    assert lines[1].split() == ["echo", "serving", bot.url, "1", f"{bot.since:%H:%M:%S}", "1", "yes"]
    assert lines[2].startswith("talks")
    assert terminal.ok("%poebot status").text.splitlines() == lines


def test_in_a_front_end_the_table_is_one(notebook: Notebook) -> None:
    notebook.ok(ECHO)
    (shown,) = notebook.ok("%poebot").displays
    assert "<table" in shown["text/html"]
    assert fp.served()["echo"].url in shown["text/html"]
    assert (fp.served()["echo"].key or "") not in str(shown)


def test_ask_streams_the_answer_into_the_output(terminal: Notebook) -> None:
    terminal.ok(
        "%%poebot full\nasync def get_response(request):\n    yield request.query[-1].content\n    yield ' there'\n"
        "    yield fp.PartialResponse(text='Which way?', is_suggested_reply=True)"
    )
    assert terminal.ok("%poebot ask full hi  you").stdout == "hi  you there\n> Which way?\n"
    assert terminal.ok('%poebot ask full " hi  "').stdout == " hi   there\n> Which way?\n"
    assert terminal.ok("%poebot ask full what's up,").stdout == "what's up, there\n> Which way?\n"


def test_text_that_replaces_begins_anew(terminal: Notebook) -> None:
    terminal.ok(
        "%%poebot turns\nasync def get_response(request):\n    yield 'thinking'\n"
        "    yield fp.PartialResponse(text='thought', is_replace_response=True)"
    )
    assert terminal.ok("%poebot ask turns hi").stdout == "thinking\nthought\n"


def test_ask_tells_what_a_handler_raised_and_where(terminal: Notebook) -> None:
    terminal.ok("%%poebot fails\nasync def get_response(request):\n    yield 'so far'\n    yield {}['lisbon']")
    cell = terminal.run("%poebot ask fails hi")
    assert cell.stdout == "so far\n"
    assert "UsageError: fails raised KeyError: 'lisbon' in cell 2, line 4. %poebot logs fails" in cell.stderr


def test_ask_tells_an_error_that_the_bot_gave(terminal: Notebook) -> None:
    terminal.ok("%%poebot busy\nasync def get_response(request):\n    yield fp.ErrorResponse(text='Come back later.')")
    assert terminal.wrong("%poebot ask busy hi") == "busy answered with an error: Come back later."


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("    raise ValueError('before')\n    yield ''", "ValueError: before"),
        ("    yield 'x'\n    raise ValueError('after')", "ValueError: after"),
        ("    yield 3.5", "a float; "),
    ],
)
def test_a_handler_that_goes_wrong_is_told_and_serves_on(terminal: Notebook, body: str, says: str) -> None:
    terminal.ok(f"%%poebot wrong\nasync def get_response(request):\n{body}")
    assert says in terminal.run("%poebot ask wrong hi").stderr
    assert says in terminal.ok("%poebot logs wrong").text
    assert fp.served()["wrong"].state == "serving"


def test_a_handler_that_yields_nothing_is_told(terminal: Notebook) -> None:
    terminal.ok("%%poebot mute\nasync def get_response(request):\n    if False: yield ''")
    assert terminal.ok("%poebot ask mute hi").stdout.strip()


def test_logs_show_what_handlers_printed(terminal: Notebook) -> None:
    terminal.ok(TALKS)
    assert "has printed and logged nothing yet" in terminal.ok("%poebot logs talks").stdout
    for text in ("one", "two", "three"):
        fp.served()["talks"].ask(text)
    lines = terminal.ok("%poebot logs talks").stdout.splitlines()
    assert [line.split(maxsplit=2)[2] for line in lines] == ["asked one", "asked two", "asked three"]
    assert terminal.ok("%poebot logs talks 1").stdout.splitlines() == lines[-1:]


def test_stop_one_and_all(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    terminal.ok(TALKS)
    assert terminal.ok("%poebot stop echo").stdout == "Stopped echo. Served here: talks.\n"
    assert terminal.ok("%poebot stop --all").stdout == "Stopped talks.\n"
    assert terminal.ok("%poebot stop --all").stdout == "Nothing is served here.\n"
    assert fp.served() == {}


def test_rollback_goes_back(terminal: Notebook) -> None:
    terminal.ok("%%poebot turning\ndef get_response(request): return 'one'")
    terminal.ok("%%poebot turning\ndef get_response(request): return 'two'")
    assert terminal.ok("%poebot rollback turning").stdout == "turning answers with version 1 again.\n"
    assert str(fp.served()["turning"].ask("hi")) == "one"
    terminal.ok("%poebot rollback turning 2")
    assert str(fp.served()["turning"].ask("hi")) == "two"


def test_key_says_where_it_is_and_makes_a_new_one_without_showing_either(terminal: Notebook, own_home: Path) -> None:
    terminal.ok(ECHO)
    bot = fp.served()["echo"]
    old = bot.key
    told = terminal.ok("%poebot key echo").stdout
    assert str(own_home / "keys" / "echo.key") in told
    told += terminal.ok("%poebot key echo --new").stdout
    assert bot.key != old
    assert bot.key is not None
    assert old is not None
    assert bot.key not in told
    assert old not in told
    assert "a new key" in told
    assert str(bot.ask("hi")) == "hi"


def test_key_of_a_bot_that_was_given_one_or_has_none(terminal: Notebook) -> None:
    terminal.ok(ECHO.replace("echo", f"echo --key {'k' * 32}", 1))
    assert "was given to it" in terminal.ok("%poebot key echo").stdout
    terminal.ok(ECHO.replace("echo", "echo --no-key", 1))
    assert "without a key" in terminal.ok("%poebot key echo").stdout


def test_nest_lets_asyncio_run_work_inside_a_loop_and_takes_that_back(monkeypatch: pytest.MonkeyPatch) -> None:
    # In a process of its own: nest-asyncio changes asyncio for good.
    import subprocess
    import sys

    program = (
        "import asyncio\n"
        "from poebook.notebook.commands.nest import turn_on, turn_off\n"
        "async def inner(): return 42\n"
        "async def outer(): return asyncio.run(inner())\n"
        "own = asyncio.run\n"
        "asyncio.set_event_loop(asyncio.new_event_loop())\n"
        "turn_on(); print(asyncio.get_event_loop().run_until_complete(outer()))\n"
        "turn_off(); print(asyncio.run is own)\n"
        "import poebook as fp\n"
        "turn_on()\n"
        "with fp.serve(fp.PoeBot(), 'greeter') as bot: print(bot.ask('hi'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["42", "True", "hello"], done.stderr


def test_nest_was_never_applied_unasked(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    turn_off()
    assert not hasattr(asyncio, "_nest_patched")


def test_chat_in_a_terminal_says_how_to_ask(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    assert terminal.ok("%poebot chat echo").stdout == "Chat with echo; here, %poebot ask echo TEXT asks.\n"


def test_unloading_takes_the_magics_away_and_lets_bots_be(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    terminal.ok("%unload_ext poebook")
    assert "not found" in terminal.run("%poebot").stderr
    assert str(fp.served()["echo"].ask("hi")) == "hi"
    terminal.ok("%load_ext poebook")
    terminal.ok("%reload_ext poebook")
    terminal.ok("%poebot")


@pytest.mark.parametrize(("magic", "tells"), [("%%poebot", "--introduction TEXT"), ("%poebot", "%poebot key NAME")])
def test_a_question_mark_shows_the_manual(terminal: Notebook, magic: str, tells: str) -> None:
    found = terminal.shell.object_inspect_text(magic, detail_level=0)  # type: ignore[no-untyped-call]
    assert tells in found


def test_trace_shows_how_the_last_answer_came_about(terminal: Notebook) -> None:
    assert "Nothing was answered by nobody of late" in terminal.wrong("%poebot trace nobody")
    terminal.ok(TALKS)
    terminal.ok("%%poebot full\nasync def get_response(request):\n    for word in 'abc':\n        yield word")
    terminal.ok("%poebot ask talks hi")
    terminal.ok("%poebot ask full hi")
    first, end, head, texts, done = terminal.ok("%poebot trace full").text.splitlines()  # the table is a display
    bot = fp.served()["full"]
    assert first == f"full (this kernel): POST {bot.url}, HTTP 200"
    assert head.split() == ["Seconds", "Events", "Name", "Data"]
    assert "1 to 3" in texts
    assert '{"text": "a"}' in texts
    assert done.split()[-2:] == ["done", "{}"]
    assert end.startswith("done after 0.")
    assert terminal.ok("%poebot trace").text.splitlines()[0] == first
    assert "asked hi" in terminal.ok("%poebot trace talks").text
    assert (bot.key or "") not in terminal.ok("%poebot trace").text
    assert "one word too many" in terminal.wrong("%poebot trace full now")


@pytest.mark.parametrize("help_of", [linemagic.manual, cellmagic.manual])
def test_help_fits_below_a_cell(help_of: Callable[[], str]) -> None:
    assert max(map(len, help_of().splitlines())) <= 96
