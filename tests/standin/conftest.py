"""Local Poes that are stopped at the end, and the two libraries that ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

import poebook as fp
from tests.standin.asking import Client
from tests.upstream import fastapi_poe

OpenPoe = Callable[..., fp.LocalPoe]
Asks = Callable[[fp.LocalPoe], Client]


@pytest.fixture
def open_poe() -> Iterator[OpenPoe]:
    """``open_poe(bots, ...)`` starts a local Poe on a free port."""
    with ExitStack() as open_ones:

        def start(*arguments: Any, **more: Any) -> fp.LocalPoe:
            return open_ones.enter_context(fp.LocalPoe(*arguments, **more))

        yield start


@pytest.fixture(params=[fp, fastapi_poe], ids=["poebook", "fastapi_poe"])
def asks(request: pytest.FixtureRequest) -> Asks:
    """``asks(poe)`` is a client of each library in turn."""
    return lambda poe: Client(request.param, poe)
