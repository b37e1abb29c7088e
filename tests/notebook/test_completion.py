"""Tab, asked as a front end asks."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter

from tests.notebook.conftest import Notebook
from tests.notebook.test_cell import ECHO


def tab(notebook: Notebook, code: str) -> list[str]:
    """The lines that Tab at the end of *code* offers."""
    completer = notebook.shell.Completer
    assert completer is not None
    with provisionalcompleter():
        found = list(completer.completions(code, len(code)))
    return [code[: one.start] + one.text + code[one.end :] for one in found]


@pytest.fixture(params=[True, False], ids=["with Jedi", "without Jedi"])
def asked(terminal: Notebook, request: pytest.FixtureRequest) -> Notebook:
    terminal.ok(f"%config IPCompleter.use_jedi = {request.param}")
    terminal.ok(ECHO)
    terminal.ok(ECHO)
    terminal.ok(ECHO.replace("echo", "other", 1))
    return terminal


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        ("%poebot st", ["%poebot status", "%poebot stop"]),
        ("%poebot ro", ["%poebot rollback"]),
        ("%poebot stop e", ["%poebot stop echo"]),
        ("%poebot stop --", ["%poebot stop --all"]),
        ("%poebot stop echo ", []),
        ("%poebot rollback echo ", ["%poebot rollback echo 1"]),
        ("%poebot key echo --", ["%poebot key echo --new"]),
        ("%poebot logs o", ["%poebot logs other"]),
        ("%poebot chat echo ", ["%poebot chat echo other"]),
        ("%poebot nest o", ["%poebot nest on", "%poebot nest off"]),
        ("%%poebot ec", ["%%poebot echo"]),
        ("%%poebot echo --in", ["%%poebot echo --introduction"]),
        ("%%poebot echo --no", ["%%poebot echo --no-key", "%%poebot echo --no-chat"]),
        ("%%poebot echo --no-key --no", ["%%poebot echo --no-key --no-chat"]),
        ("%%poebot echo --with o", ["%%poebot echo --with other"]),
        ('%%poebot echo --introduction "I repeat." --k', ['%%poebot echo --introduction "I repeat." --key']),
    ],
)
def test_it_offers_what_can_stand_there(asked: Notebook, code: str, offered: list[str]) -> None:
    found = tab(asked, code)
    if offered:
        assert found == offered
    else:
        assert not [one for one in found if "echo echo" in one or "--" in one]


def test_the_first_word_offers_verbs(asked: Notebook) -> None:
    assert {"%poebot status", "%poebot nest"} <= set(tab(asked, "%poebot "))


def test_other_lines_are_left_alone(asked: Notebook) -> None:
    assert tab(asked, "%%poebot echo\nimpor") == ["%%poebot echo\nimport"]
