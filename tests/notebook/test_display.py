"""What appears below a cell where somebody looks at it with a front end."""

from __future__ import annotations

import sys
from typing import Any

import pytest

import poebook as fp
from tests.notebook.conftest import Cell, Notebook
from tests.notebook.test_cell import ECHO

WIDGET = "application/vnd.jupyter.widget-view+json"


def model(cell: Cell) -> str:
    (found,) = [shown[WIDGET] for shown in cell.displays if WIDGET in shown]
    return str(found["model_id"])


def saved(cell: Cell) -> dict[str, Any]:
    """The copy of the conversation, beside the widget."""
    widget, copy = cell.displays
    assert WIDGET in widget
    return copy


def test_below_the_cell_stand_a_widget_and_a_line_for_places_without(notebook: Notebook) -> None:
    cell = notebook.ok(ECHO)
    assert model(cell)
    assert cell.displays[0]["text/plain"] == f"echo, version 1, is served at {fp.served()['echo'].url}"
    assert cell.stdout == cell.stderr == ""


def test_beside_the_widget_stands_the_conversation_for_who_opens_the_notebook_without_a_kernel(
    notebook: Notebook,
) -> None:
    nothing = saved(notebook.ok(ECHO))
    assert nothing["text/plain"] == nothing["text/markdown"] == ""
    fp.served()["echo"].conversation.ask("are you <there>?")
    something = saved(notebook.ok(ECHO))
    assert something["text/html"].count("are you &lt;there&gt;?") == 2
    assert "> are you <there>?" in something["text/markdown"]
    assert something["text/plain"] == "Conversation with echo"


def test_a_chat_at_the_end_of_a_cell_has_it_too(notebook: Notebook) -> None:
    notebook.ok(ECHO)
    fp.served()["echo"].conversation.ask("hi")
    cell = notebook.ok("fp.Chat(fp.served()['echo'].conversation)")
    assert cell.displays[0]["text/plain"] == "<Chat with echo>"
    assert "text/markdown" not in cell.displays[0]
    assert "> hi" in saved(cell)["text/markdown"]
    assert len(notebook.ok("display(fp.Chat('echo'), fp.Chat('echo'))").displays) == 4


def test_a_terminal_shows_a_chat_in_one_line(terminal: Notebook) -> None:
    terminal.ok(ECHO)
    cell = terminal.ok("fp.Chat('echo')")
    assert cell.text.strip().endswith("<Chat with echo>")
    assert len(cell.text.strip().splitlines()) == 1


def test_running_again_shows_the_same_chat(notebook: Notebook) -> None:
    assert model(notebook.ok(ECHO)) == model(notebook.ok(ECHO))


def test_two_cells_that_serve_one_name_show_one_conversation(notebook: Notebook) -> None:
    first = notebook.ok(ECHO)
    second = notebook.ok("%%poebot echo\ndef get_response(request): return 'other'")
    assert model(first) == model(second)


def test_the_card_alone_is_another_widget_and_the_conversation_waits(notebook: Notebook) -> None:
    chat = notebook.ok(ECHO)
    fp.served()["echo"].conversation.ask("hi")
    card = notebook.ok(ECHO.replace("echo", "echo --no-chat", 1))
    assert model(card) != model(chat)
    assert model(notebook.ok(ECHO)) == model(chat)
    assert len(fp.served()["echo"].conversation.messages) == 2


def test_a_chat_beside_another_bot_has_both_as_targets(notebook: Notebook) -> None:
    notebook.ok("%%poebot other\ndef get_response(request): return 'other'")
    alone = notebook.ok(ECHO)
    both = notebook.ok(ECHO.replace("echo", "echo --with other", 1))
    assert model(alone) != model(both)
    conversation = fp.served()["echo"].conversation
    assert conversation.targets == ["echo", "other"]
    assert [answer.text for answer in conversation.ask("hi")] == ["hi", "other"]


def test_a_bot_served_anew_after_a_stop_goes_on_with_its_conversation(notebook: Notebook) -> None:
    first = notebook.ok(ECHO)
    conversation = fp.served()["echo"].conversation
    conversation.ask("before")
    notebook.ok("%poebot stop echo")
    second = notebook.ok(ECHO)
    assert model(first) != model(second)
    assert fp.served()["echo"].conversation is conversation
    conversation.ask("after")
    assert [message.content for message in conversation.messages] == ["before"] * 2 + ["after"] * 2


def test_a_chat_of_its_own_is_another_conversation(notebook: Notebook) -> None:
    shown = notebook.ok(ECHO)
    other = notebook.ok("%poebot chat echo echo")
    assert model(shown) != model(other)
    assert other.displays[0]["text/plain"] == "Chat with echo and echo 2"


def test_without_the_widgets_package_a_line_says_what_to_install(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    for name in [name for name in sys.modules if name.startswith("poebook.widget")]:
        monkeypatch.delitem(sys.modules, name)
    cell = notebook.ok(ECHO)
    assert cell.displays == []
    first, second = cell.stdout.splitlines()
    assert first.startswith("echo, version 1, is served at")
    assert "pip install 'poebook[notebook]'" in second
    assert "pip install" in notebook.wrong("%poebot chat echo")
