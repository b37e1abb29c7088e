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
    declared: dict[str, Any] = {}
    for control in _setters(panel):
        if control.default_value is not None:
            declared.setdefault(control.parameter_name, control.default_value)
    assert {name: example["defaults"][name] for name in declared} == declared
    assert list(example["defaults"]) == [control.parameter_name for control in _setters(panel)]


def _setters(panel: fp.ParameterControls) -> list[Any]:
    found: list[Any] = []
    for section in panel.sections:
        for part in (section, *(section.tabs or ())):
            for control in part.controls or ():
                found += control.controls if isinstance(control, fp.ConditionallyRenderControls) else [control]
    return [control for control in found if not isinstance(control, fp.Divider)]
