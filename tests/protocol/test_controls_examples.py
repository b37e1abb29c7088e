"""The examples of parameter controls that the page draws are what a bot may declare."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

import poebook as fp

EXAMPLES = sorted((Path(__file__).parent.parent / "transcripts" / "controls").glob("*.json"))


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.param.read_text())
    return read


def test_a_bot_may_declare_it_without_a_warning(example: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        panel = fp.ParameterControls.model_validate(example["controls"])
    assert panel.model_dump(exclude_unset=True) == example["controls"]


def test_its_defaults_are_those_of_its_controls(example: dict[str, Any]) -> None:
    panel = fp.ParameterControls.model_validate(example["controls"])
    found: dict[str, Any] = {}
    lists: list[Any] = [part.controls or [] for section in panel.sections for part in (section, *(section.tabs or []))]
    for control in [one for controls in lists for some in controls for one in getattr(some, "controls", [some])]:
        default = getattr(control, "default_value", None)
        if control.control == "toggle_switch":
            default = bool(default)
        if default is not None:
            found.setdefault(control.parameter_name, default)
    assert found == example["defaults"]
