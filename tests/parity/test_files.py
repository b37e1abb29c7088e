"""Files that a handler posts: what is uploaded, what is sent, and what the handler gets."""

from __future__ import annotations

import json

import pytest

from tests.parity.bots.keys import KEY
from tests.parity.pair import Answer, Ask, Pair, query
from tests.parity.tables import POSTS, URL

REF = r"(?<=inline_ref)(\\?\": \\?\")[A-Za-z0-9]{8}(?=\\?\")"  # random, in the event and in the result
DIFFERENT = {"an open file without a name", "a text for bytes"}  # held by tests of their own


def posted(pair: Pair, name: str, path: str = "/posts") -> tuple[Answer, Answer]:
    wanted, given = pair.ask(Ask(path, query(name)))
    return wanted.masked(REF, r"\1REF"), given.masked(REF, r"\1REF")


@pytest.mark.parametrize("path", ["/posts", "/posts-without-key"])
@pytest.mark.parametrize("name", [name for name in POSTS if name not in DIFFERENT])
def test_a_post_is_what_the_original_makes_of_it(pair: Pair, path: str, name: str) -> None:
    for server in (pair.original, pair.own):
        server.standin.take(server.library)
    wanted, given = posted(pair, name, path)
    if path == "/posts-without-key":  # the original wants a header even where it compares nothing: both get one
        wanted, given = (Answer(one.status, {}, one.body) for one in (wanted, given))
    assert given == wanted
    asked = [server.standin.take(server.library) for server in (pair.original, pair.own)]
    assert asked[1] == asked[0]


def test_a_posted_file_travels_whole(pair: Pair) -> None:
    server = pair.own
    server.standin.take(server.library)
    answer = server.ask(Ask("/posts", query("bytes with a name")))
    assert [name for name, _ in answer.events] == ["text", "file", "text", "text", "done"]
    assert server.standin.take(server.library) == [
        {
            "method": "POST",
            "path": "file_upload_3RD_PARTY_POST",
            "authorization": KEY,
            "said": {"file": ["x.csv", "a,b\r\n1,é\n"]},
        }
    ]


def test_a_file_in_its_place_has_one_reference_in_event_and_result(pair: Pair) -> None:
    for server in (pair.original, pair.own):
        answer = server.ask(Ask("/posts", query("a file in its place")))
        events = dict(answer.events[:3])
        assert events["file"]["inline_ref"] == json.loads(events["text"]["text"])["inline_ref"]


def test_a_file_by_url_is_named_by_its_last_part(pair: Pair) -> None:
    name, data = pair.same(Ask("/posts", query("a URL"))).events[1]
    assert (name, data["name"]) == ("file", "my cat.png")
    assert URL.endswith("my%20cat.png?size=1")


def test_files_posted_last_go_out_before_done(pair: Pair) -> None:
    events = pair.same(Ask("/posts-last", query())).events
    assert [name for name, _ in events] == ["text", "file", "file", "done"]


def test_a_bots_own_upload_takes_the_place_of_poes(pair: Pair) -> None:
    data = [data for name, data in pair.same(Ask("/own-upload", query())).events if name == "file"]
    assert data[0]["url"] == "https://own.example.org/a.csv 10 True None"


def test_a_file_for_another_answer_waits_for_it(pair: Pair) -> None:
    later = Ask("/posts", query("nothing", message_id="m-other"))
    pair.ask(later)  # whatever waited before
    assert "file" not in dict(pair.same(Ask("/posts", query("a file for another message"))).events)
    assert [name for name, _ in pair.same(later).events] == ["file", "text", "text", "text", "done"]
    assert "file" not in dict(pair.same(later).events)


def test_an_open_file_brings_its_name(pair: Pair) -> None:
    wanted, given = posted(pair, "an open file without a name")
    assert wanted.text == "beforeInvalidParameterError"
    assert [data["name"] for name, data in given.events if name == "file"] == ["opened.csv"]


def test_a_text_is_no_file(pair: Pair) -> None:
    wanted, given = posted(pair, "a text for bytes")
    assert wanted.text == "beforeAttributeError"  # of the library beneath
    assert given.text == "beforeValueError"
