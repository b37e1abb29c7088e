"""What a handler sees of a query."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.parity.bots.keys import KEY
from tests.parity.pair import Ask, Pair, query

MESSAGE = {"role": "user", "content": "hi"}
FULL_MESSAGE = {
    **MESSAGE,
    "content_type": "text/plain",
    "timestamp": 1_700_000_000_000_000,
    "message_id": "m-2",
    "message_type": "function_call",
    "sender_id": "u-old",
    "sender": {"id": "u-1", "name": "Ada"},
    "parameters": {"a": [1, {"b": None}]},
    "feedback": [{"type": "like", "reason": "good"}, {"type": "dislike", "reason": None}],
    "attachments": [{"url": "https://a.example/1", "content_type": "video/mp4", "name": "1", "inline_ref": "r"}],
    "metadata": "kept",
    "referenced_message": {**MESSAGE, "message_id": "m-1"},
    "reactions": [{"user_id": "u-1", "reaction": "heart"}],
}
TOOL = {
    "type": "function",
    "function": {
        "name": "f",
        "description": "d",
        "parameters": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    },
}
CALL = {"id": "call-1", "type": "function", "function": {"name": "f", "arguments": '{"a": "é"}'}}
RESULT = {"role": "tool", "name": "f", "tool_call_id": "call-1", "content": "1"}
DIALOGUE = [
    {"role": "system", "content": "be kind"},
    {"role": "user", "content": "hi"},
    {"role": "bot", "content": "ho"},
    {"role": "tool", "content": "[]"},
    {"role": "user", "content": "on"},
]

QUERIES: dict[str, Any] = {
    "the least": query(),
    "the whole dialogue": query(*DIALOGUE),
    "a message with every field": query(FULL_MESSAGE),
    "a thousand long messages": query(*["long message " * 20] * 1000),
    "a message without words": query(""),
    "many scripts": query("é😀漢 \u2028\x00"),
    "metadata": query(metadata="d-1"),
    "sampling": query(temperature=0.25, skip_system_prompt=True, logit_bias={"5": -100}, stop_sequences=["a", "b"]),
    "temperature of null": query(temperature=None),
    "language_code": query(language_code="zh-Hant"),
    "adopt_current_bot_name": query(adopt_current_bot_name=True),
    "bot_query_id": query(bot_query_id="q-1"),
    "users": query(users=[{"id": "u-1", "name": "Ada"}, {"id": "u-2"}]),
    "tools": query(tools=[TOOL]),
    "tool calls and results": query(tools=[TOOL], tool_calls=[CALL], tool_results=[RESULT]),
    "no tools": query(tools=None, tool_calls=[], tool_results=[]),
    "query_creation_time": query(query_creation_time=1_700_000_000_000_000),
    "extra_params": query(extra_params={"a": {"b": [1, None]}}),
    "unknown keys at every depth": query(
        {**MESSAGE, "new": 1, "sender": {"new": 1}, "feedback": [{"type": "like", "reason": "", "new": 1}]},
        users=[{"id": "u", "new": 1}],
        tools=[{**TOOL, "new": 1}],
        new={"a": 1},
    ),
    "keys in the body": query(access_key="body", api_key="body"),
    "http_request in the body": query(http_request="body"),
    "numbers as words": query(temperature="0.5", skip_system_prompt="true"),
    "numbers of every size": query(
        {**MESSAGE, "timestamp": 10**30}, extra_params={"big": 10**40, "small": 1e-7, "round": 1e22, "whole": 5.0}
    ),
    "a number that is none": query(extra_params={"a": float("nan"), "b": float("-inf")}),
    "a whole number as a fraction": query({**MESSAGE, "timestamp": 5.0}, query_creation_time=7.0),
    "biases as words": query(logit_bias={"1": "5", "2": 3}),
    "a hundred levels": query(extra_params={"a": json.loads("[" * 100 + "]" * 100)}),
    "a key twice": json.dumps(query()).replace('"version"', '"version": "0", "version"').encode(),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(query()).encode(),
    "letters as they are": json.dumps(query("é😀"), ensure_ascii=False).encode(),
    "another version": query(version="1.0"),
    "identifiers of any form": query(message_id="", user_id="anything", conversation_id="漢"),
}


def file(content_type: str, content: Any = "parsed {x} *** more", name: str = "one.file", **more: Any) -> Any:
    return {
        "url": f"https://a.example/{name}",
        "content_type": content_type,
        "name": name,
        "parsed_content": content,
        **more,
    }


def asking(*files: Any, words: str = "look") -> dict[str, Any]:
    return {"role": "user", "content": words, "attachments": list(files)}


ATTACHED: dict[str, list[Any]] = {
    "a page": [asking(file("text/html"))],
    "a page with a charset": [asking(file("text/html; charset=utf-8"))],
    "a text": [asking(file("text/plain"))],
    "a table": [asking(file("text/csv", "a,b\n1,2\n"))],
    "a PDF": [asking(file("application/pdf"))],
    "a type with text in it": [asking(file("application/x-text"))],
    "a picture": [asking(file("image/png", "a.png***a cat"))],
    "a picture whose analysis has stars": [asking(file("image/png", "a.png***a***cat"))],
    "a picture with nothing before the stars": [asking(file("image/png", "***"))],
    "a video": [asking(file("video/mp4"))],
    "a sound": [asking(file("audio/mpeg"))],
    "JSON": [asking(file("application/json", "{}"))],
    "a capital type": [asking(file("TEXT/PLAIN"))],
    "no type": [asking(file(""))],
    "nothing parsed": [asking(file("text/plain", None), file("text/html", ""))],
    "braces": [asking(file("text/plain", "{attachment_name} {0} {{}}", "{a}.txt"))],
    "many in any order": [
        asking(
            file("image/png", "1.png***one", "1.png"),
            file("application/pdf", "two", "2.pdf"),
            file("text/html", "three", "3.html"),
            file("image/jpeg", "4.jpg***four", "4.jpg"),
            file("text/plain", "five", "5.txt"),
            file("video/mp4", "six", "6.mp4"),
        )
    ],
    "earlier messages": [asking(file("text/plain"), words="before"), {"role": "bot", "content": "a"}, asking()],
    "a bot's message": [{**asking(file("text/plain")), "role": "bot"}],
}

ROLES: dict[str, list[Any]] = {
    "no neighbours": DIALOGUE,
    "two of a user": ["a", "b"],
    "three, and three": ["a", "b", "c", *[{"role": "bot", "content": one} for one in "def"], "g"],
    "empty contents": ["", "", "a"],
    "fields of the first": [FULL_MESSAGE, {**MESSAGE, "message_id": "m-3", "metadata": "lost", "sender": {"id": "x"}}],
    "attachments": [
        asking(file("text/plain", name="a"), file("text/plain", "first", name="b")),
        asking(file("text/plain", "second", name="b"), file("text/plain", name="c")),
        asking(file("text/plain", name="d"), file("text/plain", name="a")),
    ],
    "one twice in a message": [asking(file("text/plain", name="a"), file("text/plain", name="a")), "b"],
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_handler_sees_the_query_that_was_sent(pair: Pair, name: str) -> None:
    seen = json.loads(pair.same(Ask("/echo", QUERIES[name])).text)
    assert seen["access_key"] == seen["api_key"] == KEY


@pytest.mark.parametrize("name", ATTACHED)
def test_attachments_are_inserted_word_for_word(pair: Pair, name: str) -> None:
    pair.same(Ask("/echo", query(*ATTACHED[name])))


@pytest.mark.parametrize("name", [name for name in ATTACHED if name != "a picture whose analysis has stars"])
def test_attachments_are_concatenated_word_for_word(pair: Pair, name: str) -> None:
    pair.same(Ask("/concat", query(*ATTACHED[name])))


def test_attachments_stay_where_they_are_when_the_bot_says_so(pair: Pair) -> None:
    seen = json.loads(pair.same(Ask("/raw", query(*ATTACHED["many in any order"]))).text)
    assert len(seen["query"]) == 1


def test_inserting_by_hand_leaves_the_request_as_it_is(pair: Pair) -> None:
    assert pair.same(Ask("/in-hand", query(*ATTACHED["many in any order"]))).text.endswith("True")


@pytest.mark.parametrize("name", ROLES)
def test_neighbours_of_one_role_become_one_message(pair: Pair, name: str) -> None:
    pair.same(Ask("/roles", query(*ROLES[name])))


def test_the_old_methods_of_models_give_the_same(pair: Pair) -> None:
    pair.same(Ask("/methods", query(FULL_MESSAGE, tools=[TOOL])))


def test_the_context_holds_the_http_request(pair: Pair) -> None:
    seen = json.loads(pair.same(Ask("/context?a=1&b=%C3%A9", query("hi"), headers={"x-mine": "m"})).text)
    assert seen == ["POST", "/context", {"a": "1", "b": "é"}, "m", [MESSAGE], {}, True, True]


def test_a_path_may_have_parameters(pair: Pair) -> None:
    seen = json.loads(pair.same(Ask("/rooms/7%20b/bot", query("hi"))).text)
    assert (seen[1], seen[5]) == ("/rooms/7 b/bot", {"room": "7 b"})


def test_a_body_may_come_in_pieces(pair: Pair) -> None:
    body = json.dumps(query("é" * 1000)).encode()
    answers = []
    for server in (pair.original, pair.own):
        pieces = iter([body[:7], body[7:900], body[900:]])
        headers = {"authorization": f"Bearer {KEY}"}
        answers.append(server.client.post(f"{server.url}/echo", content=pieces, headers=headers).content)
    assert answers[0] == answers[1]
    assert answers[1].startswith(b"event: text")


def test_a_bot_without_key_sees_that_there_is_none(pair: Pair) -> None:
    seen = json.loads(pair.same(Ask("/open", query(access_key="body"), key="anything")).text)
    assert seen["access_key"] == seen["api_key"] == "<missing>"
