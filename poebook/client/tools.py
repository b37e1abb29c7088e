"""Function calling: pieces of calls put together, functions run, their results sent."""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
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


class ToolLoop(list[Function]):
    """Functions for ``tool_executables``, with leave to be called in several rounds.

    A bot that has read its tools' results may call more of them, up to *rounds* times; after that BotErrorNoRetry is
    raised. A plain list means one round.

    >>> ToolLoop([len], rounds=5).rounds
    5
    """

    def __init__(self, functions: Iterable[Function] = (), *, rounds: int = 10) -> None:
        super().__init__(functions)
        self.rounds = rounds


async def stream_with_tools(
    ask: Ask, tools: Sequence[ToolDefinition], executables: Sequence[Function] | None, bot_name: str
) -> AsyncGenerator[PartialResponse, None]:
    """What a bot answers that may call tools; *ask* asks it, with ``tool_calls`` and ``tool_results`` after a round.

    Without *executables*, and without tools that bring their functions along, the pieces of calls are handed out,
    and the caller runs them.
    """
    functions = executables if executables is not None else _brought(tools)
    rounds = getattr(functions, "rounds", 1)
    called: list[ToolCallDefinition] = []
    results: list[ToolResultDefinition] = []
    for number in range(rounds + 1):
        calls = _Calls()
        answer = ask(tool_calls=called, tool_results=results) if called else ask()
        async with contextlib.aclosing(answer):
            async for reply in answer:
                if number == rounds == 1:  # one round: what comes after it is handed out as it is
                    yield reply
                    continue
                for part in _parts(reply, calls, hand_out=functions is None):
                    yield part
        wanted = calls.whole()
        if not wanted or not functions:
            return
        if number == rounds:
            words = f"{bot_name} calls tools still, after {rounds} rounds; ToolLoop(..., rounds=N) allows more."
            raise BotErrorNoRetry(words, bot_name=bot_name, reason=words)
        found = _found(wanted, tools, functions, bot_name)
        results = results + [await _run(call, one, bot_name) for call, one in zip(wanted, found, strict=True)]
        called = called + wanted


def _brought(tools: Sequence[ToolDefinition]) -> list[Function] | None:
    """The functions of tools that ``fp.tool`` made; None where there are none."""
    return [one for one in tools if callable(one)] or None


def _parts(reply: PartialResponse, calls: _Calls, *, hand_out: bool) -> list[PartialResponse]:
    """What of *reply* is for the caller; pieces of calls are added to *calls*."""
    pieces = _pieces(reply)
    if pieces is None:
        return [reply]
    text, deltas = pieces
    parts = []
    if text or (text is not None and not deltas):
        parts.append(PartialResponse(text=text, index=reply.index))
    if deltas and hand_out:
        parts.append(PartialResponse(text="", tool_calls=deltas, index=reply.index))
    calls.add(deltas)
    return parts


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
    if isinstance(function, ToolDefinition):
        return function.function.name
    while isinstance(function, functools.partial):
        function = function.func
    return str(getattr(function, "__name__", None) or type(function).__name__)
