"""What ``poebook serve`` was told, as a description of a service: here notebooks meet what serves them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from poebook.errors import InvalidSetup, PoebookError, UnknownTarget
from poebook.export.bots import refuse_broken
from poebook.export.notebooks import cells_of
from poebook.export.secrets import Secret
from poebook.export.slicing import names_of, slice_bot
from poebook.runtime.service.modules import near
from poebook.runtime.service.spec import Metrics, ServiceSpec, Source
from poebook.runtime.service.targets import BOT_FILE, file_of, split

_provided: dict[str, str] = {}  # what notebooks gave, so that it follows them when they are saved


def described(said: argparse.Namespace) -> ServiceSpec:
    """The service that the command line describes. What a notebook's bot needs is read from the notebook now."""
    folder = _folder(said.target)
    targets = tuple(said.target) if folder is None else tuple(str(Path(one).resolve()) for one in said.target)
    sources = {target: sliced(target) for target in targets if split(target)[0].endswith(".ipynb")}
    metrics: Metrics = "apart" if said.metrics_port is not None else "route" if said.metrics else "off"
    return ServiceSpec(targets, sources, folder, said.no_key, said.access_log, metrics)


def sliced(target: str) -> Source:
    """What the bot of ``notebook.ipynb:NAME`` needs of its notebook, as a module. No cell is run.

    Secrets that stand in the notebook go into this process's environment, and to its workers with it: the module's
    text has none. What could not be carried is told on stderr.
    """
    place, name = split(target)
    try:
        cells = cells_of(place)
        names = list(names_of(cells))
        if name and name not in names:
            refuse_broken(cells, name)
            raise UnknownTarget(f"{_shown(place)} has no bot {name}.{_meant(place, name, names)}")
        found = slice_bot(cells, name or None, place=_shown(place))
    except UnknownTarget:
        raise
    except PoebookError as error:
        raise UnknownTarget(str(error)) from None
    _provide(found.secrets, place)
    for problem in found.problems:
        print(f"poebook: {_shown(place)}, {found.name}: {problem}", file=sys.stderr)
    return Source(found.name, found.source)


def _provide(secrets: Iterable[Secret], place: str) -> None:
    for secret in secrets:
        if secret.value is not None:
            if os.environ.get(secret.name) == _provided.get(secret.name):  # whoever set it otherwise meant that
                os.environ[secret.name] = _provided[secret.name] = secret.value
        elif secret.name not in os.environ:
            raise InvalidSetup(
                f"{_shown(place)} asks for {secret.name} at a keyboard ({secret.cell}); set the environment variable "
                f"{secret.name} instead."
            )


def _meant(place: str, name: str, names: Sequence[str]) -> str:
    meant = near(name, names)
    if meant:
        return f" Did you mean {_shown(place)}:{meant}?"
    return f" It has {', '.join(names)}." if names else " It has none."


def _shown(place: str) -> str:
    """A path as its reader would type it."""
    path = Path(place)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else place


def _folder(targets: Sequence[str]) -> str | None:
    """Where notebooks and folders are served from, if it is one place: there the files that they open are found."""
    places = {_home(Path(split(target)[0])) for target in targets}
    return str(places.pop()) if len(places) == 1 and None not in places else None


def watched(targets: Sequence[str]) -> list[Path]:
    """The folders that the bots' files are in."""
    files = (file_of(target) for target in targets)
    return sorted({Path.cwd() if file is None else file.parent for file in files})


def _home(place: Path) -> Path | None:
    if place.suffix == ".ipynb":
        return place.resolve().parent
    return place.resolve() if place.is_dir() and (place / BOT_FILE).is_file() else None
