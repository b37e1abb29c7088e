"""Streams as they travel, from the bytes to the answer: the page reads the same transcripts (``reading.test.ts``)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poebook.client.conversation import Conversation
from poebook.client.reading import AnswerReader, Unreadable
from poebook.client.turns import ConversationState, apply, fresh_answer, fresh_turn
from poebook.wire.sse import Decoder
from tests.client.player import Player, Scene
from tests.webserver import serving

PATHS = sorted((Path(__file__).parent.parent / "transcripts" / "wire").glob("*.json"))
TRANSCRIPTS: list[dict[str, Any]] = [json.loads(path.read_text(encoding="utf-8")) for path in PATHS]
SHOWN = ("text", "content_type", "replies", "files")
each = pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=[path.stem for path in PATHS])


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 25


@each
@given(data=st.data())
def test_bytes_cut_anywhere_give_the_events(transcript: dict[str, Any], data: st.DataObject) -> None:
    wire = transcript["wire"].encode()
    cuts = data.draw(st.lists(st.integers(0, len(wire)), max_size=8).map(sorted))
    decoder, events = Decoder(), []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        events += decoder.feed(wire[start:end])
    assert [[event.event, event.data] for event in events] == transcript["events"]


@each
def test_events_give_the_changes_and_the_answer(transcript: dict[str, Any]) -> None:
    reader, ops, unreadable = AnswerReader("m-2"), [], None
    try:
        for name, data in transcript["events"]:
            ops += reader.read(name, data, 0.0, "echo")[1]
            if reader.error is not None:
                break
    except Unreadable as broken:
        unreadable = str(broken)
    error = reader.error and {key: getattr(reader.error, key) for key in ("title", "text", "allow_retry")}
    assert ops == transcript["ops"]
    assert (reader.count, reader.done, reader.metadata) == (
        transcript["count"],
        transcript["done"],
        transcript["metadata"],
    )
    assert (error, unreadable) == (transcript["error"], transcript["unreadable"])
    assert _shown(_folded(ops)) == transcript["answer"]


@each
def test_a_conversation_over_a_socket_shows_the_answer(transcript: dict[str, Any]) -> None:
    player = Player([Scene([transcript["wire"].encode()])])
    with serving(player) as url:
        conversation = Conversation(f"{url}/echo")
        conversation.ask("hi")
        shown = conversation.snapshot()["turns"][0]["answers"][0]
        assert _shown(shown) == transcript["answer"]
        assert shown["event_count"] == transcript["count"]
        failed = transcript["error"] or transcript["unreadable"]
        assert shown["state"] == ("error" if failed else "done")


def _folded(ops: list[dict[str, Any]]) -> Any:
    answer: Any = fresh_answer("m-2", 0)
    turn = fresh_turn("m-1", "", 0, [answer])
    state: ConversationState = {"id": "c-1", "targets": [], "turns": [turn], "parameters": {}, "users": []}
    for op in ops:
        apply(state, op)
    return state["turns"][0]["answers"][0]


def _shown(answer: Any) -> dict[str, Any]:
    return {key: answer[key] for key in SHOWN}
