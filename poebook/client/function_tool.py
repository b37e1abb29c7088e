"""A function as a tool: its definition made of its type hints and its docstring."""

from __future__ import annotations

import functools
import inspect
import re
import typing
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, Field, PrivateAttr, create_model
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from poebook.errors import InvalidSetup
from poebook.protocol import FunctionDefinition, ParametersDefinition, ToolDefinition

Function = Callable[..., Any]  # an author's own

# "Args:" and its like begin the part of a docstring that tells of parameters one by one.
_PART = re.compile(r"^(?:Args|Arguments|Parameters):\s*$", re.MULTILINE)
_ITEM = re.compile(r"^\s+\*{0,2}(\w+)(?:\s*\([^)]*\))?:\s*(.+(?:\n\s{6,}\S.*)*)", re.MULTILINE)
_FIELD = re.compile(r"^\s*:param\s+(?:[\w\[\], .|]+\s+)?(\w+):\s*(.+(?:\n\s{4,}[^:\s].*)*)", re.MULTILINE)
_SECTION = re.compile(r"^(?:Args|Arguments|Parameters|Returns|Raises|Yields|Examples?):\s*$|^\s*:\w+", re.MULTILINE)


class FunctionTool(ToolDefinition):
    """A tool definition that knows its function; made by ``fp.tool``. Calling it calls the function.

    >>> twice = tool(lambda text: text * 2, name="twice", description="Says it twice.")
    >>> twice.function.name, twice("hi")
    ('twice', 'hihi')
    """

    _function: Function = PrivateAttr()

    @property
    def executable(self) -> Function:
        """The function itself, for ``tool_executables``."""
        return self._function

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._function(*arguments, **named)


def tool(function: Function, *, name: str | None = None, description: str | None = None) -> FunctionTool:
    """Make a tool of *function*, also as a decorator.

    Types come from its hints, descriptions from its docstring (``Args:`` or ``:param x:``) or from
    ``Annotated[..., Field(description=...)]``. Give the tools to ``stream_request(..., tools=[...])``; they bring
    their functions along, so ``tool_executables`` can be left out. Raises InvalidSetup for a function whose
    parameters cannot be named in JSON.

    >>> def weather(city: str, days: int = 1) -> str:
    ...     '''The weather in a city.
    ...
    ...     Args:
    ...         city: Where.
    ...     '''
    ...     return f"{city}: sun for {days} days"
    >>> made = tool(weather)
    >>> made.function.name, made.function.parameters.required
    ('weather', ['city'])
    >>> made.function.parameters.properties["city"]
    {'description': 'Where.', 'type': 'string'}
    """
    plain = function
    while isinstance(plain, functools.partial):
        plain = plain.func
    called = name or getattr(plain, "__name__", None) or type(plain).__name__
    text = inspect.cleandoc(plain.__doc__ or "")
    schema = _schema(function, plain, called, _told(text))
    made = FunctionTool(
        type="function",
        function=FunctionDefinition(
            name=called,
            description=description or _SECTION.split(text, maxsplit=1)[0].strip(),
            parameters=ParametersDefinition(
                type="object", properties=schema.get("properties", {}), required=schema.get("required")
            ),
        ),
    )
    made._function = function
    return made


def _schema(function: Function, plain: Function, called: str, told: dict[str, str]) -> dict[str, Any]:
    """The JSON schema of the parameters, without titles, with what they refer to put in place."""
    try:
        signature = inspect.signature(function)
        hints = typing.get_type_hints(plain, include_extras=True)
        fields: dict[str, Any] = {
            one.name: _field(one, hints.get(one.name, Any), told.get(one.name)) for one in signature.parameters.values()
        }
        model: type[BaseModel] = create_model(called, **fields)
        schema = model.model_json_schema()
    except (PydanticSchemaGenerationError, PydanticUserError, NameError, TypeError, ValueError) as error:
        raise InvalidSetup(f"{called} cannot be a tool: {str(error).splitlines()[0]}") from None
    return typing.cast("dict[str, Any]", _flat(schema, schema.get("$defs", {})))


def _field(parameter: inspect.Parameter, hint: Any, words: str | None) -> Any:  # what pydantic takes as a field
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
        raise ValueError(f"its parameter {parameter} has no name that a call in JSON could use.")
    default = ... if parameter.default is parameter.empty else parameter.default
    if words is None:
        return (hint, default)
    return (typing.Annotated[hint, Field(description=words)], default)


def _told(text: str) -> dict[str, str]:
    """What a docstring says of each parameter."""
    part = _PART.search(text)
    found = _ITEM.findall(text[part.end() :].partition("\n\n")[0]) if part else []
    return {name: " ".join(words.split()) for name, words in [*found, *_FIELD.findall(text)]}


def _flat(value: Any, definitions: dict[str, Any], within: tuple[str, ...] = ()) -> Any:  # any JSON
    """*value* without titles and references, for bots read neither; what refers to itself ends there."""
    if isinstance(value, list):
        return [_flat(one, definitions, within) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        name = str(value["$ref"]).rpartition("/")[2]
        return {"type": "object"} if name in within else _flat(definitions[name], definitions, (*within, name))
    kept = {key: one for key, one in value.items() if key != "$defs" and not (key == "title" and isinstance(one, str))}
    return {key: _flat(one, definitions, within) for key, one in kept.items()}
