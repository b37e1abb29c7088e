"""What ``poebook serve`` was told, as a description of a service."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from poebook.cli.failure import Failure
from poebook.runtime.service.spec import ServiceSpec, Source
from poebook.runtime.service.targets import split


def described(said: argparse.Namespace) -> ServiceSpec:
    """The service that the command line describes. What a notebook's bot needs is read from the notebook now."""
    folder = _folder(said.target)
    targets = tuple(said.target) if folder is None else tuple(str(Path(one).resolve()) for one in said.target)
    sources = {target: sliced(target) for target in targets if split(target)[0].endswith(".ipynb")}
    return ServiceSpec(targets, sources, folder=folder, no_key=said.no_key)


def sliced(target: str) -> Source:
    """What the bot of ``notebook.ipynb:NAME`` needs of its notebook, as a module. No cell is run."""
    raise Failure(f"poebook: notebooks cannot be served yet; `poebook lab` opens {target}.", 2)


def _folder(targets: Sequence[str]) -> str | None:
    """Where notebooks and folders are served from, if it is one place: there the files that they open are found."""
    places = {_home(Path(split(target)[0])) for target in targets}
    return str(places.pop()) if len(places) == 1 and None not in places else None


def _home(place: Path) -> Path | None:
    if place.suffix == ".ipynb":
        return place.resolve().parent
    return place.resolve() if place.is_dir() and (place / "bot.py").is_file() else None
