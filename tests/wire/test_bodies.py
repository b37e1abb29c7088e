"""A request's body becomes a request, or the reason why it is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poebook.protocol import QueryRequest
from poebook.wire.bodies import BadRequest, parse_request

SECRET = "s3cret-s3cret-s3cret-s3cret-s3cr"


def _query(*messages: object, **more: object) -> bytes:
    ids = {"message_id": "m", "user_id": "u", "conversation_id": "c"}
    return json.dumps({"version": "1.2", "type": "query", "query": list(messages), **ids, **more}).encode()


def _said(body: bytes) -> QueryRequest:
    request = parse_request(body)
    assert isinstance(request, QueryRequest)
    return request


HI = {"role": "user", "content": "hi"}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "empty"),
        (b" \r\n", 400, "empty"),
        (b"no", 400, "no JSON"),
        (b'{"type": "settings"', 400, "no JSON"),
        (b'{"type": "\xff"}', 400, "UTF-8"),
        ('{"type": "settings"}'.encode("utf-16"), 400, "UTF-8"),
        (b"[" * 100_000, 400, "too deeply"),
        (b'{"type": "query", "query": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "too deeply"),
        (b"[]", 400, "no JSON object"),
        (b"null", 400, "no JSON object"),
        (b'"query"', 400, "no JSON object"),
        (b"{}", 422, "type"),
        (b'{"type": null}', 422, "type"),
        (b'{"type": ["query"]}', 422, "type"),
        (b'{"type": "dance", "version": "1.2"}', 501, "Unsupported request type"),
        (b'{"type": "settings"}', 422, "version"),
        (b'{"type": "report_error", "version": "1.2", "message": "m", "metadata": "x"}', 422, "metadata"),
        (_query(), 422, "query"),
        (_query({"role": "user"}), 422, "query.0.content"),
        (_query({"role": "user", "content": None}), 422, "query.0.content"),
        (_query({"role": ["user"], "content": "hi"}), 422, "query.0.role"),
        (_query("hi"), 422, "query.0"),
        (_query(HI, temperature="hot"), 422, "temperature"),
        (_query(HI, message_id=None), 422, "message_id"),
        (_query({"role": "nobody", "content": "hi"}), 422, "query"),
        (b'{"type": "query", "version": "1.2", "query": null}', 422, "query"),
    ],
)
def test_a_bad_body_is_refused_with_its_reason(body: bytes, status: int, words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_request(body)
    assert caught.value.status == status
    assert words in caught.value.detail


@pytest.mark.parametrize("field", ["message_id", "user_id", "temperature"])
def test_a_refusal_holds_no_values(field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_request(_query(HI, **{field: [SECRET]}))
    assert SECRET not in caught.value.detail
    assert field in caught.value.detail


@given(
    st.binary()
    | st.recursive(
        st.none() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["type", "version", "query", "role", "content"]) | st.text(), x)
        ),
    ).map(lambda x: json.dumps(x).encode())
)
def test_nothing_else_than_a_refusal_comes_of_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_request(body)


def test_unknown_fields_are_ignored_at_every_depth() -> None:
    request = _said(_query({**HI, "mood": 1, "sender": {"id": "u", "mood": 1}, "attachments": []}, mood={"a": 1}))
    assert request.query[0].content == "hi"
    assert "mood" not in repr(request)


def test_a_message_of_an_unknown_role_is_left_out() -> None:
    odd = {"role": "narrator", "content": 5, "referenced_message": {"role": "chorus"}}
    assert [message.content for message in _said(_query(odd, HI, odd)).query] == ["hi"]


def test_a_referenced_message_of_an_unknown_role_is_left_out() -> None:
    request = _said(_query({**HI, "referenced_message": {"role": "narrator", "content": "once"}}))
    assert request.query[0].referenced_message is None


def test_a_null_stands_for_the_default() -> None:
    message = {**HI, "attachments": None, "parameters": None, "content_type": None, "feedback": None}
    request = _said(_query(message, logit_bias=None, language_code=None, skip_system_prompt=None, users=None))
    assert request.query[0].attachments == []
    assert (request.logit_bias, request.language_code, request.users) == ({}, "en", [])


@pytest.mark.parametrize(
    "message",
    [
        {"content_type": "text/x-new"},
        {"message_type": "unheard_of"},
        {"feedback": [{"type": "unheard_of"}]},
        {"feedback": [{"type": "like", "reason": None}]},
        {"role": "tool"},
        {"role": "system"},
        {"timestamp": 1_700_000_000_000_000},
    ],
)
def test_odd_but_harmless_messages_are_kept(message: dict[str, Any]) -> None:
    kept = _said(_query({**HI, **message})).query[0]
    for name, value in message.items():
        if name != "feedback":
            assert getattr(kept, name) == value


def test_an_unknown_feedback_type_is_taken() -> None:
    body = {"message_id": "m", "user_id": "u", "conversation_id": "c", "feedback_type": "unheard_of"}
    request = parse_request(json.dumps({"version": "1.2", "type": "report_feedback", **body}).encode())
    assert getattr(request, "feedback_type", None) == "unheard_of"


def test_the_fields_for_tools_are_ordinary_fields() -> None:
    function = {"name": "now", "description": "d", "parameters": {"type": "object", "properties": {}}}
    call = {"id": "1", "type": "function", "function": {"name": "now", "arguments": "{}"}}
    request = _said(
        _query(
            HI,
            tools=[{"type": "function", "function": function}],
            tool_calls=[call],
            tool_results=[{"role": "tool", "name": "now", "tool_call_id": "1", "content": '"noon"'}],
            query_creation_time=5,
            extra_params={"a": [1]},
        )
    )
    assert request.tools is not None
    assert request.tools[0].function.name == "now"
    assert request.tool_calls is not None
    assert request.tool_calls[0].function.arguments == "{}"
    assert request.tool_results is not None
    assert request.tool_results[0].content == '"noon"'
    assert (request.query_creation_time, request.extra_params) == (5, {"a": [1]})


def test_a_byte_order_mark_is_no_fault() -> None:
    assert _said(b"\xef\xbb\xbf" + _query(HI)).query[0].content == "hi"


def test_a_thousand_long_messages_are_read() -> None:
    assert len(_said(_query(*({**HI, "content": "hi " * 1000} for _ in range(1000)))).query) == 1000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\ud83d", "\ufffd"),
        (r"\ude00 a", "\ufffd a"),
        (r"\ud83d\u0041", "\ufffdA"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
    ],
)
def test_half_an_emoji_is_no_reason_to_lose_a_query(written: str, read: str) -> None:
    body = _query({"role": "user", "content": "CUT"}, extra_params={"a": float("nan")})
    assert _said(body.replace(b"CUT", written.encode())).query[0].content == read


def test_half_an_emoji_makes_no_json_of_what_is_none() -> None:
    for body in (rb'{"type": "\ud83d"', rb'{"a": "\ud83d", "b": ' + b"[" * 5000 + b"]" * 5000 + b"}"):
        with pytest.raises(BadRequest) as caught:
            parse_request(body)
        assert caught.value.status == 400


@pytest.mark.parametrize("value", [5, None, [], {"a": 1}, True])
def test_keys_in_a_body_are_not_read_whatever_they_are(value: object) -> None:
    request = _said(_query(HI, access_key=value, api_key=value))
    assert (request.access_key, request.api_key) == ("<missing>", "<missing>")
