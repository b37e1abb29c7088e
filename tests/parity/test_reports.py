"""Feedback, reactions and errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.parity.pair import Ask, Pair, query, report
from tests.parity.tables import SECRET

REPORTS: dict[str, Any] = {
    "like": report("report_feedback", feedback_type="like"),
    "dislike": report("report_feedback", feedback_type="dislike", new={"a": 1}),
    "a reaction": report("report_reaction", reaction="heart"),
    "a reaction of a kind of its own": report("report_reaction", reaction="é😀"),
    "an error": report("report_error", message="no text", metadata={"message_id": "m-1", "a": [1, None]}),
    "an error without metadata": report("report_error", message="", metadata={}),
}


@pytest.mark.parametrize("path", ["/takes", "/takes-in-context"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_reaches_its_method(pair: Pair, path: str, name: str) -> None:
    answer = pair.same(Ask(path, REPORTS[name], headers={"x-mine": "m"}))
    assert (answer.status, answer.body) == (200, b"{}")
    taken = json.loads(pair.same(Ask(path, query())).text)
    assert len(taken) == 1


@pytest.mark.parametrize("name", REPORTS)
def test_a_bot_that_overrides_nothing_takes_a_report(pair: Pair, name: str) -> None:
    assert pair.same(Ask("/plain", REPORTS[name])).body == b"{}"


def test_an_error_is_in_the_log_of_a_bot_that_overrides_nothing(pair: Pair) -> None:
    pair.same(Ask("/plain", report("report_error", message="no text in it", metadata={"message_id": "m-7"})))
    for server in (pair.original, pair.own):
        (line,) = [line for line in server.log.read_text().splitlines() if "no text in it" in line]
        assert line.startswith("ERROR:")
        assert "Error from Poe server" in line
        assert "m-7" in line


@pytest.mark.parametrize("body", [*REPORTS.values(), report("settings")], ids=[*REPORTS, "settings"])
def test_a_bots_own_answer_to_a_report_is_sent(pair: Pair, body: Any) -> None:
    assert pair.same(Ask("/handles", body)).body != b"{}"


@pytest.mark.parametrize("body", [*REPORTS.values(), report("settings")], ids=[*REPORTS, "settings"])
def test_a_method_that_raises_is_a_500_and_says_nothing(pair: Pair, body: Any) -> None:
    for answer in pair.ask(Ask("/fails-to-take", body)):  # the bodies differ: ours is JSON, as all other answers are
        assert answer.status == 500
        assert b"words" not in answer.body
        assert b"ValueError" not in answer.body
    assert SECRET in pair.own.log.read_text()


@pytest.mark.parametrize("body", [*REPORTS.values(), report("settings")], ids=[*REPORTS, "settings"])
def test_an_exception_that_the_application_answers_is_answered_by_it(pair: Pair, body: Any) -> None:
    answer = pair.same(Ask("/refuses", body))
    assert answer.status in (403, 404, 418, 429)
    assert b"words of the exception" not in answer.body
