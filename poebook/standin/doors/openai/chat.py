"""``POST /v1/chat/completions``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.standin.doors.door import json_of, ping, route, stream
from poebook.standin.doors.openai.asking import Asked, admitted, ask
from poebook.standin.doors.openai.reply import Piece, Reply, Text
from poebook.standin.state import State
from poebook.wire.ids import new_id


async def complete(state: State, request: Request) -> Response:
    asker, headers = admitted(state, request)
    body = await json_of(request)
    asked = await ask(state, asker, headers, body, body.get("messages"), body.get("tools") or [])
    head = {
        "id": f"chatcmpl-{new_id('c')[2:]}",
        "created": int(state.clock()),
        "model": body["model"],
    }
    if body.get("stream"):
        options = body.get("stream_options")
        wants_usage = isinstance(options, dict) and options.get("include_usage") is True
        return stream(_chunks(asked, {**head, "object": "chat.completion.chunk"}, wants_usage), headers)
    reply = await asked.whole()
    choice = {
        "index": 0,
        "message": _message(reply),
        "finish_reason": reply.finish_reason,
        "logprobs": None,
    }
    answer = {**head, "object": "chat.completion", "choices": [choice], "usage": _usage(asked)}
    return JSONResponse(answer, headers=headers)


def _message(reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None, "refusal": None}
    if reply.calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in reply.calls.values()
        ]
    return message


def _usage(asked: Asked) -> dict[str, int]:
    question, answer = asked.counted()
    return {"prompt_tokens": question, "completion_tokens": answer, "total_tokens": question + answer}


async def _chunks(asked: Asked, head: dict[str, Any], wants_usage: bool) -> AsyncIterator[bytes]:
    def chunk(delta: dict[str, Any] | None, finish_reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return _data({**head, "choices": [] if delta is None else [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    async for piece in asked.pieces():
        yield ping() if piece is None else chunk(_delta(piece))
    if asked.reply.error is not None:
        yield _data(asked.reply.error.body())
        return
    yield chunk({}, asked.reply.finish_reason)
    if wants_usage:
        yield chunk(None, usage=_usage(asked))
    yield b"data: [DONE]\r\n\r\n"


def _delta(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Text):
        return {"content": piece.text}
    function: dict[str, Any] = {"arguments": piece.arguments}
    call: dict[str, Any] = {"index": piece.place, "function": function}
    if piece.id is not None:
        function["name"] = piece.name
        call |= {"id": piece.id, "type": "function"}
    return {"tool_calls": [call]}


def _data(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content)}\r\n\r\n".encode()


ROUTES = [route("/v1/chat/completions", complete)]
