"""What is wrong with a panel of controls although each control is well formed; Poe would refuse or not show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poebook.protocol.controls import ParameterControls


def slips(panel: ParameterControls) -> Iterator[str]:
    """A sentence for each slip, which names the control.

    >>> from poebook.protocol import ParameterControls, Section, Slider
    >>> detail = Slider(label="Detail", parameter_name="detail", default_value=9, min_value=0, max_value=5, step=1)
    >>> list(slips(ParameterControls.model_construct(sections=[Section(controls=[detail])])))
    ['The slider "Detail" has the default 9, which is not between 0 and 5.']
    """
    controls = list(_all(panel))
    first: dict[str, Any] = {}
    for control in controls:
        look = _LOOKS.get(control.control)
        if look is not None:
            yield from look(control)
        name = getattr(control, "parameter_name", None)
        if name is None:
            continue
        other = first.setdefault(name, control)
        if other.default_value != control.default_value:
            yield f"{_said(other)} and {_said(control)[:1].lower()}{_said(control)[1:]} set {name} with other defaults."
    for control in controls:
        if control.control == "condition":
            for side in (control.condition.left, control.condition.right):
                name = getattr(side, "parameter_name", None)
                if name is not None and name not in first:
                    yield f"A condition asks for {name}, which no control sets."


def _all(panel: ParameterControls) -> Iterator[Any]:
    """All controls, and conditions too, from top to bottom."""
    for section in panel.sections:
        for part in (section, *(section.tabs or ())):
            yield from _within(part.controls or ())


def _within(controls: Iterable[Any]) -> Iterator[Any]:
    for control in controls:
        yield control
        if control.control == "condition":
            yield from _within(control.controls)


def _said(control: Any) -> str:
    return f'The {control.control.replace("_", " ")} "{control.label}"'


def _slider(slider: Any) -> Iterator[str]:
    if not slider.min_value < slider.max_value:
        yield f"{_said(slider)} goes from {slider.min_value} to {slider.max_value}; the first must be the smaller."
    elif slider.default_value is not None and not slider.min_value <= slider.default_value <= slider.max_value:
        between = f"between {slider.min_value} and {slider.max_value}"
        yield f"{_said(slider)} has the default {slider.default_value}, which is not {between}."
    if not slider.step > 0:
        yield f"{_said(slider)} has the step {slider.step}; a step is more than 0."


def _choice(choice: Any) -> Iterator[str]:
    values = [option.value or f"{option.width}:{option.height}" for option in choice.options]
    if choice.default_value is not None and choice.default_value not in values:
        yield f"{_said(choice)} has the default {choice.default_value}, which is none of its options."


_LOOKS = {"slider": _slider, "drop_down": _choice, "aspect_ratio": _choice}
