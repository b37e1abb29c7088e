"""The packages that a bot needs, in the versions that are installed here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions, version
from pathlib import Path

from poebook.version import __version__


class Needs:
    """What modules mean: ``packages`` (name and version), ``near`` (files of one's own, by path), ``unknown``.

    ``folder`` is where modules of one's own lie.

    >>> needs = Needs({"httpx", "json"}, Path())
    >>> [line.partition("==")[0] for line in needs.lines]
    ['httpx', 'poebook']
    """

    def __init__(self, modules: Iterable[str], folder: Path) -> None:
        self.folder = folder
        self.packages: dict[str, str] = {"poebook": __version__}
        self.near: dict[str, Path] = {}
        self.unknown: list[str] = []
        self._done: set[str] = set()
        for module in sorted(modules):
            self._add(module)

    @property
    def lines(self) -> list[str]:
        """The lines of ``requirements.txt``."""
        return [f"{name}=={number}" for name, number in sorted(self.packages.items(), key=lambda one: one[0].lower())]

    def _add(self, module: str) -> None:
        first = module.lstrip(".").partition(".")[0]
        if not first or first == "poebook" or module in self._done:
            return
        self._done.add(module)
        near = [path for path in _files_of(self.folder, first) if path not in self.near.values()]
        if near or f"near {first}" in self._done:
            self._done.add(f"near {first}")
            self.near |= {path.relative_to(self.folder).as_posix(): path for path in near}
            for inner in (inner for path in near for inner in _imports(path)):
                self._add(inner)
        elif first in sys.stdlib_module_names:
            return
        elif found := _distributions(module):
            for name in found:
                self.packages[name] = version(name)
        else:
            self.unknown.append(first)


@cache
def _by_module() -> dict[str, list[str]]:
    return {module: list(dict.fromkeys(names)) for module, names in packages_distributions().items()}


def _distributions(module: str) -> list[str]:
    """The distributions that bring a module; of those that share its first part, the ones that hold it."""
    names = _by_module().get(module.partition(".")[0], [])
    if len(names) <= 1:
        return names
    path = module.replace(".", "/")
    holding = [name for name in names if any(str(file).startswith(path) for file in _listed(name))]
    return holding or names


def _listed(name: str) -> list[object]:
    try:
        return list(distribution(name).files or ())
    except PackageNotFoundError:
        return []


def _files_of(folder: Path, module: str) -> Iterator[Path]:
    """The files of a module that lies in *folder*."""
    file, package = folder / f"{module}.py", folder / module
    if file.is_file():
        yield file
    elif (package / "__init__.py").is_file():
        yield from sorted(path for path in package.rglob("*.py") if "__pycache__" not in path.parts)


def _imports(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, SyntaxError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
