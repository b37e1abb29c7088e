"""What the files of a project are made of."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from poebook.export.problem import Problem
from poebook.export.verdict import Verdict

KEY = "POE_ACCESS_KEY"


@dataclass(frozen=True)
class Variable:
    """A variable of the environment that the bot wants, and what it is for."""

    name: str
    what: str
    is_secret: bool = True


@dataclass(frozen=True)
class Facts:
    """``label`` is where the bot comes from, ``tests`` whether there is a tape, ``copied`` files that came along."""

    name: str
    label: str
    source: str
    requirements: Sequence[str]
    variables: Sequence[Variable] = ()
    copied: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    introduction: str | None = None
    tests: bool = False
    path: str = "/"
    verdict: Verdict | None = None
    python: str = field(default=f"{sys.version_info.major}.{sys.version_info.minor}")

    @property
    def slug(self) -> str:
        """The name as images, services and applications want it.

        >>> Facts("Tide_Bot 2", "", "", ()).slug
        'tide-bot-2'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-") or "bot"

    @property
    def every_variable(self) -> list[Variable]:
        """The bot's key and its own variables."""
        own = [one for one in self.variables if one.name != KEY]
        return [Variable(KEY, "the key that Poe shows itself by: 32 characters, as at poe.com"), *own]
