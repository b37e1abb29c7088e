"""What a user's environment gets is known from below and from above."""

from __future__ import annotations

import tomllib

import pytest
from packaging.requirements import Requirement

from tests.runner.places import ROOT

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_EXTRAS = _PROJECT["optional-dependencies"]
_SHIPPED = [
    *_PROJECT["dependencies"],
    *(one for name, many in _EXTRAS.items() if name not in ("all", "test", "docs") for one in many),
]


@pytest.mark.parametrize("line", _SHIPPED)
def test_a_package_that_users_get_has_a_lower_and_an_upper_bound(line: str) -> None:
    signs = {one.operator for one in Requirement(line).specifier}
    assert ">=" in signs
    assert "<" in signs, "a release that breaks things must not reach users by itself"
