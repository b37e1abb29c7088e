"""A panel of controls that cannot work is warned about when its author puts it together."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import poebook as fp


def _slider(**more: Any) -> fp.Slider:
    said = {"label": "Detail", "parameter_name": "detail", "min_value": 0, "max_value": 5, "step": 1, **more}
    return fp.Slider(**said)


def _unit(default: str | None) -> fp.DropDown:
    options = [fp.ValueNamePair(value="c", name="Celsius")]
    return fp.DropDown(label="Unit", parameter_name="unit", default_value=default, options=options)


def _shape(default: str | None) -> fp.AspectRatio:
    options = [fp.AspectRatioOption(width=16, height=9), fp.AspectRatioOption(value="square", width=1, height=1)]
    return fp.AspectRatio(label="Shape", parameter_name="shape", default_value=default, options=options)


def _if(name: str, *controls: Any) -> fp.ConditionallyRenderControls:
    condition = fp.ComparatorCondition(
        comparator="eq", left=fp.ParameterValue(parameter_name=name), right=fp.LiteralValue(literal="c")
    )
    return fp.ConditionallyRenderControls(condition=condition, controls=list(controls))


@pytest.mark.parametrize(
    ("controls", "words"),
    [
        ([_slider(default_value=6)], r'slider "Detail" has the default 6, which is not between 0 and 5'),
        ([_slider(default_value=-0.5)], "not between"),
        ([_slider(min_value=5)], "goes from 5 to 5"),
        ([_slider(step=0)], "step 0"),
        ([_unit("f")], 'drop down "Unit" has the default f'),
        ([_shape("4:3")], 'aspect ratio "Shape" has the default 4:3'),
        ([_slider(default_value=1), _slider(label="Other", default_value=2)], "set detail with other defaults"),
        ([_if("unti", _slider())], "A condition asks for unti, which no control sets"),
        ([_if("detail", _slider(default_value=9))], "has the default 9"),
    ],
)
@pytest.mark.parametrize("in_tab", [True, False])
def test_a_panel_that_cannot_work_is_warned_about(controls: list[Any], words: str, in_tab: bool) -> None:
    section = fp.Section(tabs=[fp.Tab(name="T", controls=controls)]) if in_tab else fp.Section(controls=controls)
    with pytest.warns(UserWarning, match=words) as caught:
        panel = fp.ParameterControls(sections=[section])
    assert panel.sections == [section]
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fp.ParameterControls.model_validate(panel.model_dump())  # what comes from outside


def test_a_panel_that_works_is_not() -> None:
    same = [_slider(default_value=5), _slider(label="Again", default_value=5)]
    controls = [*same, _unit("c"), _shape("16:9"), fp.Divider()]
    controls.append(_if("unit", fp.TextField(label="City", parameter_name="city")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fp.ParameterControls(sections=[fp.Section(controls=controls), fp.Section(name="Empty")])
