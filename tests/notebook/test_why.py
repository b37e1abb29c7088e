"""A refusal that there is more to say of tells where, and ``%poebot why`` says it."""

from __future__ import annotations

import pytest

from poebook.notebook.completion import at_end_of
from poebook.notebook.refused import POINTER
from poebook.notebook.sections import sections
from tests.notebook.conftest import Notebook

BOT = "%%poebot steady\ndef get_response(request): return 'old'"


@pytest.mark.parametrize(
    ("cell", "heading"),
    [
        ("%poebot logs nobody", "No bot named … is served here."),
        ("%poebot ask nobody hi", "No bot named … is served here."),
        ("%%poebot\nx = 1", "The cell defines no bot: "),
        ("%%poebot short --key abc\nx = 1", "…, but a bot's key at Poe has …"),
        ("%%poebot odd\ndef get_response(): return ''", "… takes (…); it should take "),
        ("import poebook as fp\nfp.make_app(fp.PoeBot(bot_name='bare'), access_key='short')", "… has … characters; "),
    ],
)
def test_a_refusal_points_to_its_section(terminal: Notebook, cell: str, heading: str) -> None:
    refused = terminal.run(cell)
    assert refused.error is not None
    assert refused.points
    assert refused.stderr.count(POINTER) == 1
    shown = terminal.ok("%poebot why")
    (told,) = shown.displays
    (section,) = [one for one in sections() if one.heading.startswith(heading)]
    assert told["text/markdown"] == told["text/plain"]
    assert told["text/markdown"].startswith(f"**{section.heading}**\n\n{section.text}\n\n")
    assert shown.stdout == ""


@pytest.mark.parametrize("cell", ["%poebot zzz", "%poebot stop", "%poebot stop steady other", "raise ValueError(1)"])
def test_one_that_there_is_no_more_to_say_of_does_not(terminal: Notebook, cell: str) -> None:
    terminal.ok(BOT)
    refused = terminal.run(cell)
    assert refused.error is not None
    assert POINTER not in refused.stdout + refused.stderr


def test_the_last_refusal_is_the_one_that_is_told_of(terminal: Notebook) -> None:
    assert "Nothing was refused in this kernel yet." in terminal.ok("%poebot why").stdout
    terminal.wrong("%poebot logs nobody")
    terminal.ok("x = 1")
    assert "**No bot named" in terminal.ok("%poebot why").text
    terminal.wrong("%poebot zzz")
    told = terminal.ok("%poebot why")
    assert told.stdout == "There is no more to say of the last refusal than it said.\n"
    assert [line[2:] for line in told.text.splitlines() if line.startswith("- ")] == [one.heading for one in sections()]


def test_words_find_headings(terminal: Notebook) -> None:
    assert terminal.ok("%poebot why ngrok").text.startswith("**ngrok needs an auth token")
    assert terminal.ok("%poebot why the KEY was refused").text.startswith("**The key was refused.**")
    assert terminal.ok("%poebot why port 8080 is taken; name another with --port.").text.startswith("**port …")
    several = [line for line in terminal.ok("%poebot why bot's access key").text.splitlines() if line[:2] == "- "]
    assert len(several) == 2
    told = terminal.ok("%poebot why elephants")
    assert told.stdout == "No heading has the words 'elephants'.\n"
    assert told.text.count("\n- ") == len(sections())


def test_pages_that_are_not_there_are_named(terminal: Notebook) -> None:
    told = terminal.ok("%poebot why fastapi_poe").text
    assert "(“Coming from fastapi_poe”)" in told
    assert told.endswith("From the manual's page “When something is refused”.\n")
    assert not [one for one in sections() if "](" in one.text]


def test_loading_twice_points_once_and_unloading_ends_it(terminal: Notebook) -> None:
    terminal.ok("%reload_ext poebook")
    terminal.ok("%load_ext poebook")
    assert terminal.run("%poebot logs nobody").stderr.count(POINTER) == 1
    terminal.ok("%unload_ext poebook")
    assert POINTER not in terminal.run("import poebook as fp\nfp.Chat('nobody')").stderr


def test_help_and_tab_know_it(terminal: Notebook) -> None:
    assert "%poebot why [WORDS]" in terminal.ok("%poebot help").stdout
    assert terminal.ok("%poebot help why").stdout.startswith("%poebot why [WORDS]\n")
    assert at_end_of("%poebot wh") == ["why"]
