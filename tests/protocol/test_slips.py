"""A misspelt field is answered with the one that was meant."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
from pydantic import ValidationError

import poebook as fp
from poebook.types import CustomToolDefinition


def test_a_refused_field_comes_with_the_near_one() -> None:
    with pytest.raises(ValidationError, match="SettingsResponse has no field introduction_mesage") as caught:
        fp.SettingsResponse(introduction_mesage="Hello.")  # type: ignore[call-arg]
    assert "Did you mean introduction_message?" in str(caught.value)
    assert caught.value.errors()[0]["type"] == "extra_forbidden"


def test_a_field_that_is_near_none_comes_with_all_of_them() -> None:
    with pytest.raises(ValidationError, match="Its fields: value, name") as caught:
        fp.ValueNamePair(value="c", name="Celsius", zzz=1)  # type: ignore[call-arg]
    assert caught.value.error_count() == 1


@pytest.mark.parametrize("way", ["call", "model_validate", "nested"])
def test_the_near_field_is_named_however_the_model_is_made(way: str) -> None:
    slider = {"label": "L", "parameter_name": "p", "min_value": 0, "max_value": 1, "step": 1, "defalt_value": 0}
    make: dict[str, Callable[[], object]] = {
        "call": lambda: fp.Slider(**slider),
        "model_validate": lambda: fp.Slider.model_validate(slider),
        "nested": lambda: fp.Section.model_validate({"controls": [{"control": "slider", **slider}]}),
    }
    with pytest.raises(ValidationError, match=r"Slider has no field defalt_value\. Did you mean default_value\?"):
        make[way]()


def test_a_control_of_a_known_kind_is_not_compared_with_the_others() -> None:
    with pytest.raises(ValidationError) as caught:
        fp.Section.model_validate({"controls": [{"control": "text_field", "label": "L"}]})
    assert caught.value.error_count() == 1
    assert caught.value.errors()[0]["loc"][-1] == "parameter_name"


def test_other_faults_stay_beside_the_misspelt_field() -> None:
    with pytest.raises(ValidationError) as caught:
        fp.DataResponse(metdata="x")  # type: ignore[call-arg]
    assert {fault["type"] for fault in caught.value.errors()} == {"missing", "extra_forbidden"}


def test_a_field_that_would_be_ignored_is_warned_about_where_it_was_written() -> None:
    with pytest.warns(UserWarning, match="Attachment has no field ulr, so it is ignored. Did you mean url?") as caught:
        made = fp.Attachment(url="https://a.example/x", content_type="a/b", name="x", ulr="y")
    assert made.url == "https://a.example/x"
    assert caught[0].filename == __file__


def test_an_alias_is_no_slip() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert CustomToolDefinition(name="sql", format={"type": "text"}).format_ == {"type": "text"}
        assert CustomToolDefinition(name="sql", format_={"type": "text"}).format_ == {"type": "text"}


def test_a_model_of_ones_own_may_take_more() -> None:
    class Wide(fp.Attachment, extra="allow"):
        pass

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = Wide(url="u", content_type="c", name="n", width=3)
    assert made.model_extra == {"width": 3}


def test_a_content_type_that_poe_does_not_show_is_refused_where_an_author_writes_it() -> None:
    with pytest.raises(ValidationError, match="text/markdown"):
        fp.MetaResponse(content_type="text/html")
