"""Each test runs on a file of SQLite and on a real Redis server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poebook import Store
from tests.store.redis_server import RedisServer

MakeStore = Callable[..., Store]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "redis"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where things are kept."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/memory.db"
    server: RedisServer = request.getfixturevalue("redis_server")
    return server.open_url


@pytest.fixture
def open_store() -> Iterator[MakeStore]:
    """Stores that are closed at the end."""
    opened: list[Store] = []

    def make(url: str, **options: float) -> Store:
        opened.append(Store(url, **options))  # type: ignore[arg-type]  # what Store takes, by name
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def who(request: pytest.FixtureRequest) -> str:
    """An id of this test's own, as the Redis server is everybody's."""
    return str(request.node.nodeid)[-400:]
