"""Every test begins and ends with nothing served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from poebook.runtime.registry import served, stop_all


@pytest.fixture(autouse=True)
def nothing_served() -> Iterator[None]:
    assert served() == {}
    yield
    stop_all()
