"""The OpenAI doors, asked by OpenAI's own client as it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import openai
import pytest

import poebook as fp
from poebook.server.bot import PoeBot
from tests.standin.asking import Keeps, Says, status_and_error
from tests.standin.conftest import OpenPoe

Connect = Callable[[Any], Any]  # a local Poe to an openai.OpenAI, whose answers are unions too wide to look into
PICTURE = fp.Attachment(url="https://a.example/moon.png", content_type="image/png", name="moon.png")
TOOL = {
    "name": "depth",
    "description": "How deep it is.",
    "parameters": {"type": "object", "properties": {"at": {"type": "integer"}}, "required": ["at"]},
}


class Calls(PoeBot):
    """Calls a tool, and says what the tool said."""

    async def get_response(self, request: fp.QueryRequest) -> Any:
        if request.tool_results is not None:
            assert request.tool_calls is not None
            assert request.tool_calls[0].function.name == request.tool_results[0].name == "depth"
            yield f"It is {request.tool_results[0].content} m deep."
            return
        assert request.tools is not None
        assert request.tools[0].function.parameters.required == ["at"]
        for delta in (
            {"id": "call_1", "type": "function", "function": {"name": "depth", "arguments": '{"at"'}},
            {"function": {"arguments": ": 3}"}},
        ):
            yield _chunk({"tool_calls": [{"index": 0, **delta}]})
        yield _chunk({}, "tool_calls")


def _chunk(delta: dict[str, Any], reason: str | None = None) -> fp.PartialResponse:
    return fp.PartialResponse(data={"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


@pytest.fixture
def connect() -> Iterator[Connect]:
    """``connect(poe)`` is an OpenAI client of it."""
    with ExitStack() as clients:

        def client(poe: Any) -> openai.OpenAI:
            made = openai.OpenAI(base_url=f"{poe.base_url}v1", api_key=poe.api_key, max_retries=0)
            return clients.enter_context(made)

        yield client


def say(client: Any, text: str = "hi", model: str = "Keeps", **more: Any) -> Any:
    messages: Any = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=model, messages=messages, **more)


# -- models -------------------------------------------------------------------------------------------------------


def test_the_bots_are_models(open_poe: OpenPoe, connect: Connect) -> None:
    client = connect(
        open_poe({"tides": Keeps(fp.SettingsResponse(introduction_message="I tell tides.")), "moon": Keeps()})
    )
    models = list(client.models.list())
    assert [model.id for model in models] == ["tides", "moon"]
    assert models[0].model_extra is not None
    assert models[0].model_extra["description"] == "I tell tides."
    assert client.models.retrieve("moon").id == "moon"
    with pytest.raises(openai.NotFoundError, match="There is no bot sun here"):
        client.models.retrieve("sun")


def test_listing_them_needs_no_key(open_poe: OpenPoe) -> None:
    assert httpx.get(f"{open_poe([Keeps()]).base_url}v1/models").json()["object"] == "list"


# -- chat completions ---------------------------------------------------------------------------------------------


def test_a_question_is_answered(open_poe: OpenPoe, connect: Connect) -> None:
    answer = say(connect(open_poe([Keeps()])), "How deep?")
    assert answer.object == "chat.completion"
    assert answer.model == "Keeps"
    (choice,) = answer.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", "How deep?", "stop")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (3, 3, 6)


def test_an_answer_streams(open_poe: OpenPoe, connect: Connect) -> None:
    chunks = list(say(connect(open_poe([Says("a", "b", "c")])), model="Says", stream=True))
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].delta.content for chunk in chunks[1:-1]] == ["a", "b", "c"]
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


def test_usage_comes_at_the_end_of_a_stream_on_request(open_poe: OpenPoe, connect: Connect) -> None:
    client = connect(open_poe([Keeps()]))
    *_, last = say(client, stream=True, stream_options={"include_usage": True})
    assert (last.choices, last.usage.total_tokens) == ([], 2)


def test_roles_and_names_become_poes(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    messages: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": "hi", "name": "ada"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": [{"type": "text", "text": "how"}, {"type": "text", "text": "deep?"}]},
    ]
    connect(open_poe([bot])).chat.completions.create(model="Keeps", messages=messages)
    assert [(message.role, message.content) for message in bot.last.query] == [
        ("system", "Be brief."),
        ("system", "Be kind."),
        ("user", "hi"),
        ("bot", "hello"),
        ("user", "how\n\ndeep?"),
    ]
    assert bot.last.query[2].sender is not None
    assert bot.last.query[2].sender.name == "ada"


def test_what_else_is_said_reaches_the_bot(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    more: Any = {"temperature": 0.5, "stop": ["x"], "max_tokens": 9, "logit_bias": {"5": 1}, "extra_body": {"size": 3}}
    say(connect(open_poe([bot])), n=1, user="ada", **more)
    last = bot.last
    assert (last.temperature, last.stop_sequences, last.logit_bias) == (0.5, ["x"], {"5": 1.0})
    assert last.query[-1].parameters == {"size": 3}
    assert last.extra_params == {"max_tokens": 9}


@pytest.mark.parametrize("stream", [False, True])
def test_tools_are_called_both_ways(open_poe: OpenPoe, connect: Connect, stream: bool) -> None:
    client = connect(open_poe([Calls]))
    tools: Any = [{"type": "function", "function": TOOL}]
    asked: Any = {"role": "user", "content": "How deep at 3?"}
    if stream:
        parts = [
            c.choices[0]
            for c in client.chat.completions.create(model="Calls", messages=[asked], tools=tools, stream=True)
        ]
        deltas = [call for part in parts for call in part.delta.tool_calls or []]
        assert (deltas[0].id, deltas[0].function and deltas[0].function.name) == ("call_1", "depth")
        arguments = "".join(d.function.arguments or "" for d in deltas if d.function)
        assert parts[-1].finish_reason == "tool_calls"
        call: Any = {"id": "call_1", "type": "function", "function": {"name": "depth", "arguments": arguments}}
    else:
        (choice,) = client.chat.completions.create(model="Calls", messages=[asked], tools=tools).choices
        assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
        (made,) = choice.message.tool_calls or []
        call = made.model_dump()
        arguments = call["function"]["arguments"]
    assert json.loads(arguments) == {"at": 3}
    said: Any = {"role": "assistant", "tool_calls": [call]}
    result: Any = {"role": "tool", "tool_call_id": "call_1", "content": "6"}
    answer = client.chat.completions.create(model="Calls", messages=[asked, said, result], tools=tools)
    assert answer.choices[0].message.content == "It is 6 m deep."


def test_earlier_calls_of_tools_stay_messages(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    call = {"id": "call_1", "type": "function", "function": {"name": "depth", "arguments": "{}"}}
    messages: Any = [
        {"role": "user", "content": "How deep?"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "6"},
        {"role": "assistant", "content": "6 m"},
        {"role": "user", "content": "Sure?"},
    ]
    connect(open_poe([bot])).chat.completions.create(model="Keeps", messages=messages)
    _, called, result, _, _ = bot.last.query
    assert (called.role, called.message_type) == ("bot", "function_call")
    assert json.loads(called.content) == [call]
    assert result.role == "tool"
    assert json.loads(result.content)[0]["content"] == "6"
    assert bot.last.tool_results is None


def test_a_picture_and_a_file_are_attachments(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    png = base64.b64encode(b"\x89PNG").decode()
    csv = base64.b64encode(b"port,high\n").decode()
    parts: Any = [
        {"type": "text", "text": "what?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{png}"}},
        {"type": "image_url", "image_url": {"url": "https://a.example/moon.jpg?size=1"}},
        {"type": "file", "file": {"filename": "tides.csv", "file_data": f"data:text/csv;base64,{csv}"}},
    ]
    connect(open_poe([bot])).chat.completions.create(model="Keeps", messages=[{"role": "user", "content": parts}])
    here, there, table = bot.last.query[-1].attachments
    assert (here.content_type, here.name) == ("image/png", "file.png")
    assert httpx.get(here.url).content == b"\x89PNG"
    assert (there.url, there.content_type) == ("https://a.example/moon.jpg?size=1", "image/jpeg")
    assert (table.name, table.parsed_content) == ("tides.csv", "port,high\n")


def test_what_has_no_counterpart_is_written_down(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Says(
        "Thinking",
        fp.PartialResponse(text="Thinking..", is_replace_response=True),
        fp.PartialResponse(text="Done.", is_replace_response=True),
        fp.PartialResponse(text="more?", is_suggested_reply=True),
        fp.PartialResponse(attachment=PICTURE),
    )
    client = connect(open_poe([bot]))
    link = "![moon.png](https://a.example/moon.png)"
    assert say(client, model="Says").choices[0].message.content == f"Done.\n\n{link}"
    chunks = say(client, model="Says", stream=True)
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == f"Thinking..\n\nDone.\n\n{link}"


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (fp.ErrorResponse(text="no tide", error_type="insufficient_fund"), openai.APIStatusError),
        (fp.ErrorResponse(text="no tide", error_type="user_caused_error"), openai.BadRequestError),
        (fp.ErrorResponse(text="no tide", error_type="privacy_authorization_error"), openai.PermissionDeniedError),
        (fp.ErrorResponse(text="no tide"), openai.InternalServerError),
    ],
)
def test_an_error_is_one_of_openais(
    open_poe: OpenPoe, connect: Connect, response: fp.ErrorResponse, error: type[openai.APIStatusError]
) -> None:
    client = connect(open_poe([Says(response)]))
    with pytest.raises(error, match="no tide"):
        say(client, model="Says")
    with pytest.raises(openai.APIError, match="no tide"):
        list(say(client, model="Says", stream=True))


def test_only_what_may_be_tried_again_is(open_poe: OpenPoe, connect: Connect) -> None:
    poe = open_poe(doubles={"a": [fp.ErrorResponse(text="no", allow_retry=False), "late"]})
    with pytest.raises(openai.InternalServerError):
        say(connect(poe).with_options(max_retries=2), model="a")
    poe = open_poe(doubles={"a": [fp.ErrorResponse(text="no"), "late"]})
    assert say(connect(poe).with_options(max_retries=2), model="a").choices[0].message.content == "late"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"n": 2}, "only one answer"),
        ({"messages": []}, "no message"),
        ({"messages": [{"role": "king", "content": "x"}]}, "no role 'king'"),
        ({"messages": [{"role": "user", "content": 3}]}, "a text, or a list of parts"),
        ({"messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "'smell' is not known"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x!"}}]}]}, "base64"),
        ({"tools": [{"type": "function"}]}, "only functions"),
        ({"temperature": "hot"}, "temperature"),
        ({"model": ""}, "the name of a bot"),
    ],
)
def test_odd_questions_are_refused_with_the_reason(
    open_poe: OpenPoe, connect: Connect, more: dict[str, Any], words: str
) -> None:
    body: Any = {"model": "Keeps", "messages": [{"role": "user", "content": "hi"}], **more}
    with pytest.raises(openai.BadRequestError, match=words):
        connect(open_poe([Keeps()])).chat.completions.create(**body)


def test_keys_names_and_rates_are_looked_at(open_poe: OpenPoe, connect: Connect) -> None:
    poe = open_poe([Keeps()], limits={"requests_a_minute": 2})
    client = connect(poe)
    with pytest.raises(openai.AuthenticationError, match="neither that of this local Poe"):
        say(client.with_options(api_key="wrong"))
    with pytest.raises(openai.NotFoundError, match="There is no bot Keps here"):
        say(client, model="Keps")
    say(client)
    with pytest.raises(openai.RateLimitError, match="More than 2 requests"):
        say(client)
    assert status_and_error(poe, "v1/chat/completions", None)[0] == 401


def test_limits_hold_here_too(open_poe: OpenPoe, connect: Connect) -> None:
    client = connect(open_poe([Says("a", "b", "c")], limits={"events": 2}))
    with pytest.raises(openai.APIError, match="more than 2 events"):
        say(client, model="Says")


async def test_the_asynchronous_client_works_too(open_poe: OpenPoe) -> None:
    poe = open_poe([Keeps()])
    async with openai.AsyncOpenAI(base_url=f"{poe.base_url}v1", api_key=poe.api_key) as client:
        answer = await client.chat.completions.create(model="Keeps", messages=[{"role": "user", "content": "hi"}])
        assert answer.choices[0].message.content == "hi"


def test_a_bot_in_a_cell_is_a_model_too(connect: Connect) -> None:
    with fp.serve(Keeps(), "tides", port=0):
        poe: Any = fp.local_poe()
        assert say(connect(poe), "ebb", model="tides").choices[0].message.content == "ebb"


# -- responses ----------------------------------------------------------------------------------------------------


def test_a_response_is_given(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    answer = connect(open_poe([bot])).responses.create(model="Keeps", input="How deep?", instructions="Be brief.")
    assert (answer.status, answer.output_text) == ("completed", "How deep?")
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (6, 3)
    assert [(message.role, message.content) for message in bot.last.query] == [
        ("system", "Be brief."),
        ("user", "How deep?"),
    ]


def test_a_response_streams(open_poe: OpenPoe, connect: Connect) -> None:
    client = connect(open_poe([Says("a", "b")]))
    events = list(client.responses.create(model="Says", input="hi", stream=True))
    assert [event.type for event in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(10))
    assert events[-1].response.output_text == "ab"


def test_openais_own_helper_folds_the_stream(open_poe: OpenPoe, connect: Connect) -> None:
    client = connect(open_poe([Says("a", "b")]))
    with client.responses.stream(model="Says", input="hi") as stream:
        assert stream.get_final_response().output_text == "ab"
    with client.chat.completions.stream(model="Says", messages=[{"role": "user", "content": "hi"}]) as completions:
        assert completions.get_final_completion().choices[0].message.content == "ab"


def test_a_conversation_goes_on_from_a_response(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    client = connect(open_poe([bot]))
    first = client.responses.create(model="Keeps", input="one")
    second = client.responses.create(model="Keeps", input="two", previous_response_id=first.id)
    *_, last = client.responses.create(model="Keeps", input="three", previous_response_id=second.id, stream=True)
    told = [(message.role, message.content) for message in bot.last.query]
    assert told == [("user", "one"), ("bot", "one"), ("user", "two"), ("bot", "two"), ("user", "three")]
    assert last.response.previous_response_id == second.id
    with pytest.raises(openai.NotFoundError, match="no response resp_x"):
        client.responses.create(model="Keeps", input="four", previous_response_id="resp_x")


@pytest.mark.parametrize("stream", [False, True])
def test_a_response_calls_functions(open_poe: OpenPoe, connect: Connect, stream: bool) -> None:
    client = connect(open_poe([Calls]))
    tools: Any = [{"type": "function", **TOOL}, {"type": "web_search"}]
    if stream:
        *events, last = client.responses.create(model="Calls", input="How deep?", tools=tools, stream=True)
        assert "response.function_call_arguments.done" in [event.type for event in events]
        first = last.response
    else:
        first = client.responses.create(model="Calls", input="How deep?", tools=tools)
    (call,) = first.output
    assert call.type == "function_call"
    assert (call.name, json.loads(call.arguments), call.call_id) == ("depth", {"at": 3}, "call_1")
    result: Any = [{"type": "function_call_output", "call_id": "call_1", "output": "6"}]
    answer = client.responses.create(model="Calls", input=result, previous_response_id=first.id, tools=tools)
    assert answer.output_text == "It is 6 m deep."


def test_items_of_input_are_messages_and_files(open_poe: OpenPoe, connect: Connect) -> None:
    bot = Keeps()
    csv = base64.b64encode(b"a,b\n").decode()
    items: Any = [
        {"role": "user", "content": "hi"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hello"}]},
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "read"},
                {"type": "input_file", "filename": "a.csv", "file_data": f"data:text/csv;base64,{csv}"},
                {"type": "input_image", "image_url": "https://a.example/moon.png", "detail": "auto"},
            ],
        },
    ]
    connect(open_poe([bot])).responses.create(model="Keeps", input=items)
    assert [message.content for message in bot.last.query if message.sender is None] == ["hi", "hello", "read"]
    assert [file.name for file in bot.last.query[-1].attachments] == ["a.csv", "moon.png"]


def test_a_response_that_fails_says_so(open_poe: OpenPoe, connect: Connect) -> None:
    client = connect(open_poe([Says(fp.ErrorResponse(text="no tide"))]))
    with pytest.raises(openai.InternalServerError, match="no tide"):
        client.responses.create(model="Says", input="hi")
    *_, last = client.responses.create(model="Says", input="hi", stream=True)
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert last.response.error.message == "no tide"


@pytest.mark.parametrize(
    ("input", "words"),
    [(3, "a text, or a list of items"), ([{"type": "smell"}], "'smell' is not known"), ([], "no message")],
)
def test_odd_input_is_refused_with_the_reason(open_poe: OpenPoe, connect: Connect, input: Any, words: str) -> None:
    with pytest.raises(openai.BadRequestError, match=words):
        connect(open_poe([Keeps()])).responses.create(model="Keeps", input=input)
