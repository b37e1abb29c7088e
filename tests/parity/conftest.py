"""The two servers, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.parity.pair import Pair, served
from tests.parity.standin import StandIn
from tests.webserver import serving


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory, quiet_surroundings: None) -> Iterator[Pair]:
    """The same bots twice: served with ``fastapi_poe``, and with poebook."""
    standin = StandIn()
    with serving(standin) as standin.url, served(standin, tmp_path_factory.mktemp("parity")) as both:
        yield both
