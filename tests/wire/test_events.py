"""What a handler yields becomes the events of the protocol."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import poebook as fp
from poebook.wire import events
from tests.upstream import fastapi_poe

FILE = fp.Attachment(url="https://a.example/x", content_type="text/csv", name="x", inline_ref="abc")
SHOWN = {"url": "https://a.example/x", "content_type": "text/csv", "name": "x", "inline_ref": "abc"}


def _sent(response: object) -> list[tuple[str, Any]]:
    made = events.events_of(response)
    assert made is not None
    return [(event.event, json.loads(event.data)) for event in made]


@pytest.mark.parametrize(
    ("response", "sent"),
    [
        ("hi", [("text", {"text": "hi"})]),
        (fp.PartialResponse(text="hi"), [("text", {"text": "hi"})]),
        (fp.PartialResponse(text="hi", is_replace_response=True), [("replace_response", {"text": "hi"})]),
        (fp.PartialResponse(text="hi", is_suggested_reply=True), [("suggested_reply", {"text": "hi"})]),
        (
            fp.PartialResponse(text="hi", is_suggested_reply=True, is_replace_response=True),
            [("suggested_reply", {"text": "hi"})],
        ),
        (fp.PartialResponse(attachment=FILE), [("file", SHOWN), ("text", {"text": ""})]),
        (fp.PartialResponse(text="hi", index=1), [("text", {"text": "hi", "index": 1})]),
        (fp.PartialResponse(data={"choices": []}, index=0), [("json", {"choices": [], "index": 0})]),
        (fp.PartialResponse(text="hi", data={"choices": []}), [("text", {"text": "hi"})]),
        (fp.ErrorResponse(text=""), [("error", {"allow_retry": True, "text": ""})]),
        (
            fp.ErrorResponse(text="no", allow_retry=False, raw_response={"a": 1}, error_type="user_caused_error"),
            [
                (
                    "error",
                    {
                        "allow_retry": False,
                        "text": "no",
                        "raw_response": "{'a': 1}",
                        "error_type": "user_caused_error",
                    },
                )
            ],
        ),
        (
            fp.MetaResponse(content_type="text/plain", refetch_settings=True),
            [
                (
                    "meta",
                    {
                        "content_type": "text/plain",
                        "refetch_settings": True,
                        "linkify": True,
                        "suggested_replies": True,
                    },
                )
            ],
        ),
        (fp.DataResponse(metadata="é"), [("data", {"metadata": "é"})]),
    ],
)
def test_a_response_is_sent_as(response: object, sent: list[tuple[str, Any]]) -> None:
    assert _sent(response) == sent


def test_a_response_of_ones_own_kind_is_sent_like_its_parent() -> None:
    class Shout(fp.PartialResponse):
        pass

    assert _sent(Shout(text="HI")) == [("text", {"text": "HI"})]


@pytest.mark.parametrize("response", [None, 5, b"hi", {"text": "hi"}, object()])
def test_what_is_no_response_is_sent_as_nothing(response: object) -> None:
    assert events.events_of(response) is None


@given(st.text())
def test_any_text_is_one_line_of_json(text: str) -> None:
    event = events.text_event(text)
    assert json.loads(event.data) == {"text": text}
    assert event.data.isascii()
    assert event.data == json.dumps({"text": text})


def test_events_of_other_libraries_are_known_by_their_shape() -> None:
    from sse_starlette import ServerSentEvent

    event = ServerSentEvent(data="{}", event="text")
    assert isinstance(event, events.EventLike)
    assert not isinstance(fp.PartialResponse(text=""), events.EventLike)


def test_answers_made_by_the_original_are_sent_as_ours_are() -> None:
    file = {"url": "u", "content_type": "c", "name": "n"}
    made: dict[str, dict[str, Any]] = {
        "PartialResponse": {"text": "hi", "attachment": file},
        "ErrorResponse": {"text": "no", "allow_retry": False, "error_type": "user_caused_error"},
        "MetaResponse": {"text": "", "content_type": "text/plain", "linkify": False},
        "DataResponse": {"metadata": "page 2"},
    }
    for name, values in made.items():
        assert _sent(getattr(fastapi_poe, name)(**values)) == _sent(getattr(fp, name)(**values))
