"""Real shells, as the tests of the magics have them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from poebook.export.kernel import kernel, set_kernel
from tests.notebook.conftest import notebook as notebook
from tests.notebook.conftest import terminal as terminal


@pytest.fixture(autouse=True)
def no_shell_of_before() -> Iterator[None]:
    """Where a test has no shell, none runs."""
    before = kernel()
    set_kernel(None)
    yield
    set_kernel(before)
