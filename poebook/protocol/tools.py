"""Function calling, in OpenAI's shapes: what may be called, what is called, what came of it."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from poebook.protocol.model import Model


class ParametersDefinition(Model):
    """A function's parameters, as a JSON schema of an object.

    >>> ParametersDefinition(type="object", properties={"city": {"type": "string"}}).required is None
    True
    """

    type: str
    properties: dict[str, object]
    required: list[str] | None = None


class FunctionDefinition(Model):
    """A function that a bot may call.

    >>> empty = ParametersDefinition(type="object", properties={})
    >>> FunctionDefinition(name="now", description="The time.", parameters=empty).name
    'now'
    """

    name: str
    description: str
    parameters: ParametersDefinition


class ToolDefinition(Model):
    """A tool that a bot may use; ``type`` is ``function``.

    >>> empty = ParametersDefinition(type="object", properties={})
    >>> now = FunctionDefinition(name="now", description="The time.", parameters=empty)
    >>> ToolDefinition(type="function", function=now).function.name
    'now'
    """

    type: str
    function: FunctionDefinition


class CustomToolDefinition(Model):
    """A tool that takes free text; ``format_`` travels as ``format``.

    >>> CustomToolDefinition(name="sql", format={"type": "text"}).format_
    {'type': 'text'}
    """

    model_config = ConfigDict(populate_by_name=True)

    name: str
    description: str | None = None
    format_: dict[str, Any] | None = Field(default=None, alias="format")


class FunctionCallDefinition(Model):
    """Which function is called, with which arguments (JSON in a string).

    >>> FunctionCallDefinition(name="now", arguments="{}").arguments
    '{}'
    """

    name: str
    arguments: str


class ToolCallDefinition(Model):
    """A call that a bot wants to have made.

    >>> call = FunctionCallDefinition(name="now", arguments="{}")
    >>> ToolCallDefinition(id="call-1", type="function", function=call).id
    'call-1'
    """

    id: str
    type: str
    function: FunctionCallDefinition


class CustomCallDefinition(Model):
    """A call of a tool that takes free text; ``input_`` travels as ``input``.

    >>> CustomCallDefinition(name="sql", input="select 1").input_
    'select 1'
    """

    model_config = ConfigDict(populate_by_name=True)

    name: str
    input_: str = Field(alias="input")


class ToolResultDefinition(Model):
    """What came of a call (JSON in a string); ``role`` is ``tool``.

    >>> ToolResultDefinition(role="tool", name="now", tool_call_id="call-1", content='"noon"').content
    '"noon"'
    """

    role: str
    name: str
    tool_call_id: str
    content: str


class FunctionCallDefinitionDelta(Model):
    """A piece of a function call.

    >>> FunctionCallDefinitionDelta(arguments="{").name is None
    True
    """

    name: str | None = None
    arguments: str


class ToolCallDefinitionDelta(Model):
    """A piece of a tool call; pieces with the same ``index`` belong together.

    >>> ToolCallDefinitionDelta(function=FunctionCallDefinitionDelta(arguments="{")).index
    0
    """

    index: int = 0
    id: str | None = None
    type: str | None = None
    function: FunctionCallDefinitionDelta
