"""Bots asked again what they were asked: equal events, like texts, and other bots answered from the tape."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.client.tapes import Tape, TapeEvent, TapeTurn, read_tape, replay, turns_of, write_tape
from poebook.client.tapes.matchers import complaint
from tests.client.tapes.bots import Asker, Echo, Failing
from tests.webserver import serving


@pytest.fixture
def stops() -> Iterator[None]:
    yield
    for served in fp.served().values():
        served.stop()


def taped(bot: object, *questions: str) -> Tape:
    conversation = fp.Conversation(bot)
    for question in questions:
        conversation.ask(question)
    return Tape(turns_of(conversation), "taped")


def test_a_bot_that_answers_alike_passes() -> None:
    played = replay(taped(Echo(), "one", "two"), Echo())
    assert played.passed
    assert played.strict
    assert [turn.number for turn in played.turns] == [1, 2]
    assert str(played).endswith("The tape taped, asked of echo: 2 turns, all alike, events and all.")


def test_another_text_is_shown_line_by_line() -> None:
    played = replay(taped(Echo(after="\nlow"), "one"), Echo(after="\nhigh"))
    assert not played.passed
    assert played.turns[0].differences == ("The text is another.",)
    assert "-low\n+high" in played.turns[0].diff
    assert "-low" in str(played)
    assert "```diff" in played._repr_markdown_()


def test_strict_wants_the_same_events_loose_the_same_text() -> None:
    tape = taped(Echo(before="a"), "b c")
    other = Echo()
    other.before = "a "
    assert not replay(tape, other).passed

    class Whole(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
            yield fp.PartialResponse(text="ab  c")

    strict = replay(tape, Whole())
    assert not strict.passed
    assert replay(tape, Whole(), strict=False).passed


def test_the_same_text_by_other_events_says_so() -> None:
    class Whole(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
            yield fp.PartialResponse(text="ab")

    [turn] = replay(taped(Echo(before="a"), "b"), Whole()).turns
    assert turn.differences == ("The text is the same, by other events: 2 of them, and there were 3.",)
    assert '-text {"text": "a"}' in turn.diff


def test_each_turn_is_asked_with_the_history_of_the_tape() -> None:
    class Remembers(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            yield " / ".join(message.content for message in request.query)

    tape = taped(Echo(), "one", "two")
    texts = [turn.text for turn in replay(tape, Remembers(), strict=False).turns]
    assert texts == ["one", "one / one / two"]


def test_a_bot_that_remembers_finds_one_new_conversation() -> None:
    class Counts(fp.PoeBot):
        seen: dict[str, int] = {}  # noqa: RUF012  # what lasts is the point

        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            self.seen[request.conversation_id] = self.seen.get(request.conversation_id, 0) + 1
            yield f"question {self.seen[request.conversation_id]} of {request.conversation_id}, {request.message_id}"

    tape = taped(Counts(), "one", "two")
    assert replay(tape, Counts()).passed
    assert replay(tape, Counts()).passed
    assert len(Counts.seen) == 3


def test_files_of_the_tape_can_be_fetched_again(tmp_path: Path, stops: None) -> None:
    class Reads(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            import httpx

            [file] = request.query[-1].attachments
            async with httpx.AsyncClient() as client:
                yield f"{file.url} has {(await client.get(file.url)).text}"

    path = tmp_path / "files.tape.jsonl"
    conversation = fp.Conversation(Reads())
    conversation.ask("read", attachments=[("tide.csv", b"1,2")])
    write_tape(path, conversation)
    url = conversation.messages[0].attachments[0].url
    del conversation
    played = replay(path, Reads())
    assert played.passed, str(played)
    assert url not in played.turns[0].answer.text  # it was another address, and is shown as the recorded one
    assert url in played.turns[0].text


def test_bots_that_are_asked_answer_from_the_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5")}, doubles={"GPT-5": ["half full", "empty"]}) as poe:
        tape = taped(poe.target("asker"), "How is the moon?", "And now?")
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9/")  # nobody listens there
    played = replay(tape, Asker("GPT-5"))
    assert played.passed, str(played)
    assert played.notes == []


def test_bots_that_are_asked_by_a_conversation_answer_from_the_tape_without_a_key() -> None:
    class Converses(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            yield (await fp.Conversation("GPT-5").ask_async(request.query[-1].content)).text

    turn = taped(Echo(), "hi").turns[0]
    with fp.LocalPoe({"asker": Asker("GPT-5")}, doubles={"GPT-5": "half full"}) as poe:
        calls = taped(poe.target("asker"), "hi").turns[0].calls
    tape = Tape([TapeTurn("asker", turn.request, [TapeEvent("text", '{"text": "half full"}', 0.1)], calls)])
    played = replay(tape, Converses(), strict=False)
    assert played.passed, str(played)


def test_bots_that_served_bots_ask_answer_from_the_tape(stops: None) -> None:
    fp.local_poe().double("GPT-5", "half full")
    fp.serve(Asker("GPT-5"), "asker")
    try:
        tape = taped("asker", "How is the moon?")
    finally:
        fp.local_poe().undouble("GPT-5")
    played = replay(tape, "asker")
    assert played.passed, str(played)


class Draws(fp.PoeBot):
    """Charges for a picture, uploads it, and shows it in its text."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
        await self.authorize_cost(request, fp.CostItem(amount_usd_milli_cents=12))
        posted = await self.post_message_attachment(
            message_id=request.message_id, file_data=b"moon", filename="moon.png", is_inline=True
        )
        yield f"Here: ![moon][{posted.inline_ref}]"


def test_charges_are_paid_and_uploads_found_on_the_tape(stops: None, monkeypatch: pytest.MonkeyPatch) -> None:
    fp.serve(Draws(), "draws")
    before = len(fp.local_poe().ledger)  # all tests of a process have the same one
    tape = taped("draws", "Draw the moon.")
    assert tape.turns[0].end == "done", tape.turns[0].error
    assert replay(tape, "draws").passed
    assert len(fp.local_poe().ledger) == before + 1
    fp.served()["draws"].stop()
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9/")  # nobody listens there
    played = replay(tape, Draws(access_key="k" * 32))
    assert played.passed, str(played)


def test_another_file_is_a_difference(stops: None) -> None:
    class Others(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            await self.post_message_attachment(message_id=request.message_id, file_data=b"sun", filename="sun.png")
            yield "Here."

    fp.serve(Draws(), "draws")
    tape = taped("draws", "Draw the moon.")
    fp.serve(Others(), "draws")
    [turn] = replay(tape, "draws").turns
    assert not turn.passed
    assert turn.answer.attachments[0].url == "https://tape.invalid/sun.png"


def test_a_question_that_is_not_on_the_tape_is_reported_in_one_sentence() -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5")}, doubles={"GPT-5": "half full"}) as poe:
        tape = taped(poe.target("asker"), "How is the moon?")
    played = replay(tape, Asker("GPT-5", "Moon"), strict=False)
    assert played.turns[0].differences[0] == "Moon was asked 'How is the moon?', which is not on the tape."


def test_questions_to_bots_that_are_others_or_missing_are_differences_when_strict() -> None:
    class Rephrases(Asker):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
            request.query[-1].content = "The moon?"
            async for part in super().get_response(request):
                yield part

    with fp.LocalPoe({"asker": Asker("GPT-5", "Moon")}, doubles={"GPT-5": "full", "Moon": ""}) as poe:
        tape = taped(poe.target("asker"), "How is the moon?")
    words = (
        "It asked GPT-5 'The moon?' instead of 'How is the moon?'.",
        "It did not ask Moon 'How is the moon?' any more.",
    )
    strict = replay(tape, Rephrases("GPT-5"))
    assert strict.turns[0].differences[:2] == words
    loose = replay(tape, Rephrases("GPT-5"), strict=False)
    assert loose.passed, str(loose)
    assert loose.turns[0].notes == words


def test_a_bot_that_failed_then_and_now_passes_and_one_that_is_mended_does_not() -> None:
    tape = taped(Failing(), "one")
    assert replay(tape, Failing()).passed
    [turn] = replay(tape, Echo(), strict=False, matchers=lambda text: True).turns
    assert "does not any more" in turn.differences[0]


def test_a_bot_that_fails_now_is_a_difference_and_no_exception() -> None:
    [turn] = replay(taped(Echo(), "one"), Failing(), strict=False).turns
    assert turn.differences[0].startswith("It failed now, and did not before: RuntimeError: The tide tables are gone.")
    assert turn.answer.error is not None


def test_a_bot_that_is_too_slow_is_a_difference() -> None:
    class Slow(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
            await asyncio.Event().wait()
            yield ""

    [turn] = replay(taped(Echo(), "one"), Slow(), timeout=0.05).turns
    assert "Slow took longer than 0.05 s." in turn.differences[0]


def test_an_answer_that_was_stopped_has_to_begin_alike() -> None:
    whole = taped(Echo(before="a"), "b").turns[0]
    tape = Tape([TapeTurn("echo", whole.request, whole.events[:1], end="stopped")])
    assert replay(tape, Echo(before="a")).passed
    assert not replay(tape, Echo(before="c")).passed


def test_a_bot_at_an_address_is_asked_there_and_told_apart(tmp_path: Path) -> None:
    with fp.LocalPoe({"asker": Asker("GPT-5")}, doubles={"GPT-5": "half full"}) as poe:
        tape = taped(poe.target("asker"), "How is the moon?")
    with serving(fp.make_app(Echo(), allow_without_key=True)) as url:
        played = replay(tape, url)
    assert played.turns[0].text == "How is the moon?"
    assert "runs elsewhere" in played.notes[0]


@pytest.mark.parametrize(
    ("matchers", "passed"),
    [
        ({"contains": "TIDE"}, True),
        ({"contains": ["low", "tide"]}, True),
        ({"contains": "moon"}, False),
        ({"regex": r"\d+:\d\d"}, True),
        (re.compile("^at"), False),
        ({"numbers": 0.1}, True),
        ({"numbers": 0.001}, False),
        ("low tide 2.1 m at  6:30", True),
        ({"same": True}, False),
        (lambda text: "tide" in text, True),
        (lambda text, recorded: len(text) == len(recorded), True),
        ([{"contains": "tide"}, {"contains": "moon"}], False),
        ({1: {"contains": "tide"}}, True),
        ({"1": {"contains": "moon"}}, False),
    ],
)
def test_texts_are_compared_by_matchers(matchers: object, passed: bool) -> None:
    tape = taped(Echo(before="low tide 2.0 m at "), "6:30")
    assert replay(tape, Echo(before="low tide 2.1 m at "), matchers=matchers).passed is passed


@pytest.mark.parametrize(
    ("recorded", "now", "words"),
    [
        ("1,234.5 m, then .5", "1234.4 m,  then 0.5", None),
        ("-3e-5 and 12,34", "-0.00003 and 12,34", None),
        ("at 6:30, 0.4 m.", "at 6:31, 0.4 m.", "31 is too far from 30"),
        ("zero is 0", "zero is 0.0", None),
        ("one 1", "two 1", "it is 'two 1' and should be 'one 1'"),
        ("1 2", "1", "it is '1' and should be '1 2'"),
    ],
)
def test_numbers_are_compared_within_a_share_of_them(recorded: str, now: str, words: str | None) -> None:
    assert complaint({"numbers": 0.001}, now, recorded) == words


@pytest.mark.parametrize("matchers", [3, {"like": "x"}, {"regex": "("}, {"numbers": "many"}, {2: {"what": 1}}])
def test_what_is_no_matcher_is_refused_before_anybody_is_asked(matchers: object) -> None:
    with pytest.raises(fp.PoebookError):
        replay(taped(Echo(), "one"), "nobody", matchers=matchers)


def test_the_first_line_of_a_tape_says_how_it_is_compared(tmp_path: Path) -> None:
    tape = taped(Echo(), "one")
    path = tmp_path / "loose.tape.jsonl"
    write_tape(path, Tape(tape.turns, target="echo", compare="loose", matchers={"contains": "one"}))
    assert replay(path, Echo(after=" two")).passed
    assert not replay(path, Echo(after=" two"), strict=True).passed


def test_a_tape_of_several_bots_is_asked_of_each_or_of_one(stops: None) -> None:
    fp.serve(Echo(), "left")
    fp.serve(Echo(before="r"), "right")
    conversation = fp.Conversation("left", "right")
    conversation.ask("hi")
    tape = Tape(turns_of(conversation), "both")
    assert [turn.target for turn in replay(tape).turns] == ["left", "right"]
    assert replay(tape).passed
    assert [turn.number for turn in replay(tape, "right").turns] == [2]


def test_wanted_turns_alone_are_asked() -> None:
    tape = taped(Echo(), "one", "two")
    assert [turn.number for turn in replay(tape, Echo(), turns=[2]).turns] == [2]
    with pytest.raises(fp.PoebookError, match="turns 1 to 2, and no 3"):
        replay(tape, Echo(), turns=[3])


def test_a_tape_with_the_answers_of_now_passes() -> None:
    tape = taped(Failing(), "one", "two")
    updated = replay(tape, Echo(), turns=[2]).updated()
    assert [turn.end for turn in updated.turns] == ["error", "done"]
    assert updated.turns[0] == tape.turns[0]
    assert replay(updated, Echo(), turns=[2]).passed
    back = replay(updated, Failing()).updated()
    assert [turn.end for turn in back.turns] == ["error", "error"]
    assert replay(back, Failing()).passed


def test_a_tape_may_be_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "hand.tape.jsonl"
    path.write_text(
        '{"tape": 1, "compare": "loose"}\n'
        '{"turn": 1, "target": "echo", "request": {"query": [{"role": "user", "content": "hi"}]}}\n'
        '{"event": "text", "data": {"text": "hi"}}\n'
        '{"end": "done"}\n'
    )
    assert replay(path, Echo()).passed
    assert not replay(path, Echo(after="!")).passed


def test_a_blocking_handler_that_asks_another_bot_is_recorded_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Blocks(fp.PoeBot):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            return fp.SettingsResponse(server_bot_dependencies={"GPT-5": 1})

        def get_response(self, request: fp.QueryRequest) -> Any:  # a plain function, as authors may write it
            for part in fp.get_bot_response_sync(request.query, "GPT-5", request.access_key):
                yield part.text

    with fp.LocalPoe({"blocks": Blocks()}, doubles={"GPT-5": "half full"}) as poe:
        tape = taped(poe.target("blocks"), "How is the moon?")
    assert [call.bot for call in tape.turns[0].calls] == ["GPT-5"]
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9/")  # nobody listens there
    played = replay(tape, Blocks())
    assert played.passed, str(played)


def test_a_file_that_was_too_large_for_the_tape_is_named() -> None:
    conversation = fp.Conversation(Echo())
    conversation.ask("look", attachments=[("big.bin", b"\x00" * 100_000)])
    played = replay(Tape(turns_of(conversation)), Echo())
    assert played.notes == ["big.bin is too large for the tape, so echo was given the address that it had."]


def test_an_empty_tape_is_nothing_to_replay(tmp_path: Path) -> None:
    path = tmp_path / "empty.tape.jsonl"
    path.write_text('{"tape": 1}\n')
    assert read_tape(path).turns == []
    with pytest.raises(fp.PoebookError, match="no turn"):
        replay(path, Echo())


async def test_a_replay_works_inside_a_running_loop() -> None:
    tape = await asyncio.to_thread(taped, Echo(), "one")
    assert replay(tape, Echo()).passed


def test_the_table_has_a_row_a_turn() -> None:
    table = replay(taped(Echo(), "one", "two"), Echo(after="!")).table()
    assert list(table["question"]) == ["one", "two"]
    assert list(table["text"]) == ["one!", "two!"]
    assert list(table["passed"]) == [False, False]
