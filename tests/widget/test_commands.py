"""What a click in the page does to the conversation, and what Python does shows in the page."""

from __future__ import annotations

import json
from typing import Any

import pytest

import poebook as fp
from tests.widget.conftest import OpenPage
from tests.widget.page import Page


class Told(fp.PoeBot):
    """Repeats, and keeps what it was told of its answers."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str]] = []

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        last = request.query[-1]
        yield fp.PartialResponse(text=f"{last.content} {json.dumps(last.parameters)}")

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        detail = fp.Slider(label="Detail", parameter_name="detail", min_value=0, max_value=5, step=1, default_value=2)
        controls = fp.ParameterControls(sections=[fp.Section(controls=[detail])])
        return fp.SettingsResponse(allow_attachments=False, parameter_controls=controls)

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        self.heard.append((feedback_request.message_id, feedback_request.feedback_type))

    async def on_reaction_with_context(self, reaction_request: Any, context: Any) -> None:
        self.heard.append((reaction_request.message_id, reaction_request.reaction))


def turns(page: Page) -> Any:  # the turns that the page shows
    return page.chat["turns"] if page.chat else []


def says(page: Page, text: str) -> bool:
    """Whether the last answer is whole and begins with *text*."""
    last = turns(page)[-1]["answers"][0] if turns(page) else {"state": "", "text": ""}
    return bool(last["state"] == "done" and last["text"].startswith(text))


def test_edit_branch_and_undo(open_page: OpenPage) -> None:
    chat = fp.Chat(Told())
    page = open_page(chat)
    page.say({"kind": "send", "id": "1", "text": "one", "uploads": []})
    page.wait(lambda: says(page, "one"))
    page.say({"kind": "edit", "id": "2", "turn": turns(page)[0]["id"], "text": "two"})
    page.wait(lambda: says(page, "two"))
    assert (turns(page)[0]["branch"], turns(page)[0]["branches"]) == (1, 2)
    page.say({"kind": "branch", "id": "3", "turn": turns(page)[0]["id"], "to": 0})
    page.wait(lambda: says(page, "one"))
    page.say({"kind": "undo", "id": "4"})
    page.wait(lambda: not turns(page))
    page.say({"kind": "send", "id": "5", "text": "three", "uploads": []})
    page.wait(lambda: says(page, "three"))
    assert (turns(page)[0]["branch"], turns(page)[0]["branches"]) == (2, 3)
    assert page.chat == chat.conversation.snapshot()


def test_parameters_and_users_go_with_the_question(open_page: OpenPage) -> None:
    chat = fp.Chat(Told())
    page = open_page(chat)
    page.say({"kind": "parameters", "id": "1", "values": {"detail": 4}})
    page.say({"kind": "send", "id": "2", "text": "one", "uploads": [], "user": "Ada"})
    page.wait(lambda: says(page, 'one {"detail": 4}'))
    assert chat.conversation.parameters == {"detail": 4}
    assert (turns(page)[0]["parameters"], turns(page)[0]["user"]) == ({"detail": 4}, "Ada")
    assert page.chat is not None
    assert page.chat["users"] == chat.conversation.users == ["Ada"]
    chat.conversation.parameters["detail"] = 5
    page.wait(lambda: page.chat is not None and page.chat["parameters"] == {"detail": 5})


def test_what_the_bot_declares_shows(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Told()))
    page.wait(lambda: bool(page.chat and page.chat["targets"][0]["settings"]))
    assert page.chat is not None
    target = page.chat["targets"][0]
    assert (target["allow_attachments"], target["expand_text_attachments"]) == (False, True)
    assert target["controls"] is not None
    assert target["controls"]["sections"][0]["controls"][0]["label"] == "Detail"
    rows = {row["name"]: row for row in target["settings"]}
    assert rows["allow_attachments"]["declared"] is False
    assert (rows["expand_text_attachments"]["declared"], rows["expand_text_attachments"]["assumed"]) == (None, True)


def test_feedback_with_a_reason_and_reactions_reach_the_hooks(open_page: OpenPage) -> None:
    bot = Told()
    chat = fp.Chat(bot)
    page = open_page(chat)
    page.say({"kind": "send", "id": "1", "text": "one", "uploads": []})
    page.wait(lambda: says(page, "one"))
    id = turns(page)[0]["answers"][0]["id"]
    page.say({"kind": "feedback", "id": "2", "answer": id, "feedback": "dislike", "reason": "Too short."})
    page.wait(lambda: bool(turns(page)[0]["answers"][0]["reason"] == "Too short." and bot.heard))
    page.say({"kind": "reaction", "id": "3", "answer": id, "reaction": "heart", "on": True})
    page.wait(lambda: turns(page)[0]["answers"][0]["reactions"] == ["heart"])
    page.say({"kind": "reaction", "id": "4", "answer": id, "reaction": "heart", "on": False})
    page.wait(lambda: turns(page)[0]["answers"][0]["reactions"] == [])
    chat.conversation.reaction("tada")
    page.wait(lambda: turns(page)[0]["answers"][0]["reactions"] == ["tada"])
    assert bot.heard == [(id, "dislike"), (id, "heart"), (id, "tada")]


def test_a_pick_counts_and_python_sees_it(open_page: OpenPage) -> None:
    chat = fp.Chat(Told(), Told())
    page = open_page(chat)
    page.say({"kind": "send", "id": "1", "text": "one", "uploads": []})
    page.wait(lambda: bool(turns(page) and all(a["state"] == "done" for a in turns(page)[0]["answers"])))
    page.say({"kind": "pick", "id": "2", "turn": turns(page)[0]["id"], "target": 1})
    page.wait(lambda: turns(page)[0]["answers"][1]["picked"])
    assert chat.conversation.wins == {"Told": 0, "Told 2": 1}
    assert page.chat is not None
    assert [target["wins"] for target in page.chat["targets"]] == [0, 1]
    chat.conversation.pick(None)
    page.wait(lambda: not turns(page)[0]["answers"][1]["picked"])


def test_the_trace_comes_when_it_is_asked_for_and_an_edited_request_is_sent(open_page: OpenPage) -> None:
    chat = fp.Chat(Told())
    page = open_page(chat)
    page.say({"kind": "send", "id": "1", "text": "one", "uploads": []})
    page.wait(lambda: says(page, "one"))
    id = turns(page)[0]["answers"][0]["id"]
    page.say({"kind": "trace", "answer": id, "from": 1})
    reply = page.wait_for("trace")
    assert reply["answer"] == id
    assert reply["trace"] == json.loads(json.dumps(chat.conversation.trace_of(id)))
    page.say({"kind": "trace", "answer": id, "from": 2, "brief": True})
    brief = page.wait_for("trace")["trace"]
    assert [event["n"] for event in brief["events"]] == [2]
    assert (brief["body"], brief["curl"], brief["url"]) == ("", "", reply["trace"]["url"])
    body = reply["trace"]["body"].replace('"one"', '"two"')
    page.say({"kind": "resend", "id": "2", "answer": id, "body": body})
    page.wait(lambda: says(page, "two"))
    assert turns(page)[0]["branches"] == 2


def test_a_long_trace_comes_in_pieces(open_page: OpenPage) -> None:
    class Long(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
            for _ in range(5):
                yield fp.PartialResponse(text='a "long" line\n' * 3000)

    chat = fp.Chat(Long())
    page = open_page(chat)
    answer = chat.conversation.ask("go on")
    page.say({"kind": "trace", "answer": answer.message_id, "from": 1})
    page.say({"kind": "hello"})  # a snapshot in between loses nothing
    assert len(page.wait_for("trace")["trace"]["events"]) == 6


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "edit", "id": "1", "turn": "m-nowhere", "text": "x"},
        {"kind": "edit", "id": "1", "turn": 7, "text": "x"},
        {"kind": "branch", "id": "1", "turn": "m-nowhere", "to": 0},
        {"kind": "branch", "id": "1", "turn": "m-nowhere", "to": "x"},
        {"kind": "undo", "id": "1"},
        {"kind": "pick", "id": "1", "turn": "m-nowhere", "target": 0},
        {"kind": "pick", "id": "1", "turn": "m-nowhere", "target": 9},
        {"kind": "parameters", "id": "1", "values": [1]},
        {"kind": "reaction", "id": "1", "answer": "m-nowhere", "reaction": "heart", "on": True},
        {"kind": "reaction", "id": "1", "answer": "m-nowhere", "reaction": ""},
        {"kind": "resend", "id": "1", "answer": "m-nowhere", "body": "{}"},
        {"kind": "trace", "answer": "m-nowhere", "from": 1},
        {"kind": "trace", "answer": "m-nowhere"},
        {"kind": "send", "id": "1", "text": "x", "uploads": 7},
    ],
)
def test_commands_that_make_no_sense_do_nothing(open_page: OpenPage, message: Any) -> None:
    chat = fp.Chat(Told())
    page = open_page(chat)
    page.say(message)
    page.say({"kind": "send", "id": "2", "text": "still here", "uploads": []})
    page.wait(lambda: says(page, "still here"))
    assert len(chat.conversation.snapshot()["turns"]) == 1
    assert "trace" not in page.kinds


def test_a_fork_is_found_by_its_name_and_goes_its_own_way(open_page: OpenPage) -> None:
    chat = fp.Chat(Told())
    page = open_page(chat)
    chat.conversation.ask("one")
    chat.conversation.ask("two")
    page.wait(lambda: says(page, "two"))
    page.say({"kind": "fork", "id": "1", "turn": turns(page)[0]["id"]})
    name = page.wait_for("forked")["name"]
    fork = open_page(fp.Chat(name))
    assert [turn["text"] for turn in turns(fork)] == ["one"]
    fork.say({"kind": "send", "id": "2", "text": "three", "uploads": []})
    fork.wait(lambda: says(fork, "three"))
    assert [turn["text"] for turn in turns(page)] == ["one", "two"]
    page.say({"kind": "fork", "id": "3", "turn": "m-nowhere"})
    page.say({"kind": "send", "id": "4", "text": "still here", "uploads": []})
    page.wait(lambda: says(page, "still here"))
    assert page.kinds.count("forked") == 1
