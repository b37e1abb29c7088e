"""An environment with marimo, whose many packages nothing else here needs."""

from __future__ import annotations

from pathlib import Path

from tests.runner import environment
from tests.runner.places import MARIMO

_PACKAGES = ("marimo>=0.25,<0.26", "-e", ".[notebook]")


def prepare() -> None:
    """Make it if it is missing; raises Lacking when it cannot be made."""
    if not environment.ready(MARIMO, _PACKAGES):
        environment.prepare(MARIMO, _PACKAGES)


def python() -> Path:
    """The interpreter that has marimo."""
    return environment.python(MARIMO)
