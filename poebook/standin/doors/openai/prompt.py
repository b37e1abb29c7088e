"""From what an OpenAI client sends to what a bot is asked: pure, but for files, which ``keep`` takes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from pydantic import ValidationError

from poebook.client.documents.kinds import content_type_of
from poebook.protocol import (
    Attachment,
    ProtocolMessage,
    QueryRequest,
    Sender,
    ToolCallDefinition,
    ToolDefinition,
    ToolResultDefinition,
)
from poebook.standin.refused import Refused

Keep = Callable[[str, bytes, str | None], Attachment]  # a file's name, bytes and content type, if that is known
Json = dict[str, Any]

_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "bot"}
_OWN = frozenset(  # fields of OpenAI's that are no parameters of a bot
    [
        "model",
        "messages",
        "input",
        "instructions",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
        "stop",
        "n",
        "tools",
        "tool_choice",
        "logit_bias",
        "parallel_tool_calls",
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
        "user",
        "metadata",
        "store",
        "seed",
        "logprobs",
        "top_logprobs",
        "presence_penalty",
        "frequency_penalty",
        "response_format",
        "service_tier",
        "previous_response_id",
        "reasoning",
        "text",
        "include",
        "truncation",
        "background",
        "prompt",
        "safety_identifier",
        "prompt_cache_key",
        "verbosity",
        "modalities",
        "audio",
        "reasoning_effort",
        "conversation",
        "max_tool_calls",
    ]
)
_PASSED = ("max_tokens", "max_completion_tokens", "max_output_tokens", "top_p", "tool_choice", "seed", "reasoning")


def request_of(body: Json, messages: list[Json], tools: list[Json], keep: Keep) -> QueryRequest:
    """The question in a body whose *messages* and *tools* are in the shape of chat completions. Raises Refused."""
    if body.get("n") not in (None, 1):
        raise Refused(400, "n: only one answer at a time can be had.")
    if not messages:
        raise Refused(400, "messages: there is no message in it.")
    told, calls, results = _told(messages, keep)
    if not told:
        raise Refused(400, "messages: there is no question in it.")
    extra = {name: value for name, value in body.items() if name not in _OWN}
    if extra:
        told[-1] = told[-1].model_copy(update={"parameters": extra})
    stop = body.get("stop")
    passed = {name: body[name] for name in _PASSED if body.get(name) is not None}
    try:
        return QueryRequest.model_validate(
            {
                "version": "1.2",
                "type": "query",
                "query": told,
                "user_id": "",
                "conversation_id": "",
                "message_id": "",
                "temperature": body.get("temperature"),
                "stop_sequences": [stop] if isinstance(stop, str) else stop or [],
                "logit_bias": body.get("logit_bias") or {},
                "tools": None if body.get("tool_choice") == "none" else _tools(tools) or None,
                "tool_calls": calls or None,
                "tool_results": results or None,
                "extra_params": passed or None,
            }
        )
    except ValidationError as error:
        raise _refused(error, "") from None


def _told(
    messages: list[Json], keep: Keep
) -> tuple[list[ProtocolMessage], list[ToolCallDefinition], list[ToolResultDefinition]]:
    """The messages; and, where they end in results of tools, these and their calls, which then are no messages."""
    last = next((n for n in reversed(range(len(messages))) if messages[n].get("role") != "tool"), -1)
    ends_in_results = last >= 0 and last < len(messages) - 1 and bool(messages[last].get("tool_calls"))
    if not ends_in_results:
        return [_message(n, message, keep) for n, message in enumerate(messages)], [], []
    calls = _calls(last, messages[last]["tool_calls"])
    names = {call.id: call.function.name for call in calls}
    results = [_result(one, names) for one in messages[last + 1 :]]
    return [_message(n, message, keep) for n, message in enumerate(messages[:last])], calls, results


def _message(place: int, message: Json, keep: Keep) -> ProtocolMessage:
    role = message.get("role")
    if role == "tool":
        result = _result(message, {}).model_dump()
        return ProtocolMessage(role="tool", content=json.dumps([result]))
    known = _ROLES.get(str(role))
    if known is None:
        raise Refused(400, f"messages.{place}.role: there is no role {role!r}.")
    if message.get("tool_calls"):
        calls = [call.model_dump() for call in _calls(place, message["tool_calls"])]
        return ProtocolMessage(role="bot", message_type="function_call", content=json.dumps(calls))
    text, files = _content(place, message.get("content"), keep)
    name = message.get("name")
    return ProtocolMessage.model_validate(
        {
            "role": known,
            "content": text,
            "attachments": files,
            "sender": Sender(name=name) if isinstance(name, str) else None,
        }
    )


def _content(place: int, content: object, keep: Keep) -> tuple[str, list[Attachment]]:
    if content is None or isinstance(content, str):
        return content or "", []
    if not isinstance(content, list):
        raise Refused(400, f"messages.{place}.content: a text, or a list of parts, is wanted.")
    texts: list[str] = []
    files: list[Attachment] = []
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind in ("text", "input_text", "output_text", "refusal"):
            texts.append(str(part.get("text") or part.get("refusal") or ""))
        elif isinstance(kind, str) and kind in _FILES:
            files.append(_file(place, *_FILES[kind](part), keep))
        else:
            raise Refused(400, f"messages.{place}.content: a part of the type {kind!r} is not known.")
    return "\n\n".join(texts), files


def _image(part: Json) -> tuple[Any, str | None]:
    image = part.get("image_url")
    return (image.get("url") if isinstance(image, dict) else image), None


def _document(part: Json) -> tuple[Any, str | None]:
    file = part.get("file") if isinstance(part.get("file"), dict) else part
    return (file.get("file_data") or file.get("file_url")), file.get("filename")  # type: ignore[union-attr]  # a dict


def _sound(part: Json) -> tuple[Any, str | None]:
    given = part.get("input_audio")
    sound = given if isinstance(given, dict) else {}
    kind = sound.get("format", "wav")
    return f"data:audio/{kind};base64,{sound.get('data', '')}", f"audio.{kind}"


_FILES: dict[Any, Callable[[Json], tuple[Any, str | None]]] = {
    "image_url": _image,
    "input_image": _image,
    "file": _document,
    "input_file": _document,
    "input_audio": _sound,
}


def _file(place: int, source: Any, name: Any, keep: Keep) -> Attachment:
    """The file behind an address, or in one."""
    if name is not None and not isinstance(name, str):
        raise Refused(400, f"messages.{place}.content: the name of a file is a text.")
    if not isinstance(source, str) or not source:
        raise Refused(400, f"messages.{place}.content: a file has a URL, or its bytes as a data URL.")
    if source.startswith(("http://", "https://")):
        called = name or unquote(urlsplit(source).path.rpartition("/")[2]) or "file"
        return Attachment(url=source, content_type=content_type_of(called), name=called)
    head, comma, data = source.removeprefix("data:").partition(",")
    kind = head.partition(";")[0] if comma else None
    is_coded = not comma or head.endswith(";base64")
    try:
        read = base64.b64decode(data if comma else source, validate=True) if is_coded else unquote_to_bytes(data)
    except (binascii.Error, ValueError):
        raise Refused(400, f"messages.{place}.content: the bytes of the file are not in base64.") from None
    return keep(name or f"file.{(kind or 'bin').rpartition('/')[2].partition('+')[0]}", read, kind)


def _calls(place: int, calls: Any) -> list[ToolCallDefinition]:
    if not isinstance(calls, list):
        raise Refused(400, f"messages.{place}.tool_calls: a list is wanted.")
    return [_call(place, call) for call in calls]


def _call(place: int, call: Any) -> ToolCallDefinition:
    try:
        return ToolCallDefinition.model_validate(call)
    except ValidationError as error:
        raise _refused(error, f"messages.{place}.tool_calls") from None


def _result(message: Json, names: dict[str, str]) -> ToolResultDefinition:
    id, content = str(message.get("tool_call_id") or ""), message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    name = names.get(id) or str(message.get("name") or "")
    return ToolResultDefinition(role="tool", tool_call_id=id, name=name, content=str(content or ""))


def _tools(tools: list[Json]) -> list[ToolDefinition]:
    found = []
    for place, tool in enumerate(tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict):
            raise Refused(400, f"tools.{place}: only functions can be tools.")
        wanted = function.get("parameters") or {}
        if not isinstance(wanted, dict):
            raise Refused(400, f"tools.{place}.parameters: a JSON schema is wanted.")
        parameters = {"type": "object", "properties": {}, **wanted}
        whole = {"description": "", **function, "parameters": parameters}
        try:
            found.append(ToolDefinition.model_validate({"type": "function", "function": whole}))
        except ValidationError as error:
            raise _refused(error, f"tools.{place}") from None
    return found


def _refused(error: ValidationError, place: str) -> Refused:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    steps = [place, *map(str, first["loc"])] if place else [str(step) for step in first["loc"]]
    return Refused(400, f"{'.'.join(steps)}: {first['msg']}")
