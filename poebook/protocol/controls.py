"""Parameter controls: what a person may set beside a question. All of it refuses fields that it does not know."""

from __future__ import annotations

import warnings
from typing import Any, Literal, TypeAlias, Union

from poebook.protocol import panel
from poebook.protocol.model import Written

Number: TypeAlias = Union[int, float]  # noqa: UP007  # typing.Union, as in fastapi_poe: bots look into it


class Divider(Written):
    """A line between controls.

    >>> Divider().control
    'divider'
    """

    control: Literal["divider"] = "divider"


class TextField(Written):
    """A box for one line of text.

    >>> TextField(label="City", parameter_name="city").control
    'text_field'
    """

    control: Literal["text_field"] = "text_field"
    label: str
    description: str | None = None
    parameter_name: str
    default_value: str | None = None
    placeholder: str | None = None


class TextArea(Written):
    """A box for several lines of text.

    >>> TextArea(label="Notes", parameter_name="notes").control
    'text_area'
    """

    control: Literal["text_area"] = "text_area"
    label: str
    description: str | None = None
    parameter_name: str
    default_value: str | None = None
    placeholder: str | None = None


class ValueNamePair(Written):
    """An option of a ``DropDown``: the value that is sent, the name that is shown.

    >>> ValueNamePair(value="c", name="Celsius").name
    'Celsius'
    """

    value: str
    name: str


class DropDown(Written):
    """A choice of one among several.

    >>> DropDown(label="Unit", parameter_name="unit", options=[ValueNamePair(value="c", name="Celsius")]).control
    'drop_down'
    """

    control: Literal["drop_down"] = "drop_down"
    label: str
    description: str | None = None
    parameter_name: str
    default_value: str | None = None
    options: list[ValueNamePair]


class ToggleSwitch(Written):
    """On or off.

    >>> ToggleSwitch(label="Brief", parameter_name="brief", default_value=True).default_value
    True
    """

    control: Literal["toggle_switch"] = "toggle_switch"
    label: str
    description: str | None = None
    parameter_name: str
    default_value: bool | None = None


class Slider(Written):
    """A number between two others.

    >>> Slider(label="Detail", parameter_name="detail", min_value=0, max_value=5, step=1).max_value
    5
    """

    control: Literal["slider"] = "slider"
    label: str
    description: str | None = None
    parameter_name: str
    default_value: Number | None = None
    min_value: Number
    max_value: Number
    step: Number


class AspectRatioOption(Written):
    """A proportion; ``value`` is what is sent, ``W:H`` without it.

    >>> AspectRatioOption(width=16, height=9).value is None
    True
    """

    value: str | None = None
    width: Number
    height: Number


class AspectRatio(Written):
    """A choice of one among several proportions.

    >>> AspectRatio(label="Size", parameter_name="size", options=[AspectRatioOption(width=1, height=1)]).control
    'aspect_ratio'
    """

    control: Literal["aspect_ratio"] = "aspect_ratio"
    label: str
    description: str | None = None
    parameter_name: str
    default_value: str | None = None
    options: list[AspectRatioOption]


BaseControl: TypeAlias = Union[  # noqa: UP007
    Divider, TextField, TextArea, DropDown, ToggleSwitch, Slider, AspectRatio
]


class LiteralValue(Written):
    """A fixed value in a condition.

    >>> LiteralValue(literal="c").literal
    'c'
    """

    literal: str | float | int | bool


class ParameterValue(Written):
    """A parameter's value in a condition.

    >>> ParameterValue(parameter_name="unit").parameter_name
    'unit'
    """

    parameter_name: str


class ComparatorCondition(Written):
    """Two values compared.

    >>> ComparatorCondition(comparator="eq", left=ParameterValue(parameter_name="unit"),
    ...                     right=LiteralValue(literal="c")).comparator
    'eq'
    """

    comparator: Literal["eq", "ne", "gt", "ge", "lt", "le"]
    left: LiteralValue | ParameterValue
    right: LiteralValue | ParameterValue


class ConditionallyRenderControls(Written):
    """Controls that are shown while a condition holds; a condition cannot hold a condition.

    >>> same = ComparatorCondition(comparator="eq", left=LiteralValue(literal=1), right=LiteralValue(literal=1))
    >>> ConditionallyRenderControls(condition=same, controls=[Divider()]).control
    'condition'
    """

    control: Literal["condition"] = "condition"
    condition: ComparatorCondition
    controls: list[BaseControl]


FullControls: TypeAlias = Union[  # noqa: UP007
    Divider, TextField, TextArea, DropDown, ToggleSwitch, Slider, AspectRatio, ConditionallyRenderControls
]


class Tab(Written):
    """One of several sheets of controls.

    >>> Tab(name="Look", controls=[Divider()]).name
    'Look'
    """

    name: str | None = None
    controls: list[FullControls]


class Section(Written):
    """A part of the panel, with controls or with tabs.

    >>> Section(name="Look", controls=[Divider()]).tabs is None
    True
    """

    name: str | None = None
    controls: list[FullControls] | None = None
    tabs: list[Tab] | None = None
    collapsed_by_default: bool | None = None


class ParameterControls(Written):
    """All controls of a bot. Poe shows them only with ``SettingsResponse.response_version`` 2.

    Whoever puts together what cannot work (a default out of range, a condition on a parameter that no control sets)
    is warned.

    >>> ParameterControls(sections=[Section(controls=[Divider()])]).api_version
    '2'
    """

    api_version: Literal["2"] = "2"
    sections: list[Section]

    def __init__(self, /, **fields: Any) -> None:
        super().__init__(**fields)
        for slip in panel.slips(self):
            warnings.warn(slip, stacklevel=2)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # so that what is parsed goes past it
