"""One kernel a module; a fresh one for tests that end it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.elsewhere import Elsewhere, elsewhere
from tests.kernel.kernel import Kernel, running


@pytest.fixture(scope="module")
def kernel(quiet_surroundings: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with running(tmp_path_factory.mktemp("notebook")) as one:
        yield one


@pytest.fixture
def fresh_kernel(quiet_surroundings: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with running(tmp_path_factory.mktemp("notebook")) as one:
        yield one


@pytest.fixture(scope="session")
def parrot() -> Iterator[Elsewhere]:
    """A plain ``fastapi_poe`` bot in another process."""
    with elsewhere() as one:
        yield one
