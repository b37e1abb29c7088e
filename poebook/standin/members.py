"""The bots that a local Poe knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from poebook.client.targets import Target

Told = Callable[[str, str], Any]  # takes what Poe tells the bot's author, and the id of the message that it is about


@dataclass(frozen=True)
class Member:
    """A bot: how it is asked, the key that it shows, and which version of it answers (settings are those of one)."""

    name: str
    target: Target
    key: str | None = field(default=None, repr=False)
    version: object = None
    told: Told = field(default=lambda words, message_id: None, repr=False, compare=False)
    foreign: bool = False  # Poe itself does Poe's work for it


class Roster(Protocol):
    """Who can be asked; looked at anew for each request."""

    def find(self, name: str) -> Member | None: ...

    def all(self) -> Iterable[Member]: ...


class Listed:
    """A roster that was written down. Names are found in either case, as on Poe.

    >>> Listed([]).find("echo") is None
    True
    """

    def __init__(self, members: Iterable[Member]) -> None:
        self._members = {member.name: member for member in members}

    def add(self, member: Member) -> None:
        """One more."""
        self._members[member.name] = member

    def remove(self, name: str) -> None:
        """One less; none, when there is no bot of that name."""
        self._members.pop(name, None)

    def find(self, name: str) -> Member | None:
        exact = self._members.get(name)
        return exact or next((m for m in self._members.values() if m.name.casefold() == name.casefold()), None)

    def all(self) -> Iterable[Member]:
        return list(self._members.values())
