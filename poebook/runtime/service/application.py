"""A service's application, made from its description in whichever process is to serve it."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from poebook.errors import InvalidSetup
from poebook.runtime.keys import find_key, is_kept
from poebook.runtime.service.accesslog import AccessLog
from poebook.runtime.service.figures import Figures
from poebook.runtime.service.modules import refuse_mixing
from poebook.runtime.service.probes import METRICS, PATHS, Readiness, add_probes
from poebook.runtime.service.spec import ServiceSpec
from poebook.runtime.service.targets import Named, bots_of, file_of
from poebook.runtime.service.visits import Book, Reception, Watching
from poebook.runtime.service.welcome import BotCard
from poebook.server.app import app_of
from poebook.server.pulse import Held

if TYPE_CHECKING:
    from fastapi import FastAPI

logger = logging.getLogger("poebook.service")

KEYS = "POEBOOK_SERVICE_KEYS"  # an environment variable: JSON, the bots' keys by their paths; "*" is every bot's
_UNFIT = re.compile(r"[^\w.~-]+")


@dataclass
class Service:
    """Bots that have been made, and the application that they answer by."""

    spec: ServiceSpec
    bots: list[Named]
    app: FastAPI
    readiness: Readiness
    figures: Figures | None = None

    @property
    def cards(self) -> list[BotCard]:
        """What may be told of the bots."""
        return [BotCard(one.name, one.bot.path, is_kept(one.name, one.bot.access_key or "")) for one in self.bots]

    @property
    def keys(self) -> dict[str, str]:
        """The bots' keys by their paths, as ``$POEBOOK_SERVICE_KEYS`` tells them to another process of the service."""
        return {one.bot.path: one.bot.access_key for one in self.bots if one.bot.access_key}

    def held_up(self, held: Held) -> None:
        """Tell the author of a handler that holds up all bots where it does."""
        named = (one.name for one in self.bots if one.bot is held.bot)
        logger.warning("%s: %s", next(named, type(held.bot).__name__), held.says)


def application(spec: ServiceSpec) -> FastAPI:
    """The application of *spec*: importable and callable in any process that can import what its targets name.

    Keys are taken from ``$POEBOOK_SERVICE_KEYS``, else as `poebook serve` finds them. Raises UnknownTarget,
    InvalidSetup and InvalidKey with a sentence, and AuthorFault where a bot's own module fails.
    """
    return assemble(spec).app


def assemble(spec: ServiceSpec, keys: Mapping[str, str] | None = None) -> Service:
    """The bots of *spec* at their paths, with *keys* by path (left out: those of the environment)."""
    if spec.folder is not None:
        os.chdir(spec.folder)
    given = json.loads(os.environ.get(KEYS, "{}")) if keys is None else keys
    bots: list[Named] = []
    folders: set[Path] = set()
    for target in spec.targets:
        file = file_of(target)
        if file is not None:
            refuse_mixing(file, folders)
            folders.add(file.parent)
        bots += bots_of(target, spec.sources.get(target))
    _place(bots, [*PATHS, METRICS] if spec.metrics == "route" else PATHS)
    for one in bots:
        one.bot.access_key = None if spec.no_key else _key(one, given)
    readiness, figures = Readiness(), None if spec.metrics == "off" else Figures()
    books: list[Book] = [*([AccessLog()] if spec.access_log == "json" else []), *([] if figures is None else [figures])]
    app = app_of([one.bot for one in bots], observer=Watching(books) if books else None)
    add_probes(app, readiness, figures.text if figures is not None and spec.metrics == "route" else None)
    if books:
        app.add_middleware(
            Reception, bots={one.bot.path: one.name for one in bots}, books=books, passed_by=[*PATHS, METRICS]
        )
    return Service(spec, bots, app, readiness, figures)


def _place(bots: list[Named], reserved: Sequence[str]) -> None:
    """Give each bot a path of its own: several that say nothing are asked at /NAME."""
    for one in bots:
        if len(bots) > 1 and one.bot.path == "/":
            one.bot.path = "/" + _UNFIT.sub("-", one.name)
    taken = dict.fromkeys(reserved, "the service itself")
    for one in bots:
        path = one.bot.path
        if not path.startswith("/"):
            raise InvalidSetup(f"A bot's path begins with a slash; write path='/{path}' for {one.name}.")
        if path in taken:
            raise InvalidSetup(
                f"{one.name} would answer at {path}, where {taken[path]} does; give it a path of its own: "
                "PoeBot(path='/name')."
            )
        taken[path] = one.name


def _key(one: Named, given: Mapping[str, str]) -> str:
    if one.bot.path in given:
        return given[one.bot.path]
    own, said = one.bot.access_key, given.get("*")
    if own and said is not None:
        raise InvalidSetup(f"{one.name} has an access key already; give it in one place only.")
    return own or find_key(one.name, said)
