"""Which keys a run has: those that poebook keeps, those that it makes and does not keep, those that tests give."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from poebook.runtime import kernel_poe, keys, local_poe, members, testdoor
from poebook.server import keys as asked
from tests.keyless.hearing import hear_removed, hear_started

known: set[bytes] = set()  # of the whole run

_homes: set[Path] = set()  # where keys are kept by who runs now: each test has a home, and so has a JupyterLab

_NAMES = re.compile("KEY|TOKEN|SECRET|PASSWORD")  # of environment variables
_SHORTEST = 16  # signs of a key
_strangers = frozenset(os.environ.values())  # of whoever runs the tests
_KEY_OF_HEX = 16  # bytes; what is longer or shorter is the name of something
_MAKERS = ((keys, "_made"), (local_poe, "made_key"), (kernel_poe, "made_key"))
_TAKERS = ((keys, "checked"), (asked, "_measured"))  # of keys in a call, a cell or a command
_MAKERS_OF_HEX = (local_poe, members, testdoor)


def learn_kept(over: Path | None = None) -> None:
    """Learn the keys that are kept in any home; those below the folder *over* are not looked at again."""
    for home in tuple(_homes):  # other threads set variables too
        for file in (home / "keys").glob("*.key"):
            learn(file.read_text(encoding="utf-8", errors="replace").strip())
    if over is not None:
        _homes.difference_update([home for home in _homes if home.is_relative_to(over)])


def learn_made(patch: pytest.MonkeyPatch) -> None:
    """From now on learn each key that poebook makes in this process, kept or not, or takes for a bot."""
    for module, name in (*_MAKERS, *_TAKERS):
        patch.setattr(module, name, _learning(getattr(module, name)))
    for module in _MAKERS_OF_HEX:
        patch.setattr(module, "secrets", SimpleNamespace(token_hex=_learning(module.secrets.token_hex, _KEY_OF_HEX)))


def learn_given() -> None:
    """From now on learn what tests set in their environment, or in that of a process that they start."""
    sys.addaudithook(_overhear)


def learn(key: str) -> None:
    """Have *key* searched, unless it is so short that it may be a word."""
    if len(key) >= _SHORTEST:
        known.add(key.encode("utf-8", "replace"))


def _learning(make: Callable[..., str], *only: int) -> Callable[..., str]:
    def made(*arguments: Any) -> str:  # as the maker has them
        key = make(*arguments)
        if not only or arguments == only:
            learn(key)
        return key

    return made


def _overhear(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "os.putenv":
        name, value = map(os.fsdecode, arguments)
        _learn_given({name: value}.items())
    elif event == "shutil.rmtree":
        hear_removed(arguments[0])
    elif event == "subprocess.Popen":
        _, words, _, environment = arguments
        hear_started(words)
        if isinstance(environment, Mapping):
            _learn_given((os.fsdecode(name), os.fsdecode(value)) for name, value in environment.items())


def _learn_given(variables: Iterable[tuple[str, str]]) -> None:
    for name, value in variables:
        if name == "POEBOOK_HOME":
            _homes.add(Path(value))
        elif _NAMES.search(name) and value not in _strangers and not value.startswith("{"):
            learn(value)
