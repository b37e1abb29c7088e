"""``%%poebot``: which cells are bots, where they run, and what a second run does."""

from __future__ import annotations

import pytest

import poebook as fp
from tests.notebook.conftest import Notebook
from tests.runtime.asking import settings

ECHO = """\
%%poebot echo
class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield fp.PartialResponse(text=request.query[-1].content)
"""


def said(name: str, text: str = "hi") -> str:
    return str(fp.served()[name].ask(text))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("async def get_response(request):\n    yield 'an '\n    yield 'answer'", id="async generator"),
        pytest.param("def get_response(request):\n    yield 'an '\n    yield 'answer'", id="generator"),
        pytest.param("async def get_response(request):\n    return 'an answer'", id="async function"),
        pytest.param("def get_response(request):\n    return 'an answer'", id="function"),
        pytest.param("def get_response(self, request):\n    return 'an answer'", id="with self"),
        pytest.param("def get_response(request, context):\n    return 'an answer'", id="with context"),
        pytest.param("def get_response(request):\n    return fp.PartialResponse(text='an answer')", id="a response"),
        pytest.param("get_response = lambda request: 'an answer'", id="a lambda"),
        pytest.param(
            "class A(fp.PoeBot):\n    async def get_response(self, request):\n        yield 'an answer'", id="a class"
        ),
        pytest.param(
            "class A(fp.PoeBot):\n    async def get_response(self, request):\n        yield 'wrong'\n"
            "class B(A):\n    async def get_response(self, request):\n        yield 'an answer'",
            id="the last of two classes",
        ),
        pytest.param(
            "class A(fp.PoeBot):\n    def __init__(self, what):\n        super().__init__()\n        self.what = what\n"
            "    async def get_response(self, request):\n        yield self.what\n"
            "A('an answer')",
            id="an expression",
        ),
        pytest.param(
            "if True:\n    class A(fp.PoeBot):\n        async def get_response(self, request):\n"
            "            yield 'an answer'",
            id="a class below an if",
        ),
        pytest.param(
            "def make():\n    class A(fp.PoeBot):\n        async def get_response(self, request):\n"
            "            yield 'an answer'\n    return A\nMade = make()",
            id="a class made by a function",
        ),
        pytest.param(
            "import asyncio\nawait asyncio.sleep(0)\nwhat = 'an answer'\ndef get_response(request):\n    return what",
            id="await at the top of the cell",
        ),
    ],
)
def test_a_cell_is_a_bot_in_many_ways(terminal: Notebook, body: str) -> None:
    cell = terminal.ok(f"%%poebot many\n{body}")
    bot = fp.served()["many"]
    assert said("many") == "an answer"
    assert cell.stdout == f"many, version 1, is served at {bot.url}\n"
    assert cell.stderr == ""


def test_an_expression_counts_before_a_class(terminal: Notebook) -> None:
    terminal.ok(
        "%%poebot many\nclass A(fp.PoeBot):\n    def __init__(self, what='class'):\n        super().__init__()\n"
        "        self.what = what\n    async def get_response(self, request):\n        yield self.what\nA('expression')"
    )
    assert said("many") == "expression"


def test_without_a_name_the_class_gives_its_own(terminal: Notebook) -> None:
    terminal.ok(ECHO.replace(" echo", "", 1))
    assert list(fp.served()) == ["Echo"]


def test_hooks_stand_beside_a_function(terminal: Notebook) -> None:
    terminal.ok(
        "%%poebot hooked\ndef get_response(request): return 'x'\n"
        "def get_settings(setting): return fp.SettingsResponse(introduction_message='hello')\n"
    )
    assert settings(fp.served()["hooked"])["introduction_message"] == "hello"


def test_hooks_of_another_cell_are_not_taken(terminal: Notebook) -> None:
    terminal.ok("def get_settings(setting): return fp.SettingsResponse(introduction_message='not mine')")
    terminal.ok("%%poebot alone\ndef get_response(request): return 'x'")
    assert settings(fp.served()["alone"])["introduction_message"] is None


def test_the_cell_runs_in_the_notebooks_namespace(terminal: Notebook) -> None:
    terminal.ok("greeting = 'Good morning'")
    terminal.ok("%%poebot polite\nmade = 1\ndef get_response(request): return greeting")
    assert terminal.names["made"] == 1
    assert terminal.names["get_response"].__module__ == "__main__"
    terminal.ok("greeting = 'Good night'")
    assert said("polite") == "Good night"


def test_fp_is_bound_where_it_is_not(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    assert terminal.names["fp"].PoeBot is fp.PoeBot
    terminal.ok("fp = 'mine'\nimport poebook")
    terminal.ok("%%poebot echo\nclass Echo(poebook.PoeBot): pass")
    assert terminal.names["fp"] == "mine"


def test_magics_and_shell_commands_in_the_cell_work(terminal: Notebook) -> None:
    terminal.ok("%%poebot shell\n\n\n%precision 3\nlines = !echo 41\ndef get_response(request): return lines[0]")
    assert said("shell") == "41"


def test_a_value_at_the_end_is_shown_as_below_any_cell(terminal: Notebook) -> None:
    shown = terminal.ok(ECHO + "[1, 2]")
    assert "[1, 2]" in shown.stdout
    assert "[1, 2]" not in terminal.ok(ECHO + "[1, 2];").stdout


def test_running_again_swaps_and_keeps_address_key_and_conversation(terminal: Notebook) -> None:
    terminal.ok("%%poebot swapped\ndef get_response(request): return 'first'")
    bot = fp.served()["swapped"]
    before = (bot.url, bot.key)
    bot.conversation.ask("hi")
    terminal.ok("%%poebot swapped\ndef get_response(request): return 'second'")
    assert fp.served()["swapped"] is bot
    assert (bot.url, bot.key) == before
    assert bot.version == 2
    bot.conversation.ask("again")
    assert [message.content for message in bot.conversation.messages] == ["hi", "first", "again", "second"]


def test_an_error_in_the_cell_points_at_its_line_and_the_old_bot_goes_on(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    failed = terminal.run("%%poebot echo\n\n\nfirst = 1\nsecond = first / 0\nclass Echo(fp.PoeBot): pass")
    assert isinstance(failed.error, ZeroDivisionError)
    assert "Cell In[3], line 5" in failed.stdout
    assert "second = first / 0" in failed.stdout
    assert "poebook" not in failed.stdout + failed.stderr
    assert failed.stdout.count("ZeroDivisionError") == 2  # head and foot of the one traceback
    bot = fp.served()["echo"]
    assert (said("echo"), bot.version, bot.state) == ("hi", 1, "failed")
    terminal.ok(ECHO)
    assert bot.state == "serving"


def test_an_error_in_a_function_that_the_cell_calls_shows_both_frames(terminal: Notebook) -> None:
    terminal.ok("def broken(x):\n    return x / 0")
    failed = terminal.run("%%poebot echo\nbroken(1)")
    assert "Cell In[3], line 2" in failed.stdout
    assert "Cell In[2], line 2, in broken" in failed.stdout


def test_what_is_left_open_is_named(terminal: Notebook) -> None:
    failed = terminal.run("%%poebot echo\ndef get_response(request):\n    return (\n")
    assert "'(' was never closed" in failed.stdout


@pytest.mark.parametrize(
    ("body", "line"), [("def get_response(request):\n    return (\n", 3), ("\nx = = 1", 3), ("if x:\ny", 3)]
)
def test_a_syntax_error_points_at_its_line(terminal: Notebook, body: str, line: int) -> None:
    terminal.ok(ECHO)
    failed = terminal.run(f"%%poebot echo\n{body}")
    assert failed.error is not None
    assert type(failed.error).__name__ in ("SyntaxError", "IndentationError")
    assert f"Cell In[3], line {line}" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert fp.served()["echo"].state == "failed"


def test_a_constructor_that_raises_points_at_its_line(terminal: Notebook) -> None:
    failed = terminal.run("%%poebot a\nclass A(fp.PoeBot):\n    def __init__(self):\n        raise KeyError('model')")
    assert isinstance(failed.error, KeyError)
    assert "Cell In[2], line 4" in failed.stdout
    assert "poebook" not in failed.stdout


def test_errors_of_poebook_that_the_cell_itself_causes_are_shown_with_the_cells_line(terminal: Notebook) -> None:
    failed = terminal.run("%%poebot a\nfp.Conversation('nobody')")
    assert isinstance(failed.error, fp.UnknownTarget)
    assert "Cell In[2], line 2" in failed.stdout


def test_exception_groups_and_exceptions_without_room_are_shown_too(terminal: Notebook) -> None:
    group = terminal.run("%%poebot a\nraise ExceptionGroup('several', [ValueError('one')])")
    assert "ValueError: one" in group.stdout + group.stderr
    slotted = terminal.run(
        "%%poebot a\nclass Odd(Exception):\n    def __setattr__(self, name, value): raise TypeError\nraise Odd('x')"
    )
    assert "Cell In[3], line 4" in slotted.stdout
    assert type(slotted.error).__name__ == "Odd"


def test_an_error_in_a_handler_is_known_by_its_cell_and_line(terminal: Notebook) -> None:
    terminal.ok("%%poebot fallible\nasync def get_response(request):\n    yield 'so far '\n    yield {}['lisbon']")
    answer = fp.served()["fallible"].ask("hi")
    assert answer.text == "so far "
    assert answer.error is not None
    assert answer.error.fault is not None
    assert (answer.error.fault.cell, answer.error.fault.line) == (2, 4)


def test_the_key_that_was_given_is_the_bots_key(terminal: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO_KEY", "k" * 32)
    cell = terminal.ok(ECHO.replace("echo", "echo --key $ECHO_KEY", 1))
    assert fp.served()["echo"].key == "k" * 32
    assert "k" * 32 not in cell.text
    terminal.ok(ECHO.replace("echo", "echo --no-key", 1))
    assert fp.served()["echo"].key is None


def test_path_and_introduction_are_taken(terminal: Notebook) -> None:
    terminal.ok(ECHO.replace("echo", 'echo --path /bots/echo --introduction "I repeat."', 1))
    bot = fp.served()["echo"]
    assert bot.url.endswith("/bots/echo")
    assert settings(bot)["introduction_message"] == "I repeat."


def test_errors_of_poebook_in_any_cell_are_the_authors_line_and_a_sentence(terminal: Notebook) -> None:
    terminal.ok("def make(name):\n    return fp.serve(fp.PoeBot(), name)\nimport poebook as fp")
    failed = terminal.run("x = 1\nmake('a/b')")
    assert isinstance(failed.error, fp.ServeError)
    assert "Cell In[3], line 2" in failed.stdout
    assert "Cell In[2], line 2, in make" in failed.stdout
    assert "ServeError: 'a/b' cannot be a bot's name" in failed.stdout
    assert "poebook/" not in failed.stdout
    refused = terminal.run("fp.Conversation('http://127.0.0.1:9/').ask('hi')")
    assert isinstance(refused.error, fp.BotError)
    assert "Cell In[4], line 1" in refused.stdout
    assert "httpx" not in refused.stdout
    terminal.ok("%unload_ext poebook")
    assert "poebook/" in terminal.run("make('a/b')").stdout


def test_an_error_in_a_helper_of_another_cell_names_that_cell(terminal: Notebook) -> None:
    terminal.ok("def look_up(city):\n    return {}[city]")
    terminal.ok("%%poebot fallible\ndef get_response(request):\n    return look_up('lisbon')")
    error = fp.served()["fallible"].ask("hi").error
    assert error is not None
    assert error.fault is not None
    assert "Cell In[2], line 2, in look_up" in error.fault.traceback
    assert "Cell In[3], line 3, in get_response" in error.fault.traceback


def test_an_address_where_nobody_answers_is_told_below_the_cells_own_line(terminal: Notebook) -> None:
    terminal.ok("import poebook as fp")
    failed = terminal.run("fp.Conversation('http://127.0.0.1:9/x', key='k' * 32).ask('hi')")
    assert "Nothing answers at http://127.0.0.1:9/x. Is the server running?" in failed.stdout
    assert failed.stdout.count(", line ") == 1, failed.stdout
