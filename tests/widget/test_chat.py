"""The chat's kernel side, spoken to as a page does."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

import poebook as fp
from poebook.errors import InvalidParameterError
from tests.widget.conftest import OpenPage
from tests.widget.page import Wire


class Words(fp.PoeBot):
    """Says each word of the question, and has something to suggest."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        for word in request.query[-1].content.split():
            yield fp.PartialResponse(text=word + " ")
        yield fp.PartialResponse(text="More?", is_suggested_reply=True)

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message="I repeat.")


class Endless(fp.PoeBot):
    """Begins, and waits to be stopped."""

    stopped = threading.Event()

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        try:
            yield fp.PartialResponse(text="one ")
            await asyncio.Event().wait()
        finally:
            self.stopped.set()


class Long(fp.PoeBot):
    """A long answer, in large parts."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        for _ in range(6):
            yield fp.PartialResponse(text='a "long" line\n' * 3000)


def test_nothing_is_sent_before_a_page_asks(wires: list[Wire]) -> None:
    chat = fp.Chat(Words())
    chat.conversation.ask("hello there")
    assert chat.comm.custom == []
    chat.close()


def test_hello_is_answered_by_everything_as_it_stands(open_page: OpenPage) -> None:
    chat = fp.Chat(Words())
    chat.conversation.ask("hello there")
    page = open_page(chat)
    page.wait(lambda: page.chat is not None and page.chat["targets"][0]["introduction"] == "I repeat.")
    assert page.card is None
    assert page.chat == chat.conversation.snapshot()
    assert page.chat is not None
    assert page.chat["turns"][0]["answers"][0]["text"] == "hello there "


def test_what_is_asked_in_the_page_is_answered_there(open_page: OpenPage) -> None:
    chat = fp.Chat(Words())
    page = open_page(chat)
    page.say({"kind": "send", "id": "1", "text": "hello there"})
    assert page.wait_for("ack")["id"] == "1"
    page.wait(lambda: bool(page.chat and page.chat["turns"] and page.chat["turns"][0]["answers"][0]["state"] == "done"))
    assert page.chat is not None
    assert page.chat["turns"][0]["answers"][0]["text"] == "hello there "
    assert page.chat["turns"][0]["answers"][0]["replies"] == ["More?"]
    assert [str(m.content) for m in chat.conversation.messages] == ["hello there", "hello there "]


def test_stop_regenerate_feedback_and_a_new_conversation(open_page: OpenPage) -> None:
    Endless.stopped.clear()
    page = open_page(fp.Chat(Endless()))

    def answer() -> Any:  # an answer's state, or nothing
        return page.chat["turns"][0]["answers"][0] if page.chat and page.chat["turns"] else {}

    page.say({"kind": "send", "id": "1", "text": "go"})
    page.wait(lambda: answer().get("text") == "one ")
    page.say({"kind": "stop", "id": "2"})
    page.wait(lambda: answer().get("state") == "stopped")
    assert Endless.stopped.wait(10)
    first = answer()["id"]
    page.say({"kind": "regenerate", "id": "3", "target": 0})
    page.wait(lambda: answer().get("id") != first and answer().get("text") == "one ")
    page.say({"kind": "stop", "id": "4", "target": 0})
    page.wait(lambda: answer().get("state") == "stopped")
    page.say({"kind": "feedback", "id": "5", "answer": answer()["id"], "feedback": "like"})
    page.wait(lambda: answer().get("feedback") == "like")
    page.say({"kind": "new", "id": "6"})
    page.wait(lambda: page.chat is not None and page.chat["turns"] == [])


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "sparkle", "id": "1"},
        {"kind": "send", "id": "1"},
        {"kind": "send", "id": "1", "text": "  "},
        {"kind": "send", "id": "1", "text": 7},
        {"kind": "regenerate", "id": "1", "target": 9},
        {"kind": "stop", "id": "1", "target": "x"},
        {"kind": "feedback", "id": "1", "answer": "m-1", "feedback": "love"},
        {"kind": "part", "name": "../chat.py"},
        {"kind": "key", "nonce": "n"},
        {"id": "1"},
        "hello",
        None,
    ],
)
def test_messages_that_make_no_sense_do_nothing(open_page: OpenPage, message: Any) -> None:
    chat = fp.Chat(Words())
    page = open_page(chat)
    page.say(message)
    page.say({"kind": "send", "id": "2", "text": "still here"})
    page.wait(lambda: bool(page.chat and page.chat["turns"] and page.chat["turns"][0]["answers"][0]["state"] == "done"))
    assert len(chat.conversation.snapshot()["turns"]) == 1
    assert not {"key", "part"} & set(page.kinds)


def test_a_long_conversation_comes_in_pieces(open_page: OpenPage) -> None:
    chat = fp.Chat(Long())
    chat.conversation.ask("go on")
    page = open_page(chat)
    assert {message["kind"] for message, _ in chat.comm.custom} == {"piece"}
    assert page.chat is not None
    assert page.chat["turns"][0]["answers"][0]["text"] == 'a "long" line\n' * 18_000


def test_ten_thousand_events_need_few_messages(open_page: OpenPage) -> None:
    class Many(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
            for number in range(10_000):
                yield fp.PartialResponse(text=f"{number} ")

    page = open_page(fp.Chat(Many()))
    page.say({"kind": "send", "id": "1", "text": "go"})
    page.wait(lambda: bool(page.chat and page.chat["turns"] and page.chat["turns"][0]["answers"][0]["state"] == "done"))
    assert page.chat is not None
    assert page.chat["turns"][0]["answers"][0]["text"] == "".join(f"{number} " for number in range(10_000))
    assert len(page.wire.custom) < 2000


def test_a_second_page_gets_all_and_the_first_goes_on(open_page: OpenPage) -> None:
    chat = fp.Chat(Words())
    one, two = open_page(chat), open_page(chat)
    two.say({"kind": "send", "id": "1", "text": "hello"})
    for page in (one, two):
        page.wait(
            lambda page=page: bool(  # type: ignore[misc]  # mypy does not infer the default
                page.chat and page.chat["turns"] and page.chat["turns"][0]["answers"][0]["state"] == "done"
            )
        )
    assert one.chat == two.chat


def test_the_key_is_in_nothing_but_the_answer_to_a_click(open_page: OpenPage) -> None:
    with fp.serve(Words(), "words") as served:
        assert served.key is not None
        chat = fp.Chat(served.conversation, card=served)
        page = open_page(chat)
        page.say({"kind": "send", "id": "1", "text": "hello"})
        page.wait(
            lambda: bool(page.chat and page.chat["turns"] and page.chat["turns"][0]["answers"][0]["state"] == "done")
        )
        everything = json.dumps(
            [chat.get_state(), chat.comm.state, chat.comm.custom, chat._repr_mimebundle_()], default=str
        )
        assert served.key not in everything + repr(chat)
        assert page.card is not None
        assert page.card["has_key"] is True
        page.say({"kind": "key", "nonce": "n-1"})
        assert page.wait_for("key") == {"kind": "key", "key": served.key, "nonce": "n-1"}


def test_a_swap_and_an_end_show_on_the_card(open_page: OpenPage) -> None:
    served = fp.serve(Words(), "words")
    page = open_page(fp.Chat(served.conversation, card=served))
    assert page.card is not None
    assert (page.card["version"], page.card["word"]) == (1, "Serving")
    fp.serve(Words(), "words")
    page.wait(lambda: page.card is not None and page.card["version"] == 2)
    served.stop()
    page.wait(lambda: page.card is not None and page.card["word"] == "Stopped")


def test_a_card_may_stand_alone(open_page: OpenPage) -> None:
    with fp.serve(Words(), "words") as served:
        chat = fp.Chat(card=served)
        page = open_page(chat)
        assert page.chat is None
        assert page.card is not None
        assert chat.conversations == []
        with pytest.raises(InvalidParameterError, match="a card alone"):
            _ = chat.conversation


@pytest.mark.parametrize("name", ["highlight", "math", "trace"])
def test_late_parts_come_as_buffers(open_page: OpenPage, name: str) -> None:
    chat = fp.Chat(Words())
    page = open_page(chat)
    page.say({"kind": "part", "name": name})
    page.wait_for("part")
    code = next(buffers[0] for message, buffers in chat.comm.custom if message["kind"] == "part")
    assert code.startswith(b"var ") or b"export{" in code


@pytest.mark.parametrize("wanted", [False, True])
def test_pictures_of_other_hosts_are_shown_at_once_only_where_that_is_wanted(open_page: OpenPage, wanted: bool) -> None:
    chat = fp.Chat(Words(), load_images=True) if wanted else fp.Chat(Words())
    open_page(chat)
    snapshot = next(message for message, _ in chat.comm.custom if message["kind"] == "snapshot")
    assert snapshot["options"] == {"load_images": wanted}


def test_the_page_is_answered_on_the_thread_that_it_speaks_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wire, "_reply_subshell_for", lambda self, data, default: "another", raising=False)
    chat = fp.Chat(Words())
    assert chat.comm._reply_subshell_for({}, "mine") == "mine"
    chat.close()


def test_a_misspelt_option_is_refused_with_a_hint() -> None:
    with pytest.raises(InvalidParameterError, match=r"Chat has no option paramters; did you mean parameters\?"):
        fp.Chat(Words(), paramters={})
    with pytest.raises(InvalidParameterError, match="it takes key, parameters, card and load_images"):
        fp.Chat(Words(), colour="red")


def test_one_conversation_or_several_targets_but_not_both() -> None:
    conversation = fp.Conversation(Words())
    with pytest.raises(InvalidParameterError, match="shows one Conversation, or several targets"):
        fp.Chat(conversation, Words())
    with pytest.raises(InvalidParameterError, match="leave them out"):
        fp.Chat(conversation, key="k")


def test_several_targets_are_one_conversation(open_page: OpenPage) -> None:
    chat = fp.Chat(Words(), Endless())
    page = open_page(chat)
    assert chat.conversations == [chat.conversation]
    assert page.chat is not None
    assert [target["name"] for target in page.chat["targets"]] == ["Words", "Endless"]


def test_a_place_without_widgets_shows_the_conversation_in_words(wires: list[Wire]) -> None:
    chat = fp.Chat(Words())
    assert repr(chat) == "<Chat with Words>"
    data, _ = chat._repr_mimebundle_()
    assert data["text/plain"] == "<Chat with Words>"
    assert "text/markdown" not in data
    chat.conversation.ask("hello there")
    data, _ = chat._repr_mimebundle_()
    assert "> hello there" in data["text/markdown"]
    assert "application/vnd.jupyter.widget-view+json" in data
    chat.close()


def test_a_closed_chat_says_nothing_more_and_its_conversation_goes_on(wires: list[Wire]) -> None:
    chat = fp.Chat(Words())
    wire: Wire = chat.comm
    wire.handle_msg({"content": {"data": {"method": "custom", "content": {"kind": "hello"}}}, "buffers": []})
    chat.close()
    said = len(wire.custom)
    assert str(chat.conversation.ask("hello there")) == "hello there "
    assert len(wire.custom) <= said + 1
