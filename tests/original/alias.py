"""The original's test-suite with poebook in its place: a pytest plugin, loaded by ``-p tests.original.alias``.

What its tests import that is private is there by name only, so that the modules load and each such test fails alone.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import poebook.client


class _Private:
    """Stands where the original keeps something of its own."""

    def __init__(self, *arguments: object, **named: object) -> None:
        _private()


def _private(*arguments: object, **named: object) -> NoReturn:
    raise RuntimeError("a private name of fastapi_poe")


def pytest_configure() -> None:
    """Put poebook in the place of the original before its tests are read."""
    for name in ("", ".types", ".client", ".base", ".sync_utils", ".templates"):
        sys.modules[f"fastapi_poe{name}"] = import_module(f"poebook{name}")
    setattr(poebook.client, "_BotContext", _Private)  # noqa: B010
    setattr(poebook.client, "_safe_ellipsis", _private)  # noqa: B010
