"""An environment in which nothing is left of whoever runs the tests; the package's examples have it as well."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

_FOREIGN = ("POE_", "NGROK_", "POEBOOK_HOME", "JUPYTER", "IPYTHON")


@pytest.fixture(scope="session", autouse=True)
def quiet_surroundings(nothing_told: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
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
