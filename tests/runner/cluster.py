"""An environment with Ray, which is large, for the tests on a cluster."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.runner import environment
from tests.runner.advice import Lacking
from tests.runner.places import CLUSTER

_PACKAGES = ("-e", ".[ray]")


def prepare() -> None:
    """Make it if it is missing; raises Lacking where there is no Ray for this Python or this machine."""
    if environment.ready(CLUSTER, _PACKAGES):
        return
    try:
        environment.prepare(CLUSTER, _PACKAGES)
    except Lacking as lacking:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Lacking(
            f"NOT TESTED: bots on a cluster. Ray could not be installed for Python {version} on {sys.platform}; "
            f"run the tests with a Python that Ray has packages for.\n\n{lacking}"
        ) from None


def python() -> Path:
    """The interpreter that has Ray."""
    return environment.python(CLUSTER)
