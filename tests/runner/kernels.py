"""Kernels of several versions, each in an environment of its own."""

from __future__ import annotations

from pathlib import Path

from tests.runner import environment
from tests.runner.places import KERNELS

VERSIONS = {"6": "ipykernel>=6.29,<7", "7.0": "ipykernel==7.0.*", "7.4": "ipykernel==7.4.*"}
_BESIDE = ("ipywidgets>=8.1", "anywidget>=0.9.13", "mistune>=3", "-e", ".")


def prepare() -> None:
    """Make those that are missing; raises Lacking when one cannot be made."""
    for version, package in VERSIONS.items():
        packages = (package, *_BESIDE)
        if not environment.ready(KERNELS / version, packages):
            environment.prepare(KERNELS / version, packages)


def python(version: str) -> Path:
    """The interpreter that a version's kernel runs in."""
    return environment.python(KERNELS / version)
