"""The parameter controls: what each takes, what it sends, and how it looks."""

from __future__ import annotations

import inspect
import json
from typing import Any

import poebook as fp
from tests.manual.pages.writing import fence, picture

_ABOUT = """\
# Parameter controls

A bot offers controls in its settings, and what a person sets there comes with the message, in
`request.query[-1].parameters`. Poe draws them beside the message box, and so does the chat below a cell. The tutorial
[Parameters and settings](../../03_parameters.ipynb) builds a panel step by step.

A panel is `ParameterControls(sections=[...])`; a `Section` has controls, or `Tab`s with controls. In a
`ConditionallyRenderControls` they are shown only while its condition holds. What cannot work is warned about when the
panel is made.
"""

# Each control as an author writes it, by the name of its class.
EXAMPLES = {
    "Slider": 'fp.Slider(label="Detail", parameter_name="detail", min_value=0, max_value=10, step=1, default_value=3)',
    "ToggleSwitch": 'fp.ToggleSwitch(label="Show sources", parameter_name="sources", default_value=True)',
    "DropDown": """\
fp.DropDown(
    label="Unit",
    parameter_name="unit",
    default_value="c",
    options=[fp.ValueNamePair(value="c", name="Celsius"), fp.ValueNamePair(value="f", name="Fahrenheit")],
)""",
    "TextField": 'fp.TextField(label="Place", parameter_name="place", placeholder="Where?")',
    "TextArea": 'fp.TextArea(label="Background", parameter_name="background", placeholder="What should it know?")',
    "AspectRatio": """\
fp.AspectRatio(
    label="Format",
    parameter_name="format",
    options=[fp.AspectRatioOption(width=1, height=1), fp.AspectRatioOption(width=16, height=9)],
)""",
    "Divider": "fp.Divider()",
    "ConditionallyRenderControls": """\
fp.ConditionallyRenderControls(
    condition=fp.ComparatorCondition(
        comparator="eq", left=fp.ParameterValue(parameter_name="sources"), right=fp.LiteralValue(literal=True)
    ),
    controls=[
        fp.Slider(label="How many", parameter_name="count", min_value=1, max_value=9, step=1, default_value=3)
    ],
)""",
}


def control(name: str) -> Any:  # a control of any class
    """The control of that class that the page shows."""
    return eval(EXAMPLES[name], {"fp": fp})


def panel() -> fp.ParameterControls:
    """All of them in one section."""
    return fp.ParameterControls(sections=[fp.Section(name="Forecast", controls=[control(name) for name in EXAMPLES])])


def pages() -> dict[str, str]:
    parts = [_ABOUT, picture("controls", "All controls in the chat"), picture("settings", "The settings of a bot")]
    for name in EXAMPLES:
        made = control(name)
        sent = json.dumps(json.loads(made.model_dump_json(exclude_none=True)), indent=1)
        summary = inspect.cleandoc(str(type(made).__doc__)).splitlines()[0]
        parts += [
            f"## {name}",
            summary,
            fence(EXAMPLES[name], "python"),
            "In the settings that is",
            fence(sent, "json"),
        ]
    return {"controls.md": "\n\n".join(part for part in parts if part) + "\n"}
