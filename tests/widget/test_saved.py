"""What a notebook keeps of a conversation beside its chat."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import poebook as fp
from poebook.widget import saved
from poebook.widget.saved import Bundle
from tests.widget.conftest import OpenPage
from tests.widget.page import PATIENCE, Wire


class Parrot(fp.PoeBot):
    """Says the question again."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        yield fp.PartialResponse(text=request.query[-1].content)


class Slow(fp.PoeBot):
    """Waits until it may end."""

    may_end = threading.Event()

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        yield fp.PartialResponse(text="so far")
        await asyncio.to_thread(self.may_end.wait, PATIENCE)


class Output:
    """A place beside the chat, as a front end keeps it."""

    def __init__(self, chat: fp.Chat) -> None:
        assert chat.saved is not None
        self._changed = threading.Condition()
        self.contents: list[Bundle] = []
        self.change(chat.saved.show(self.change))

    def change(self, bundle: Bundle) -> None:
        with self._changed:
            self.contents.append(bundle)
            self._changed.notify_all()

    @property
    def html(self) -> str:
        return self.contents[-1]["text/html"]

    def wait_for(self, words: str) -> str:
        with self._changed:
            assert self._changed.wait_for(lambda: words in self.html, PATIENCE), self.html
        return self.html


@pytest.fixture
def chat(wires: list[Wire]) -> Iterator[fp.Chat]:
    chat = fp.Chat(Parrot())
    yield chat
    chat.close()


def test_the_copy_is_made_anew_when_an_answer_has_ended(chat: fp.Chat) -> None:
    output = Output(chat)
    assert "<article" not in output.html
    chat.conversation.ask("**hello**")
    assert "<strong>hello</strong>" in output.wait_for("hello")
    assert "> **hello**" in output.contents[-1]["text/markdown"]
    chat.conversation.new()
    output.wait_for('data-edition="2"')
    assert "<article" not in output.html


def test_while_answers_stream_nothing_is_published(wires: list[Wire]) -> None:
    Slow.may_end.clear()
    chat = fp.Chat(Slow(), Parrot())
    output = Output(chat)
    chat.conversation.commands.send("go")
    output.wait_for("so far")  # the other has ended
    assert len(output.contents) == 2
    Slow.may_end.set()
    output.wait_for('data-edition="2"')
    assert len(output.contents) == 3
    chat.close()


def test_a_copy_that_is_due_waits_for_the_answer_that_begins(wires: list[Wire]) -> None:
    Slow.may_end.clear()
    chat = fp.Chat(Slow())
    output, kept = Output(chat), chat.saved
    assert kept is not None
    chat.conversation.new()
    chat.conversation.commands.send("go")
    Slow.may_end.set()
    output.wait_for("so far")
    assert len(output.contents) == 2
    chat.close()


def test_an_answer_that_takes_its_time_is_copied_as_far_as_it_is(
    wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "_LONG_S", 0.1)
    Slow.may_end.clear()
    chat = fp.Chat(Slow())
    output = Output(chat)
    chat.conversation.commands.send("go")
    output.wait_for("so far")
    assert "<small>unfinished" in output.html
    assert output.contents[-1]["text/markdown"].endswith("so far\n\n*unfinished*")
    Slow.may_end.set()
    output.wait_for('data-state="done"')
    assert "unfinished" not in output.html
    chat.close()


def test_a_chat_that_comes_in_mid_answer_copies_it_too(wires: list[Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "_LONG_S", 0.1)
    Slow.may_end.clear()
    conversation = fp.Conversation(Slow())
    came = threading.Event()
    conversation.subscribe(lambda op: came.set() if op["op"] == "text" else None)
    conversation.commands.send("go")
    assert came.wait(PATIENCE)
    chat = fp.Chat(conversation)
    output = Output(chat)
    output.wait_for('data-edition="1"')
    assert "<small>unfinished" in output.html
    Slow.may_end.set()
    output.wait_for('data-state="done"')
    chat.close()


def test_copies_in_mid_answer_are_made_more_and_more_seldom(wires: list[Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "_LONG_S", 0.1)
    monkeypatch.setattr(saved, "_PAUSE_S", 0.0)
    Slow.may_end.clear()
    chat = fp.Chat(Slow())
    output = Output(chat)
    chat.conversation.commands.send("go")
    output.wait_for('data-edition="3"')  # after 0.1, 0.3 and 0.7 seconds
    Slow.may_end.set()
    output.wait_for('data-state="done"')
    assert len(output.contents) <= 6
    chat.close()


def test_a_long_copy_is_not_displayed_anew_in_mid_answer(wires: list[Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "_LONG_S", 0.1)
    monkeypatch.setattr(saved, "_SMALL", 0)
    looked, look_after = threading.Event(), saved.Saved._look_after

    def looking(self: saved.Saved, delay: float) -> None:
        if delay > 0.1:  # the first look is over
            looked.set()
        look_after(self, delay)

    monkeypatch.setattr(saved.Saved, "_look_after", looking)
    Slow.may_end.clear()
    chat = fp.Chat(Slow())
    output = Output(chat)
    chat.conversation.commands.send("go")
    assert looked.wait(PATIENCE)
    Slow.may_end.set()
    output.wait_for('data-state="done"')
    assert len(output.contents) == 2
    chat.close()


def test_a_page_that_keeps_the_copy_is_told_in_mid_answer_only_what_is_new(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "_LONG_S", 0.1)
    chat = fp.Chat(Slow())
    Slow.may_end.set()
    chat.conversation.ask("a long line\n" * 10_000)
    Slow.may_end.clear()
    output = Output(chat)
    page = open_page(chat)
    page.say({"kind": "hello", "keeps": True})
    chat.conversation.commands.send("go")
    told = page.wait_for("changes")
    assert "so far" in json.dumps(told)
    assert len(json.dumps(told)) < 3000
    assert len(output.contents) == 1
    Slow.may_end.set()
    assert "unfinished" not in json.dumps(page.wait_for("changes")["data"]["text/markdown"])


def test_headings_of_the_copy_are_left_out_of_the_notebooks_table_of_contents(chat: fp.Chat) -> None:
    output = Output(chat)
    chat.conversation.ask("# Tide")
    assert '<h4 class="jp-toc-ignore">Tide</h4>' in output.wait_for("Tide")


def test_many_answers_in_a_row_make_few_copies(chat: fp.Chat) -> None:
    output = Output(chat)
    for number in range(50):
        chat.conversation.ask(f"number {number}")
    output.wait_for("number 49")
    assert len(output.contents) < 10


def test_what_has_ended_is_published_at_once_when_a_cell_ends(chat: fp.Chat) -> None:
    output, kept = Output(chat), chat.saved
    assert kept is not None
    for number in range(3):
        chat.conversation.ask(f"number {number}")
        kept.settle()
        assert f"number {number}" in output.html
    made = len(output.contents)
    kept.settle()
    assert len(output.contents) == made


def test_who_shows_no_copy_is_sent_none(open_page: OpenPage) -> None:
    chat = fp.Chat(Parrot())
    chat.conversation.ask("hello")
    page = open_page(chat)
    page.say({"kind": "saved"})
    page.say({"kind": "hello"})
    page.wait(lambda: page.kinds.count("snapshot") == 2)
    assert set(page.kinds) <= {"snapshot", "batch"}


def test_a_page_learns_which_copy_is_the_newest_and_may_ask_for_it(open_page: OpenPage) -> None:
    chat = fp.Chat(Parrot())
    output = Output(chat)
    page = open_page(chat)
    assert page.wait_for("saved")["edition"] == 0
    chat.conversation.ask("hello")
    assert page.wait_for("saved")["edition"] == 1
    page.say({"kind": "saved"})
    assert page.wait_for("copy")["data"] == output.contents[-1]


def test_a_page_that_keeps_the_copy_is_told_only_what_has_changed(open_page: OpenPage) -> None:
    chat = fp.Chat(Parrot())
    output = Output(chat)
    page = open_page(chat)
    page.say({"kind": "hello", "keeps": True})
    copy, kept = output.contents[0], chat.saved
    assert kept is not None
    for edition, text in enumerate(("\N{CRAB} one", "two \N{CRAB}\N{CRAB}", "three"), 1):
        chat.conversation.ask(text)
        told = page.wait_for("changes")
        assert (told["edition"], told["since"]) == (edition, edition - 1)
        copy = {type: _after(copy.get(type, ""), change) for type, change in told["data"].items()}
        assert copy == kept.show(output.change)
    assert "CRAB" not in repr(told).encode("ascii", "namereplace").decode()
    kept.settle()
    assert len(output.contents) == 1  # nothing was displayed anew
    page.say({"kind": "hello"})  # another page, which keeps nothing
    page.wait(lambda: page.kinds.count("snapshot") == 3)
    chat.conversation.ask("four")
    output.wait_for("four")


def _after(old: str, change: Any) -> str:
    """As a page does, which counts UTF-16 units."""
    before, start, end, after = change
    kept = old.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    return f"{before}{kept}{after}"


def test_formulas_are_looked_for_only_where_there_are_some(chat: fp.Chat) -> None:
    output = Output(chat)
    chat.conversation.ask("plain")
    assert "mathjax_ignore" in output.wait_for("plain")
    chat.conversation.ask("It is $x$.")
    assert "mathjax_ignore" not in output.wait_for("$x$")


def test_of_a_very_long_conversation_the_end_is_kept(chat: fp.Chat) -> None:
    for _ in range(8):
        chat.conversation.ask("a long line\n" * 10_000)
    chat.conversation.ask("the last")
    contents = Output(chat).contents[-1]
    assert sum(map(len, contents.values())) <= 1_000_000
    assert "questions and their answers are left out" in contents["text/html"]
    assert "the last" in contents["text/html"]


def test_no_key_and_no_module_is_in_it() -> None:
    with fp.serve(Parrot(), "parrot") as served:
        chat = fp.Chat(served.conversation, card=served)
        output = Output(chat)
        chat.conversation.ask("hello")
        output.wait_for("hello")
        assert served.key is not None
        kept = json.dumps(output.contents)
        assert served.key not in kept
        assert "127.0.0.1" not in kept
        assert len(kept) < 4000
        chat.close()


def test_a_fault_is_named_without_its_traceback(wires: list[Wire]) -> None:
    class Broken(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
            yield fp.PartialResponse(text="Looking. ")
            raise KeyError("lisbon")

    chat = fp.Chat(Broken())
    output = Output(chat)
    chat.conversation.ask("where?")
    html = output.wait_for("Looking.")
    assert "KeyError: 'lisbon'" in html
    assert "Traceback" not in html
    chat.close()


def test_a_closed_chat_publishes_nothing_more(wires: list[Wire]) -> None:
    chat = fp.Chat(Parrot())
    output = Output(chat)
    conversation = chat.conversation
    chat.close()
    conversation.ask("hello")
    assert len(output.contents) == 1
