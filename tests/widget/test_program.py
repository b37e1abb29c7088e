"""The program that draws chats travels once, however many chats there are."""

from __future__ import annotations

import json

import pytest

import poebook as fp
from poebook.widget import program as programs
from poebook.widget.parts import STATIC
from tests.widget.conftest import OpenPage
from tests.widget.page import Wire


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No chat was shown before."""
    monkeypatch.setattr(programs, "_program", None)


def test_all_chats_share_one_program(wires: list[Wire]) -> None:
    chats = [fp.Chat(fp.PoeBot()) for _ in range(3)]
    states = [json.dumps(wire.state) for wire in wires]
    program = (STATIC / "chat.js").read_text(encoding="utf-8")
    assert sum(json.dumps(program)[1:-1] in state for state in states) == 1
    assert len(program) < 150_000
    for chat in chats:
        assert chat.program == programs.program().model_id
        assert len(json.dumps(chat.comm.state)) < 4000
        chat.close()


def test_a_program_that_somebody_closed_is_made_anew(wires: list[Wire]) -> None:
    first = fp.Chat(fp.PoeBot())
    programs.program().close()
    second = fp.Chat(fp.PoeBot())
    assert first.program != second.program
    assert first.version == second.version
    first.close()
    second.close()


def test_where_models_are_kept_apart_the_kernel_sends_it(open_page: OpenPage) -> None:
    chat = fp.Chat(fp.PoeBot())
    page = open_page(chat)
    for name, file in (("chat", "chat.js"), ("style", "chat.css")):
        page.say({"kind": "part", "name": name})
        page.wait_for("part")
        assert chat.comm.custom[-1][1] == [(STATIC / file).read_bytes()]
