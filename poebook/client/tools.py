"""Function calling: pieces of calls put together, functions run, their results sent."""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from poebook.errors import BotError
from poebook.protocol import (
    FunctionCallDefinition,
    FunctionCallDefinitionDelta,
    PartialResponse,
    ToolCallDefinition,
    ToolCallDefinitionDelta,
    ToolResultDefinition,
)

Ask = Callable[..., AsyncGenerator[PartialResponse, None]]
Function = Callable[..., Any]  # an author's own


async def stream_with_tools(ask: Ask, executables: Sequence[Function] | None) -> AsyncGenerator[PartialResponse, None]:
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
            if text:
                yield PartialResponse(text=text, index=reply.index)
            if deltas and executables is None:
                yield PartialResponse(text="", tool_calls=deltas, index=reply.index)
            elif deltas:
                calls.add(deltas)
    wanted = calls.whole()
    if not wanted or not executables:
        return
    results = [await _run(call, executables) for call in wanted]
    second = ask(tool_calls=wanted, tool_results=results)
    async with contextlib.aclosing(second):
        async for reply in second:
            pieces = _pieces(reply)
            if pieces is None:
                yield reply
            elif pieces[0]:
                yield PartialResponse(text=pieces[0], index=reply.index)


class _Calls:
    """Calls that come in pieces, by their index."""

    def __init__(self) -> None:
        self._calls: dict[int, ToolCallDefinition] = {}

    def add(self, deltas: list[ToolCallDefinitionDelta]) -> None:
        for delta in deltas:
            call = self._calls.get(delta.index)
            if call is not None:
                call.function.arguments += delta.function.arguments
            elif delta.id and delta.type and delta.function.name:
                function = FunctionCallDefinition(name=delta.function.name, arguments=delta.function.arguments)
                self._calls[delta.index] = ToolCallDefinition(id=delta.id, type=delta.type, function=function)

    def whole(self) -> list[ToolCallDefinition]:
        return [self._calls[index] for index in sorted(self._calls)]


def _pieces(reply: PartialResponse) -> tuple[str, list[ToolCallDefinitionDelta]] | None:
    """The text and the pieces of calls in an OpenAI chunk; None for a reply that is none. Null is as if absent."""
    choices = (reply.data or {}).get("choices")
    if not choices:
        return None
    choice = choices[0]
    if choice.get("finish_reason") is not None:
        return "", []
    delta = choice.get("delta") or {}
    return delta.get("content") or "", [_delta(piece) for piece in delta.get("tool_calls") or []]


def _delta(piece: dict[str, Any]) -> ToolCallDefinitionDelta:
    function = piece.get("function") or {}
    return ToolCallDefinitionDelta(
        index=piece.get("index") or 0,
        id=piece.get("id"),
        type=piece.get("type"),
        function=FunctionCallDefinitionDelta(name=function.get("name"), arguments=function.get("arguments") or ""),
    )


async def _run(call: ToolCallDefinition, executables: Sequence[Function]) -> ToolResultDefinition:
    """Call the function that *call* names; what it raises escapes."""
    known = {name_of(function): function for function in executables}
    function = known.get(call.function.name)
    if function is None:
        raise BotError(f"The bot called the tool {call.function.name}; known are: {', '.join(known)}.")
    result = function(**json.loads(call.function.arguments or "{}"))
    if inspect.isawaitable(result):
        result = await result
    return ToolResultDefinition(role="tool", name=call.function.name, tool_call_id=call.id, content=json.dumps(result))


def name_of(function: Function) -> str:
    """The name a tool is called by; a partial has its function's.

    >>> name_of(functools.partial(len))
    'len'
    """
    while isinstance(function, functools.partial):
        function = function.func
    return str(getattr(function, "__name__", None) or type(function).__name__)
