"""Function calling: pieces of calls put together, functions run, their results sent."""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from pydantic import BaseModel

from poebook.errors import BotErrorNoRetry
from poebook.protocol import (
    FunctionCallDefinition,
    FunctionCallDefinitionDelta,
    PartialResponse,
    ToolCallDefinition,
    ToolCallDefinitionDelta,
    ToolDefinition,
    ToolResultDefinition,
)

Ask = Callable[..., AsyncGenerator[PartialResponse, None]]
Function = Callable[..., Any]  # an author's own

NAMELESS = "poebook_nameless"  # marks what stands for a callable without a name


async def stream_with_tools(
    ask: Ask, tools: Sequence[ToolDefinition], executables: Sequence[Function] | None, bot_name: str
) -> AsyncGenerator[PartialResponse, None]:
    """What a bot answers that may call tools; *ask* asks it, with ``tool_calls`` and ``tool_results`` the second time.

    Without *executables* the pieces of calls are handed out, and the caller runs them.
    """
    calls = _Calls()
    first = ask()
    async with contextlib.aclosing(first):
        async for reply in first:
            pieces = _pieces(reply)
            if pieces is None:
                yield reply
                continue
            text, deltas = pieces
            if text or (text is not None and not deltas):
                yield PartialResponse(text=text, index=reply.index)
            if deltas and executables is None:
                yield PartialResponse(text="", tool_calls=deltas, index=reply.index)
            calls.add(deltas)
    wanted = calls.whole()
    if not wanted or not executables:
        return
    functions = _found(wanted, tools, executables, bot_name)
    results = [await _run(call, function, bot_name) for call, function in zip(wanted, functions, strict=True)]
    second = ask(tool_calls=wanted, tool_results=results)
    async with contextlib.aclosing(second):
        async for reply in second:
            yield reply


class _Calls:
    """Calls that come in pieces, by their index."""

    def __init__(self) -> None:
        self._calls: dict[int, ToolCallDefinition] = {}

    def add(self, deltas: list[ToolCallDefinitionDelta]) -> None:
        for delta in deltas:
            call = self._calls.get(delta.index)
            if call is not None:
                call.function.arguments += delta.function.arguments
            elif delta.id is not None and delta.type is not None and delta.function.name is not None:
                function = FunctionCallDefinition(name=delta.function.name, arguments=delta.function.arguments)
                self._calls[delta.index] = ToolCallDefinition(id=delta.id, type=delta.type, function=function)

    def whole(self) -> list[ToolCallDefinition]:
        return list(self._calls.values())


def _pieces(reply: PartialResponse) -> tuple[str | None, list[ToolCallDefinitionDelta]] | None:
    """The text and the pieces of calls in an OpenAI chunk; None for a reply that is none. Null is as if absent."""
    choices = (reply.data or {}).get("choices")
    if not choices or not isinstance(choices, list):
        return None
    choice = _dict(choices[0])
    if choice.get("finish_reason") is not None:
        return None, []
    delta = _dict(choice.get("delta"))
    calls = delta.get("tool_calls")
    pieces = [_delta(piece) for piece in calls if isinstance(piece, dict)] if isinstance(calls, list) else []
    return _str(delta.get("content")), pieces


def _delta(piece: dict[str, Any]) -> ToolCallDefinitionDelta:
    function = _dict(piece.get("function"))
    index, arguments = piece.get("index"), function.get("arguments")
    return ToolCallDefinitionDelta(
        index=index if isinstance(index, int) else 0,
        id=_str(piece.get("id")),
        type=_str(piece.get("type")),
        function=FunctionCallDefinitionDelta(name=_str(function.get("name")), arguments=_str(arguments) or ""),
    )


def _dict(value: Any) -> dict[str, Any]:  # whatever the bot sent
    return value if isinstance(value, dict) else {}


def _str(value: Any) -> str | None:  # whatever the bot sent
    return value if isinstance(value, str) else None


def _found(
    calls: Sequence[ToolCallDefinition], tools: Sequence[ToolDefinition], executables: Sequence[Function], bot_name: str
) -> list[Function]:
    """The function for each call, by its name; one without a name of its own has that of the tool at its place."""
    known: dict[str, Function] = {}
    for tool, function in zip(tools, executables, strict=False):
        if is_nameless(function):
            known[tool.function.name] = function
    known |= {name_of(function): function for function in executables}
    for call in calls:
        if call.function.name not in known:
            words = f"{bot_name} called the tool {call.function.name}; known are: {', '.join(known)}."
            raise BotErrorNoRetry(words, bot_name=bot_name, reason=words)
    return [known[call.function.name] for call in calls]


async def _run(call: ToolCallDefinition, function: Function, bot_name: str) -> ToolResultDefinition:
    """Call the function with the bot's arguments; what it raises escapes."""
    try:
        arguments = json.loads(call.function.arguments or "{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        words = f"{bot_name} called the tool {call.function.name} with arguments that are no JSON object."
        raise BotErrorNoRetry(words, bot_name=bot_name, reason=words)
    result = function(**arguments)
    if inspect.isawaitable(result):
        result = await result
    content = json.dumps(result, default=_plain)
    return ToolResultDefinition(role="tool", name=call.function.name, tool_call_id=call.id, content=content)


def _plain(value: object) -> object:
    """Models as JSON objects; all else must be JSON by itself."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"A tool returned a {type(value).__name__}, which cannot be written as JSON.")


def is_nameless(function: Function) -> bool:
    """Whether a callable has no name of its own, so that its tool's may stand for it."""
    return getattr(function, "__name__", None) is None or hasattr(function, NAMELESS)


def name_of(function: Function) -> str:
    """The name a tool is called by; a partial has its function's.

    >>> name_of(functools.partial(len))
    'len'
    """
    while isinstance(function, functools.partial):
        function = function.func
    return str(getattr(function, "__name__", None) or type(function).__name__)
