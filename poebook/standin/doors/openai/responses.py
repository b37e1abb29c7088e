"""``POST /v1/responses``: text and calls of functions, whole or streamed; answers go on from earlier ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.standin.doors.door import json_of, ping, route, stream
from poebook.standin.doors.openai.asking import Asked, admitted, ask
from poebook.standin.doors.openai.reply import CallPart, Reply, Text
from poebook.standin.refused import Refused
from poebook.standin.state import State
from poebook.wire.ids import new_id

Json = dict[str, Any]
_KEPT = 1000  # answers from which a conversation may go on


async def respond(state: State, request: Request) -> Response:
    asker, headers = admitted(state, request)
    body = await json_of(request)
    messages = [*_earlier(state, body), *_messages(body.get("input"))]
    instructions = body.get("instructions")
    system = [{"role": "system", "content": instructions}] if isinstance(instructions, str) and instructions else []
    given = body.get("tools") or []
    if not isinstance(given, list):
        raise Refused(400, "tools: a list is wanted.")
    tools = [_tool(tool) for tool in given if _is_function(tool)]
    asked = await ask(state, asker, headers, body, [*system, *messages], tools)
    head = _head(state, body)
    if body.get("stream"):
        return stream(_events(state, asked, head, messages), headers)
    reply = await asked.whole()
    output = _output(reply, new_id("m"))
    _keep(state, head["id"], messages, reply)
    answer = {**head, "status": "completed", "output": output, "usage": _usage(asked)}
    return JSONResponse(answer, headers=headers)


def _head(state: State, body: Json) -> Json:
    return {
        "id": f"resp_{new_id('r')[2:]}",
        "object": "response",
        "created_at": int(state.clock()),
        "status": "in_progress",
        "model": body["model"],
        "instructions": body.get("instructions"),
        "previous_response_id": body.get("previous_response_id"),
        "output": [],
        "error": None,
        "incomplete_details": None,
        "metadata": body.get("metadata") or {},
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "temperature": body.get("temperature"),
        "top_p": body.get("top_p"),
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "usage": None,
    }


# -- what comes in ------------------------------------------------------------------------------------------------


def _earlier(state: State, body: Json) -> list[Json]:
    """What was said up to the answer from which this question goes on."""
    id = body.get("previous_response_id")
    if id is None:
        return []
    if not isinstance(id, str):
        raise Refused(400, "previous_response_id: the id of a response is wanted.")
    if id not in state.responses:
        raise Refused(404, f"previous_response_id: there is no response {id}.")
    return state.responses[id]


def _keep(state: State, id: str, messages: list[Json], reply: Reply) -> None:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in reply.calls.values()
    ]
    said = [{"role": "assistant", "content": reply.text}] if reply.text else []
    called = [{"role": "assistant", "content": None, "tool_calls": calls}] if calls else []
    state.responses[id] = [*messages, *said, *called]
    while len(state.responses) > _KEPT:
        state.responses.popitem(last=False)


def _messages(given: object) -> list[Json]:
    """Input items as messages of chat completions."""
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise Refused(400, "input: a text, or a list of items, is wanted.")
    messages: list[Json] = []
    for place, item in enumerate(given):
        kind = item.get("type", "message")
        if kind == "message":
            messages.append({"role": item.get("role"), "content": item.get("content")})
        elif kind == "function_call":
            function = {"name": item.get("name"), "arguments": item.get("arguments")}
            call = {"id": item.get("call_id"), "type": "function", "function": function}
            if messages and messages[-1].get("tool_calls"):
                messages[-1]["tool_calls"].append(call)
            else:
                messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        elif kind == "function_call_output":
            messages.append({"role": "tool", "tool_call_id": item.get("call_id"), "content": item.get("output")})
        elif kind != "reasoning":  # which says nothing to another bot
            raise Refused(400, f"input.{place}: an item of the type {kind!r} is not known.")
    return messages


def _is_function(tool: object) -> bool:
    """Whether a tool is the asker's own; those of OpenAI's, such as web search, are the bot's own affair."""
    return not isinstance(tool, dict) or tool.get("type") == "function"


def _tool(tool: Any) -> Json:  # parsed JSON
    if not isinstance(tool, dict):
        raise Refused(400, "tools: a tool is an object.")
    return {"type": "function", "function": {name: value for name, value in tool.items() if name != "type"}}


# -- what goes out ------------------------------------------------------------------------------------------------


def _output(reply: Reply, id: str) -> list[Json]:
    items = [_said(id, reply.text)] if reply.text or not reply.calls else []
    return [*items, *(_called(call.id, call.name, call.arguments) for call in reply.calls.values())]


def _said(id: str, text: str, status: str = "completed") -> Json:
    part = _part(text)
    return {"id": id, "type": "message", "role": "assistant", "status": status, "content": [part]}


def _part(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _called(id: str, name: str, arguments: str, status: str = "completed") -> Json:
    return {
        "id": f"fc_{id}",
        "type": "function_call",
        "call_id": id,
        "name": name,
        "arguments": arguments,
        "status": status,
    }


def _usage(asked: Asked) -> Json:
    question, answer = asked.counted()
    return {
        "input_tokens": question,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": answer,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": question + answer,
    }


async def _events(state: State, asked: Asked, head: Json, messages: list[Json]) -> AsyncIterator[bytes]:
    writer = _Writer()
    yield writer.event("response.created", response=head)
    yield writer.event("response.in_progress", response=head)
    async for piece in asked.pieces():
        if piece is None:
            yield ping()
        elif isinstance(piece, Text):
            for event in writer.text(piece.text):
                yield event
        else:
            for event in writer.call(piece):
                yield event
    reply = asked.reply
    if reply.error is not None:
        error = {"code": "server_error", "message": reply.error.message}
        yield writer.event("response.failed", response={**head, "status": "failed", "error": error})
        return
    for event in writer.close(reply):
        yield event
    _keep(state, head["id"], messages, reply)
    whole = {**head, "status": "completed", "output": _output(reply, writer.id), "usage": _usage(asked)}
    yield writer.event("response.completed", response=whole)


class _Writer:
    """Writes the events of one response: numbers them, and opens and closes its items."""

    def __init__(self) -> None:
        self.id = new_id("m")
        self._number = 0
        self._items: dict[str, int] = {}  # the places of the message ("") and of the calls, by their ids
        self._calls: dict[int, str] = {}  # the ids of calls by the bot's own index
        self._text = ""

    def event(self, kind: str, **fields: Any) -> bytes:
        data = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return f"event: {kind}\r\ndata: {json.dumps(data)}\r\n\r\n".encode()

    def text(self, text: str) -> list[bytes]:
        events = []
        if "" not in self._items:
            place = self._items[""] = len(self._items)
            item = {**_said(self.id, "", "in_progress"), "content": []}
            events.append(self.event("response.output_item.added", output_index=place, item=item))
            events.append(self.event("response.content_part.added", **self._where(), part=_part("")))
        self._text += text
        return [*events, self.event("response.output_text.delta", **self._where(), delta=text, logprobs=[])]

    def call(self, piece: CallPart) -> list[bytes]:
        events = []
        if piece.id is not None and piece.name is not None:
            self._calls[piece.place] = piece.id
            place = self._items[piece.id] = len(self._items)
            item = _called(piece.id, piece.name, "", "in_progress")
            events.append(self.event("response.output_item.added", output_index=place, item=item))
        id = self._calls[piece.place]
        where = {"item_id": f"fc_{id}", "output_index": self._items[id]}
        return [*events, self.event("response.function_call_arguments.delta", **where, delta=piece.arguments)]

    def close(self, reply: Reply) -> list[bytes]:
        events = [] if self._items else self.text("")
        if "" in self._items:
            whole = _said(self.id, self._text)
            events += [
                self.event("response.output_text.done", **self._where(), text=self._text, logprobs=[]),
                self.event("response.content_part.done", **self._where(), part=_part(self._text)),
                self.event("response.output_item.done", output_index=self._items[""], item=whole),
            ]
        for call in reply.calls.values():
            place, item = self._items[call.id], _called(call.id, call.name, call.arguments)
            where = {"item_id": item["id"], "output_index": place}
            events += [
                self.event("response.function_call_arguments.done", **where, name=call.name, arguments=call.arguments),
                self.event("response.output_item.done", output_index=place, item=item),
            ]
        return events

    def _where(self) -> Json:
        return {"item_id": self.id, "output_index": self._items[""], "content_index": 0}


ROUTES = [route("/v1/responses", respond)]
