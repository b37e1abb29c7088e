"""What a worker process is told on its standard input, and what it says back through a pipe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from poebook.runtime.service.spec import ServiceSpec
from poebook.runtime.service.welcome import BotCard


@dataclass(frozen=True)
class Job:
    """A service to serve: on the socket ``door``, at a ``place`` on the ``board`` that workers share, saying through
    ``says`` how it went; these are file descriptors.

    The ``first`` worker tells Poe the bots' settings. Nothing of it is secret: keys come by the environment.
    """

    spec: ServiceSpec
    door: int
    board: int
    place: int
    says: int
    first: bool
    drain_s: int
    log_level: str

    def to_json(self) -> str:
        return json.dumps({**vars(self), "spec": self.spec.to_json()})

    @classmethod
    def from_json(cls, text: str) -> Job:
        given = json.loads(text)
        return cls(**{**given, "spec": ServiceSpec.from_json(given["spec"])})


@dataclass(frozen=True)
class Said:
    """That the worker answers, with its bots and their keys (the pipe is its supervisor's alone), or why not."""

    cards: tuple[BotCard, ...] = ()
    keys: Mapping[str, str] | None = None
    failure: str | None = None
    status: int = 1

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Said:
        given = json.loads(text)
        return cls(**{**given, "cards": tuple(BotCard(**card) for card in given["cards"])})
