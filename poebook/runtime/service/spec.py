"""What a service is, in a form that travels: nothing of it is secret, and JSON holds all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

AccessLog = Literal["plain", "json", "off"]
Metrics = Literal["off", "route", "apart"]  # counted or not; at /metrics or elsewhere


@dataclass(frozen=True)
class Source:
    """The text of a module that no file holds, such as what a bot needs of its notebook, and the bot's name there."""

    name: str
    text: str


@dataclass(frozen=True)
class ServiceSpec:
    """The bots of a service, and how they are served; keys come from the environment.

    ``targets`` are as on the command line: ``module:Bot``, ``file.py``, a folder, or anything that ``sources`` has the
    text of. ``folder`` is where the process goes first, so that bots find the files that they open.

    >>> ServiceSpec(("bots.py:Echo",), no_key=True).to_json()  # doctest: +ELLIPSIS
    '{"targets": ["bots.py:Echo"], "sources": {}, "folder": null, "no_key": true, ...}'
    """

    targets: tuple[str, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    folder: str | None = None
    no_key: bool = False
    access_log: AccessLog = "plain"
    metrics: Metrics = "off"

    def to_json(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ServiceSpec:
        """The description that ``to_json`` gave."""
        given = json.loads(text)
        sources = {target: Source(**source) for target, source in given.pop("sources").items()}
        return cls(**{**given, "targets": tuple(given["targets"]), "sources": sources})
