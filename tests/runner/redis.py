"""A Redis server for the tests of what workers share: the one that is here, else Debian's."""

from __future__ import annotations

import shutil

from tests.runner import debian
from tests.runner.advice import Lacking


def prepare() -> None:
    """Install it if it is missing; raises Lacking where that cannot be."""
    if shutil.which("redis-server") is None:
        debian.install("redis-server")
    if shutil.which("redis-server") is None:
        raise Lacking(f"There is no Redis server: `{debian.advice('redis-server')}`, then once more.")
