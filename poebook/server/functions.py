"""A bot made of functions, for those who need no class."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from poebook.errors import InsufficientFundError, InvalidSetup
from poebook.protocol import ErrorResponse
from poebook.server.bot import PoeBot
from poebook.server.handlers import name_of, responses, value

HOOKS = ("get_response", "get_settings", "on_feedback", "on_reaction", "on_error")

Function = Callable[..., Any]  # an author's own, of any of the accepted shapes


def bot_from_functions(functions: Mapping[str, Function], name: str | None = None) -> PoeBot:
    """A bot that answers by ``functions["get_response"]``; the other hooks may stand beside it.

    A function takes ``request``, or ``self, request``, or ``request, context``. It may be an async generator, a
    generator, an async function or a function, and yields or returns strings or responses. Raises InvalidSetup.

    >>> def get_response(request):
    ...     return request.query[-1].content.upper()
    >>> bot_from_functions({"get_response": get_response}, "shout").bot_name
    'shout'
    """
    if "get_response" not in functions:
        raise InvalidSetup("A bot needs a function get_response.")
    members = {
        method: _METHODS[hook](_adapted(functions[hook], hook))
        for hook, method in _HOOK_METHODS.items()
        if hook in functions
    }
    made: type[PoeBot] = type(name or "FunctionBot", (PoeBot,), members)
    return made(bot_name=name)


def _adapted(function: Function, hook: str) -> Function:
    """*function* as one that takes ``self, request, context``."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = [p.name for p in positional]
    needed = sum(p.default is p.empty for p in positional)
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    has_self = bool(names) and names[0] == "self"
    takes = len(names) - has_self
    if open_ended or takes >= 1:
        wants_context = "context" in names or needed - has_self >= 2 or (open_ended and takes >= 2)
        if needed - has_self <= 1 + wants_context:
            return _Arranged(function, has_self, wants_context)
    raise InvalidSetup(
        f"{hook} takes ({', '.join(names)}); it should take (request), (self, request) or (request, context)."
    )


class _Arranged:
    """A function that takes ``self, request, context`` and hands on what the author's own takes."""

    def __init__(self, function: Function, has_self: bool, wants_context: bool) -> None:
        self.__wrapped__ = function
        self.__qualname__ = name_of(function)
        self._has_self, self._wants_context = has_self, wants_context

    def __call__(self, bot: object, request: object, context: object) -> Any:
        first = (bot,) if self._has_self else ()
        last = (context,) if self._wants_context else ()
        return self.__wrapped__(*first, request, *last)


def _answers(function: Function) -> Function:
    async def get_response_with_context(self: PoeBot, request: Any, context: Any) -> AsyncIterable[Any]:
        try:
            async with aclosing(responses(function, self, request, context)) as answer:
                async for response in answer:
                    yield response
        except InsufficientFundError:
            yield ErrorResponse(text="", error_type="insufficient_fund")

    get_response_with_context.__qualname__ = name_of(function)
    return get_response_with_context


def _replies(function: Function) -> Function:
    async def hook(self: PoeBot, request: Any, context: Any) -> Any:
        return await value(function, self, request, context)

    return hook


_HOOK_METHODS = {
    "get_response": "get_response_with_context",
    "get_settings": "get_settings_with_context",
    "on_feedback": "on_feedback_with_context",
    "on_reaction": "on_reaction_with_context",
    "on_error": "on_error_with_context",
}
_METHODS: dict[str, Callable[[Function], Function]] = {
    hook: _answers if hook == "get_response" else _replies for hook in HOOKS
}
