"""What every test has: an environment of its own, and a real web server on request."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.webserver import App, serving

ServeApp = Callable[[App], str]
_FOREIGN = ("POE_", "NGROK_", "POEBOOK_HOME", "JUPYTER", "IPYTHON")


@pytest.fixture(scope="session", autouse=True)
def quiet_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No keys and no Jupyter settings of whoever runs the tests reach them, nor the kernels that they start."""
    home = tmp_path_factory.mktemp("surroundings")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            patch.delenv(name)
        patch.setenv("POEBOOK_HOME", str(home / "poebook"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "config"))
        patch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(home / "run"))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        yield


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
