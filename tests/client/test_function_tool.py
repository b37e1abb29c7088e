"""A function as a tool."""

from __future__ import annotations

import functools
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from poebook.client.function_tool import tool
from poebook.errors import InvalidSetup


class Place(BaseModel):
    city: str
    country: str = "NO"


def forecast(
    place: Place,
    unit: Literal["c", "f"] = "c",
    days: Annotated[int, Field(ge=1, description="How far ahead.")] = 1,
) -> str:
    """The weather to come.

    It is never right.

    Args:
        place: Where, as a person
            would say it.
        unit (str): Celsius or Fahrenheit.

    Returns:
        A sentence.
    """
    return f"{place}{unit}{days}"


def test_hints_and_docstring_make_the_definition() -> None:
    made = tool(forecast).function
    assert made.description == "The weather to come.\n\nIt is never right."
    assert made.parameters.required == ["place"]
    place = made.parameters.properties["place"]
    assert isinstance(place, dict)
    assert place["properties"] == {"city": {"type": "string"}, "country": {"default": "NO", "type": "string"}}
    unit = made.parameters.properties["unit"]
    assert unit == {"default": "c", "description": "Celsius or Fahrenheit.", "enum": ["c", "f"], "type": "string"}
    days = made.parameters.properties["days"]
    assert days == {"default": 1, "description": "How far ahead.", "minimum": 1, "type": "integer"}


def test_a_parameter_named_title_is_kept() -> None:
    def book(title: str) -> str:
        return title

    assert list(tool(book).function.parameters.properties) == ["title"]


def test_sphinx_fields_are_read() -> None:
    def add(a: int, b: int) -> int:
        """Add.

        :param a: One.
        :param int b: Another.
        """
        return a + b

    made = tool(add).function
    assert made.description == "Add."
    assert made.parameters.properties["b"] == {"description": "Another.", "type": "integer"}


def test_methods_partials_and_functions_without_hints_are_taken() -> None:
    class Desk:
        def find(self, word: str) -> str:
            return word

    assert tool(Desk().find).function.parameters.required == ["word"]
    assert tool(functools.partial(forecast, days=3)).function.name == "forecast"
    assert tool(lambda x: x, name="same").function.parameters.properties == {"x": {}}


def test_it_stays_callable_as_a_decorator() -> None:
    @tool
    def double(n: int) -> int:
        return 2 * n

    assert double(4) == 8
    assert double.executable(4) == 8


@pytest.mark.parametrize("function", [lambda *args: args, lambda **more: more, len])
def test_parameters_without_names_are_refused(function: object) -> None:
    with pytest.raises(InvalidSetup, match="cannot be a tool"):
        tool(function)  # type: ignore[arg-type]
