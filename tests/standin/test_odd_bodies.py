"""Bodies whose parts are of a wrong kind, at the doors of a local Poe: a refusal that says which, never a failure."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

import poebook as fp
from tests.standin.conftest import OpenPoe

VALUES: list[Any] = [5, 1.5, True, "x", [], {}, [5], [None], {"a": 1}, "\ud800", 10**30, [[]], [{}]]
HI = {"role": "user", "content": "hi"}
FUNCTION = {"type": "function", "function": {"name": "n"}}
CALL = {"id": "1", "type": "function", "function": {"name": "n", "arguments": "{}"}}


def asked(value: Any) -> list[dict[str, Any]]:
    """Bodies for chat completions with *value* in a place each."""
    parts: list[dict[str, Any]] = [
        {"type": value},
        {"type": "image_url", "image_url": value},
        {"type": "file", "file": value},
        {"type": "file", "file": {"file_data": "data:;base64,aGk=", "filename": value}},
        {"type": "input_audio", "input_audio": value},
    ]
    said: list[list[dict[str, Any]]] = [
        [{"role": value, "content": "hi"}],
        [{"role": "user", "content": value}],
        *([{"role": "user", "content": [part]}] for part in parts),
        [HI, {"role": "assistant", "tool_calls": value}, HI],
        [HI, {"role": "assistant", "tool_calls": value}, {"role": "tool", "tool_call_id": "1", "content": "x"}],
        [HI, {"role": "assistant", "tool_calls": [CALL]}, {"role": "tool", "tool_call_id": value, "content": value}],
    ]
    tools = [value, [{**FUNCTION, "function": value}], [{**FUNCTION, "function": {"name": "n", "parameters": value}}]]
    return [
        {"messages": value},
        *({"messages": messages} for messages in said),
        *({"messages": [HI], "tools": one} for one in tools),
        {"messages": [HI], "stop": value, "temperature": value, "metadata": value, "stream_options": value},
    ]


def responded(value: Any) -> list[dict[str, Any]]:
    """The same for responses."""
    items: list[dict[str, Any]] = [
        {"type": value, "content": "hi"},
        {"role": "user", "content": value},
        {"type": "function_call", "call_id": "1", "name": value, "arguments": value},
    ]
    return [
        {"input": value},
        *({"input": [item, HI]} for item in items),
        *({"input": "hi", name: value} for name in ("tools", "previous_response_id", "instructions", "metadata")),
    ]


@pytest.mark.parametrize(("door", "bodies"), [("chat/completions", asked), ("responses", responded)])
def test_a_part_of_a_wrong_kind_is_no_failure(open_poe: OpenPoe, door: str, bodies: Any) -> None:
    poe = open_poe([fp.PoeBot(bot_name="Tides")], limits={"requests_a_minute": None})
    with httpx.Client(headers={"authorization": f"Bearer {poe.api_key}"}) as client:
        for value in VALUES:
            for body in [{"model": value, **bodies("x")[0]}, *({"model": "Tides", **one} for one in bodies(value))]:
                answer = client.post(f"{poe.base_url}v1/{door}", content=json.dumps(body))
                assert answer.status_code in (200, 400, 404, 422), body
                assert answer.is_success or answer.json()["error"]["message"], body


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_no_answer_could_hold_is_refused(open_poe: OpenPoe, number: str) -> None:
    poe = open_poe([fp.PoeBot(bot_name="Tides")])
    body = '{"model": "Tides", "input": "hi", "temperature": ' + number + "}"
    answer = httpx.post(f"{poe.base_url}v1/responses", content=body, headers={"authorization": f"Bearer {poe.api_key}"})
    assert answer.status_code == 400


def test_half_an_emoji_is_shown_as_one_that_cannot_be_read(open_poe: OpenPoe) -> None:
    poe = open_poe([])
    with httpx.Client(headers={"authorization": f"Bearer {poe.api_key}"}, base_url=poe.base_url) as client:
        settings = {"model_name": "m", "base_url": "https://a.example/v1", "api_key": "k"}
        bot = {"handle": "Tides", "description": "half \ud83d, whole \ud83c\udf0a", "api_bot_settings": settings}
        assert client.post("bots", content=json.dumps(bot)).status_code == 201
        assert client.get("bots").json()["bots"][0]["description"] == "half \ufffd, whole \U0001f30a"


@pytest.mark.parametrize(
    "delta",
    [
        {"tool_calls": 5},
        {"tool_calls": [{"index": "x", "id": "1", "function": {"name": "n"}}]},
        {"tool_calls": [{"function": 5}]},
    ],
)
@pytest.mark.parametrize("door", ["chat/completions", "responses"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_bot_that_sends_odd_calls_is_answered_for_all_the_same(
    open_poe: OpenPoe, delta: dict[str, Any], door: str, stream: bool
) -> None:
    class Odd(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            yield fp.PartialResponse(data={"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
            yield "after"

    poe = open_poe([Odd(bot_name="Odd")])
    body = {"model": "Odd", "messages": [HI], "input": "hi", "stream": stream}
    headers = {"authorization": f"Bearer {poe.api_key}"}
    answer = httpx.post(f"{poe.base_url}v1/{door}", json=body, headers=headers)
    assert answer.status_code == 200
    assert "after" in answer.text


def test_a_form_of_thousands_of_fields_is_refused(open_poe: OpenPoe) -> None:
    poe = open_poe([])
    form = {f"field{number}": "x" for number in range(5000)}
    door = f"{poe.base_url}poe_api/file_upload_3RD_PARTY_POST"
    answer = httpx.post(door, data=form, headers={"authorization": poe.api_key})
    assert answer.status_code == 400
    assert "form" in answer.json()["error"]["message"]
