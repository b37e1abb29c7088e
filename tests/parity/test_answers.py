"""What a handler yields, as it travels."""

from __future__ import annotations

import pytest

from tests.parity.bots.keys import KEY
from tests.parity.pair import Ask, Pair, query
from tests.parity.tables import FORMS


@pytest.mark.parametrize("form", FORMS)
def test_a_yield_is_sent_as_the_original_sends_it(pair: Pair, form: str) -> None:
    answer = pair.same(Ask("/forms", query(form)))
    assert answer.status == 200
    assert answer.body.endswith(b"event: done\r\ndata: {}\r\n\r\n")


def test_a_bot_that_overrides_nothing_says_hello(pair: Pair) -> None:
    assert pair.same(Ask("/plain", query())).events == [("text", {"text": "hello"}), ("done", {})]


@pytest.mark.parametrize("words", ["", " a b"])
def test_lack_of_funds_is_an_error_of_its_own(pair: Pair, words: str) -> None:
    answer = pair.same(Ask("/fails", query(f"InsufficientFundError{words}")))
    fault = {"allow_retry": True, "text": "", "error_type": "insufficient_fund"}
    assert answer.events[-2:] == [("error", fault), ("done", {})]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/data", "hello 1 /data"),
        ("/calls", "made"),
        ("/by-class", "None True"),
        ("/positional", "/positional None False"),
        ("/child", "/child None True and a child"),
        ("/handles", "handledhello"),
        ("/delegates", "hi"),
        ("/delegates-in-context", "POST"),
        ("/iterates", "hi"),
        ("/patched", "patched query"),
        ("/ends", "first"),
        ("/handed", "mine"),
    ],
)
def test_a_bot_class_is_served_however_it_is_written(pair: Pair, path: str, shown: str) -> None:
    assert pair.same(Ask(path, query())).text == shown


def test_queries_run_side_by_side(pair: Pair) -> None:
    for server in (pair.original, pair.own):
        with server.stream(Ask("/meets", query("wait"))) as waiting:
            assert [next(waiting), next(waiting)] == ["event: text", 'data: {"text": "waiting"}']
            assert server.ask(Ask("/meets", query("meet"))).text == "here"
            assert list(waiting) == ["event: text", 'data: {"text": "met"}', "event: done", "data: {}"]


def test_a_handler_cleans_up_when_its_reader_leaves(pair: Pair) -> None:
    for server in (pair.original, pair.own):
        with server.stream(Ask("/meets", query("stay"))) as staying:
            assert [next(staying), next(staying)] == ["event: text", 'data: {"text": "staying"}']
        assert server.ask(Ask("/meets", query("left?"))).text == "cleaned up"


def test_a_short_key_of_a_bots_own_is_taken(pair: Pair) -> None:
    assert pair.same(Ask("/short-key", query(), key="123")).status == 200
    assert pair.same(Ask("/short-key", query(), key=KEY)).status == 401
