"""What every test has: a home of its own, a search for keys at its end, and a real web server on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from tests import surroundings
from tests.keyless import plugin as keyless
from tests.webserver import App, serving

ServeApp = Callable[[App], str]

# As many cases on a slow machine as on a fast one, and no folder left behind.
settings.register_profile("poebook", deadline=None, database=None)
settings.load_profile("poebook")


def pytest_configure(config: pytest.Config) -> None:
    """The package's examples, which stand elsewhere, have these too."""
    config.pluginmanager.register(keyless)
    config.pluginmanager.register(surroundings)


@pytest.fixture(autouse=True)
def own_home(quiet_surroundings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test keeps its keys in a folder of its own; what it sets in the environment ends with it."""
    home = tmp_path / "poebook-home"
    monkeypatch.setenv("POEBOOK_HOME", str(home))
    return home


@pytest.fixture
def serve_app() -> Iterator[ServeApp]:
    """``serve_app(app)`` serves an ASGI application from a real server and gives its URL."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(serving(app))
