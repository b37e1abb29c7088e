"""Who may come in, and by which door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.parity.bots.keys import KEY
from tests.parity.pair import Ask, Pair, query, report

HEADERS: dict[str, str | bytes] = {
    "another key": f"Bearer {'x' * 32}",
    "a key too short": f"Bearer {KEY[:-1]}",
    "a key too long": f"Bearer {KEY}k",
    "a small scheme": f"bearer {KEY}",
    "a capital scheme": f"BEARER {KEY}",
    "two blanks": f"Bearer  {KEY}",
    "a key of many scripts": "Bearer ключ".encode(),
    "a key in Latin 1": "Bearer é".encode("latin-1"),
    "the right key": f"Bearer {KEY}",
}

OTHER_SCHEMES: dict[str, str | bytes] = {
    "only a scheme": "Bearer",
    "another scheme": f"Basic {KEY}",
    "a key without a scheme": KEY,
    "an empty header": "",
    "a digest": 'Digest username="a"',
}

DOORS: dict[str, Ask] = {
    "a slash too many": Ask("/plain/", query()),
    "a slash too many when read": Ask("/plain/", method="GET"),
    "a slash too many with a query string": Ask("/plain/?a=1", query()),
    "a path of no bot": Ask("/nobody", query()),
    "a path of no bot when read": Ask("/nobody", method="GET"),
    "a path below a bot": Ask("/plain/below", query()),
    "the root": Ask("/", query()),
    "another case": Ask("/Plain", query()),
    "a path within a path": Ask("/deep/er/path", query()),
    "a part of a path within": Ask("/deep/er", query()),
    "a percent sign": Ask("/pl%61in", query()),
    "a query string": Ask("/plain?a=1", query()),
    "another content type": Ask("/plain", query(), headers={"content-type": "text/plain"}),
    "a content type of a form": Ask("/plain", query(), headers={"content-type": "multipart/form-data"}),
    "a long header": Ask("/plain", query(), headers={"x-long": "l" * 30_000}),
    "blanks around the body": Ask("/plain", b' \n{"version":"1.2","type":"settings"}\r\n '),
    "an unknown type": Ask("/plain", report("dance")),
    "an empty type": Ask("/plain", report("")),
    "a route of the application": Ask("/health", method="GET"),
    "a route's own fault": Ask("/double?number=two", method="GET"),
    "a route's own answer": Ask("/double?number=2", method="GET"),
    "the application's schema": Ask("/docs", method="GET"),
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("path", ["/plain", "/open"])
def test_who_may_ask(pair: Pair, path: str, name: str) -> None:
    wanted, given = pair.ask(Ask(path, report("settings"), key=None, headers={"authorization": HEADERS[name]}))
    if path == "/open":  # the original wants a header of a certain form even where it compares nothing
        assert given.status == 200
        assert wanted.status in (200, 401)
    else:
        assert given == wanted


@pytest.mark.parametrize("name", OTHER_SCHEMES)
def test_another_scheme_is_refused(pair: Pair, name: str) -> None:
    ask = Ask("/plain", report("settings"), key=None, headers={"authorization": OTHER_SCHEMES[name]})
    wanted, given = pair.ask(ask)  # the original's words are FastAPI's, which change with its version
    assert wanted.status == given.status == 401
    assert wanted.headers["www-authenticate"] == given.headers["www-authenticate"] == "Bearer"
    assert given.json == {"detail": "Not authenticated"}


def test_without_a_header_nobody_asks_a_bot_that_has_a_key(pair: Pair) -> None:
    answer = pair.same(Ask("/plain", query(), key=None))
    assert (answer.status, answer.json) == (401, {"detail": "Not authenticated"})


def test_the_key_is_looked_at_before_the_body(pair: Pair) -> None:
    assert pair.same(Ask("/plain", report("dance"), key="x" * 32)).status == 401


@pytest.mark.parametrize("name", DOORS)
def test_a_door_opens_or_not(pair: Pair, name: str) -> None:
    pair.same(DOORS[name])


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_another_method_is_not_allowed(pair: Pair, method: str) -> None:
    wanted, given = pair.ask(Ask("/plain", query(), method=method))
    assert (given.status, given.body) == (wanted.status, wanted.body)
    assert given.status == 405
    assert (wanted.headers.pop("allow"), given.headers.pop("allow")) == ("GET", "GET, POST")  # ours names both
    assert given.headers == wanted.headers


@pytest.mark.parametrize("path", ["/plain", "/open", "/deep/er/path"])
def test_a_page_is_for_people(pair: Pair, path: str) -> None:
    for answer in pair.ask(Ask(path, method="GET", key=None)):  # each has words of its own
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert b'href="https://poe.com/create_bot?server=1"' in answer.body


def test_answers_are_streams_that_nothing_keeps_back(pair: Pair) -> None:
    headers: dict[str, Any] = pair.same(Ask("/plain", query())).headers
    assert headers["content-type"].startswith("text/event-stream")
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
