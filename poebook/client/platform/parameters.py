"""The values of a bot's controls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poebook.protocol import ParameterControls


def defaults(controls: ParameterControls | None) -> dict[str, Any]:
    """What each parameter is when nobody touched its control; those without a default are left out.

    Controls under a condition count too: whether they are shown changes nothing about their parameter.

    >>> from poebook.protocol import Section, Slider
    >>> detail = Slider(label="Detail", parameter_name="detail", default_value=2, min_value=0, max_value=5, step=1)
    >>> defaults(ParameterControls(sections=[Section(controls=[detail])]))
    {'detail': 2}
    """
    values: dict[str, Any] = {}
    for control in every_control(controls):
        default = getattr(control, "default_value", None)
        if default is not None:
            values.setdefault(control.parameter_name, default)
    return values


def with_defaults(controls: ParameterControls | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """*given*, with the defaults of what is not in it. Values that no control sets are kept: they may be anything."""
    return {**defaults(controls), **given}


def every_control(controls: ParameterControls | None) -> Iterator[Any]:
    """All controls, those under conditions too, from top to bottom."""
    for section in controls.sections if controls else ():
        for part in (section, *(section.tabs or ())):
            yield from _within(part.controls or ())


def _within(controls: Iterable[Any]) -> Iterator[Any]:
    for control in controls:
        if control.control == "condition":
            yield from _within(control.controls)
        else:
            yield control
