"""Every public name has a docstring that says what it is, and an example that runs with the other doctests."""

from __future__ import annotations

import inspect

import pytest

import poebook as fp

_NAMES = [
    name
    for name in sorted([*fp.__all__, "Chat"])
    if inspect.isclass(getattr(fp, name)) or inspect.isfunction(getattr(fp, name))
]


def test_there_are_names_to_look_at() -> None:
    assert len(_NAMES) > 70


@pytest.mark.parametrize("name", _NAMES)
def test_a_public_name_has_an_example(name: str) -> None:
    said = inspect.getdoc(getattr(fp, name)) or ""
    assert said.lstrip("`")[:1].isalpha(), f"{name} is not described."
    assert ">>> " in said, f"{name} has no example."
