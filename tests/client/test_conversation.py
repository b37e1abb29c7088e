"""A conversation with scripted bots: what is sent, what comes back, and how an answer may end."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from poebook.client.answer import AnswerEvent
from poebook.client.conversation import Conversation
from poebook.client.turns import apply
from poebook.errors import BotError, PoebookError, UnknownTarget
from tests.client.scripted import Scripted, Send, echo, endless, says, sse


def test_an_answer_holds_what_was_shown_and_what_travelled() -> None:
    bot = says(
        sse("meta", content_type="text/plain", suggested_replies=True),
        sse("text", text="Hel"),
        sse("text", text="lo"),
        sse("suggested_reply", text="More"),
        sse("file", url="https://a.example/x.csv", content_type="text/csv", name="x.csv", inline_ref=None),
        sse("data", metadata="kept"),
        b": ping - now\r\n\r\n",
        sse("done"),
    )
    answer = Conversation(bot).ask("hi")
    assert str(answer) == answer.text == "Hello"
    assert (answer.content_type, answer.suggested_replies, answer.state) == ("text/plain", ["More"], "done")
    assert [a.name for a in answer.attachments] == ["x.csv"]
    assert [e.name for e in answer.events] == [
        *("meta", "text", "text", "suggested_reply", "file", "data", "done"),
    ]
    assert answer.event_count == 7
    assert 0 <= answer.first_event_s <= answer.total_s
    assert answer.metadata == "kept"
    assert answer.error is None


def test_a_replacement_drops_what_was_shown() -> None:
    bot = says(sse("text", text="Thinking"), sse("replace_response", text="Done"), sse("text", text="."), sse("done"))
    assert Conversation(bot).ask("hi").text == "Done."


def test_history_travels_with_ids_metadata_and_parameters() -> None:
    bot = says(sse("text", text="A"), sse("data", metadata="m"), sse("done"))
    conversation = Conversation(bot, parameters={"detail": 2})
    conversation.ask("one")
    conversation.ask("two")
    first, second = bot.bodies
    assert [(m["role"], m["content"]) for m in second["query"]] == [("user", "one"), ("bot", "A"), ("user", "two")]
    assert second["query"][1]["metadata"] == "m"
    assert second["query"][1]["message_id"] == first["message_id"]
    assert [m["parameters"] for m in second["query"]] == [{}, {}, {"detail": 2}]
    assert first["conversation_id"] == second["conversation_id"] == conversation.id
    assert second["user_id"].startswith("u-")
    assert "api_key" not in second


def test_new_forgets_and_the_bot_sees_another_conversation() -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one")
    conversation.new()
    assert conversation.messages == []
    conversation.ask("two")
    assert [m["content"] for m in bot.bodies[1]["query"]] == ["two"]
    assert bot.bodies[0]["conversation_id"] != bot.bodies[1]["conversation_id"]


def test_several_targets_are_asked_at_once_and_answer_in_order() -> None:
    met = threading.Barrier(2, timeout=5)

    def meeting(name: str) -> Scripted:
        async def script(body: dict[str, Any], send: Send) -> None:
            await asyncio.to_thread(met.wait)
            for event in (sse("text", text=name), sse("done")):
                await send({"type": "http.response.body", "body": event, "more_body": True})

        return Scripted(script, name)

    conversation = Conversation(meeting("left"), meeting("right"))
    answers = conversation.ask("hi")
    assert [a.text for a in answers] == ["left", "right"]
    assert conversation.answers["right"].text == "right"
    assert [m.content for m in conversation.messages_of("right")] == ["hi", "right"]


def test_two_targets_of_one_name_are_told_apart() -> None:
    conversation = Conversation(echo(), echo())
    conversation.ask("hi")
    assert list(conversation.answers) == ["echo", "echo 2"]


def test_regenerate_asks_the_last_question_again_without_its_answer() -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one")
    conversation.regenerate()
    assert [m["content"] for m in bot.bodies[1]["query"]] == ["one"]
    assert [m.content for m in conversation.messages] == ["one", "one"]


def test_one_of_two_targets_is_regenerated_alone() -> None:
    left, right = echo("left"), echo("right")
    conversation = Conversation(left, right)
    conversation.ask("one")
    answers = conversation.regenerate("right")
    assert [a.target for a in answers] == ["right"]
    assert (len(left.bodies), len(right.bodies)) == (1, 2)


def test_edit_asks_anew_from_that_message() -> None:
    conversation = Conversation(echo())
    conversation.ask("one")
    conversation.ask("two")
    conversation.edit(0, "three")
    assert [m.content for m in conversation.messages] == ["three", "three"]
    with pytest.raises(PoebookError, match="Message 1 is the bot's"):
        conversation.edit(1, "four")
    with pytest.raises(PoebookError, match="There is no message 9; there are 2"):
        conversation.edit(9, "four")


def test_fork_goes_its_own_way() -> None:
    conversation = Conversation(echo())
    conversation.ask("one")
    conversation.ask("two")
    fork = conversation.fork(0)
    fork.ask("three")
    assert [m.content for m in fork.messages] == ["one", "one", "three", "three"]
    assert [m.content for m in conversation.messages] == ["one", "one", "two", "two"]


def test_save_and_load_keep_what_was_said(tmp_path: Path) -> None:
    bot = says(sse("text", text="A"), sse("data", metadata="m"), sse("done"))
    conversation = Conversation(bot, parameters={"detail": 2})
    conversation.ask("one")
    conversation.save(tmp_path / "talk.json")
    loaded = Conversation.load(tmp_path / "talk.json", bot)
    assert loaded.messages == conversation.messages
    assert loaded.parameters == {"detail": 2}
    assert loaded.answers["scripted"].metadata == "m"
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(PoebookError, match="no saved conversation"):
        Conversation.load(tmp_path / "other.json")
    with pytest.raises(PoebookError, match=r"There is no file .*missing\.json; conversation\.save"):
        Conversation.load(tmp_path / "missing.json")
    with pytest.raises(PoebookError, match=r"cannot be read \(is a directory\)"):
        Conversation.load(tmp_path)


def test_no_key_is_saved(tmp_path: Path) -> None:
    conversation = Conversation("http://127.0.0.1:9/echo", key="s3cret-s3cret")
    conversation.save(tmp_path / "talk.json")
    assert "s3cret" not in (tmp_path / "talk.json").read_text() + repr(conversation)


@pytest.mark.parametrize(
    ("events", "state", "words"),
    [
        ([sse("error", text="No tides.", allow_retry=True)], "error", "No tides."),
        ([sse("error", allow_retry=False, error_type="insufficient_fund")], "error", "not enough points"),
        ([sse("text", text="A")], "done", "without `done`"),
        ([sse("done")], "done", "empty"),
        ([b"event: text\r\ndata: {nonsense\r\n\r\n"], "error", "`text` event whose data is no JSON"),
        ([b"event: text\r\ndata: [1]\r\n\r\n"], "error", "no JSON object"),
        ([sse("text", text=3)], "error", "`text` event without a string `text`"),
        ([sse("surprise", a=1), sse("text", text="A"), sse("done")], "done", ""),
    ],
)
def test_an_odd_end_is_said_in_words(events: list[bytes], state: str, words: str) -> None:
    answer = Conversation(says(*events)).ask("hi")
    assert answer.state == state
    assert words in f"{answer.error or ''}{answer.note or ''}"


def test_an_error_keeps_the_text_before_it_and_says_whether_to_retry() -> None:
    answer = Conversation(says(sse("text", text="A"), sse("error", text="No.", allow_retry=False))).ask("hi")
    assert (answer.text, answer.error.allow_retry) == ("A", False)


def test_no_answer_to_be_had_is_raised_with_the_reason() -> None:
    with pytest.raises(BotError, match=r"127\.0\.0\.1:9"):
        Conversation("http://127.0.0.1:9/echo").ask("hi")


def test_with_several_targets_the_one_that_cannot_be_reached_answers_with_an_error() -> None:
    answers = Conversation(echo(), "http://127.0.0.1:9/gone").ask("hi")
    assert (answers[0].text, answers[1].state) == ("hi", "error")


def test_ask_blocks_inside_a_running_loop() -> None:
    async def cell() -> str:
        return str(Conversation(echo()).ask("hi"))

    assert asyncio.run(cell()) == "hi"


async def test_the_async_twins_give_the_same() -> None:
    conversation = Conversation(echo())
    assert (await conversation.ask_async("hi")).text == "hi"
    events: list[AnswerEvent] = [event async for event in conversation.stream("yes")]
    assert [(e.name, e.text, e.target) for e in events] == [("text", "yes", "echo"), ("done", "", "echo")]


async def test_leaving_a_stream_early_stops_the_bot() -> None:
    bot = endless()
    conversation = Conversation(bot)
    stream = conversation.stream("hi")
    async for event in stream:
        assert event.text == "on"
        break
    await stream.aclose()  # type: ignore[attr-defined]
    assert await asyncio.to_thread(bot.left.wait, 5)


def test_stop_keeps_what_came_and_cancels_the_handler() -> None:
    bot = endless()
    conversation = Conversation(bot)
    conversation.subscribe(lambda op: conversation.stop() if op["op"] == "text" else None)
    answer = conversation.ask("hi")
    assert (answer.state, answer.text) == ("stopped", "on")
    assert bot.left.wait(5)
    assert [m.content for m in conversation.messages] == ["hi", "on"]


def test_one_column_is_stopped_alone() -> None:
    conversation = Conversation(endless("left"), echo("right"))
    conversation.subscribe(lambda op: conversation.stop(0) if op["op"] == "text" and op["text"] == "on" else None)
    left, right = conversation.ask("hi")
    assert (left.state, right.state) == ("stopped", "done")


def test_folding_what_listeners_hear_gives_the_snapshot() -> None:
    conversation = Conversation(echo())
    state = conversation.snapshot()
    conversation.subscribe(lambda op: apply(state, op))
    conversation.ask("one")
    conversation.regenerate()
    conversation.ask("two")
    conversation.like()
    conversation.snapshot()
    assert state == conversation.snapshot()


def test_feedback_reaches_the_bot() -> None:
    bot = echo()
    conversation = Conversation(bot)
    answer = conversation.ask("one")
    conversation.dislike(answer)
    assert bot.bodies[-1]["type"] == "report_feedback"
    assert bot.bodies[-1]["feedback_type"] == "dislike"


def test_an_introduction_is_learnt_from_the_settings() -> None:
    conversation = Conversation(echo())
    told = threading.Event()
    conversation.subscribe(lambda op: told.set() if op["op"] == "targets" else None)
    conversation.refresh()
    assert told.wait(5)
    assert conversation.snapshot()["targets"][0]["introduction"] == "I repeat."


def test_nobody_to_talk_to_is_said_at_once() -> None:
    with pytest.raises(PoebookError, match="needs somebody"):
        Conversation()
    with pytest.raises(UnknownTarget, match=r"No bot named ech0 is served here.*POE_API_KEY"):
        Conversation("ech0")
    with pytest.raises(UnknownTarget, match="A int cannot be asked"):
        Conversation(3)


def test_a_bot_that_goes_away_is_said_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_API_KEY", "k")
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9")
    conversation = Conversation("Gone")
    monkeypatch.delenv("POE_API_KEY")
    with pytest.raises(UnknownTarget):
        conversation.ask("hi")
    assert conversation.answers["Gone"].state == "error"
