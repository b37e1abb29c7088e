"""When two answers are alike, when they have one form, and what is said when they differ."""

from __future__ import annotations

import json

import pytest

from poebook.export.comparing import Event, compared


def said(*texts: str) -> list[Event]:
    return [*(("text", json.dumps({"text": text})) for text in texts), ("done", "{}")]


def file(url: str) -> list[Event]:
    content = {"url": url, "name": "a.csv", "content_type": "text/csv", "inline_ref": None}
    return [("file", json.dumps(content)), ("done", "{}")]


ERROR: list[Event] = [("error", json.dumps({"text": "no"}))]


@pytest.mark.parametrize(
    ("then", "now", "live", "outcome", "says"),
    [
        (said("a"), [said("a"), said("a")], None, "alike", ""),
        (file("http://one"), [file("http://two")], None, "alike", ""),
        (said("a"), [said("b"), said("b")], None, "differs", "the text is another"),
        (said("a", "b"), [said("ab"), said("ab")], None, "differs", "in other events: 2 of them, and there were 3"),
        (said("a", "bc"), [said("ab", "c"), said("ab", "c")], None, "differs", "the text is cut otherwise"),
        (said("a"), [ERROR, ERROR], None, "differs", "it fails now"),
        (ERROR, [said("a"), said("a")], None, "differs", "it failed in the notebook"),
        (said("a"), [said("b"), said("c")], None, "shape", "their forms were compared"),
        (said("a"), [said("b"), said("b")], said("c"), "shape", "their forms were compared"),
        (said("a"), [ERROR, said("c")], None, "differs", "their forms are not either"),
        (said("a"), [said("b"), said("b")], said("b"), "alike", "asked anew"),
        (said("a"), [said("b"), said("b")], said("a"), "differs", "the text is another"),
    ],
)
def test_the_verdict_on_one_question(
    then: list[Event], now: list[list[Event]], live: list[Event] | None, outcome: str, says: str
) -> None:
    one = compared("?", then, now, live, "no")
    assert one.outcome == outcome
    assert says in one.says
