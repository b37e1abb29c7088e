"""All that was seen of a bot, and the rules' ways of looking at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from poebook.client.conformance.exchange import Exchange, Seen
from poebook.client.conformance.finding import Severity
from poebook.client.conformance.limits import Limits


@dataclass
class Evidence:
    """``exchanges`` by the names of their visits."""

    url: str
    key: str | None = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    exchanges: dict[str, Exchange] = field(default_factory=dict)

    def of(self, name: str) -> Exchange:
        return self.exchanges.get(name) or Exchange(name)

    @property
    def hello(self) -> Exchange:
        return self.of("hello")

    @property
    def well(self) -> bool:
        """Whether a plain question is answered as it should."""
        return self.hello.is_stream and self.hello.failure() is None

    @property
    def streams(self) -> Iterator[Exchange]:
        """Every answer that is a stream, the plain one first."""
        return (one for one in self.exchanges.values() if one.is_stream)

    @property
    def wholes(self) -> Iterator[Exchange]:
        """Those that were read to their end."""
        return (one for one in self.streams if one.fate == "whole")

    @property
    def settings(self) -> dict[str, Any] | None:
        """What the bot says of itself, if it does."""
        answer = self.of("settings")
        try:
            value = answer.json() if answer.ok else None
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters that the bot's controls set, wherever they stand."""
        return list(_named((self.settings or {}).get("parameter_controls")))


def _named(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        name = value.get("parameter_name")
        if isinstance(name, str):
            yield name
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _named(inner)


See = Callable[[Evidence], str | None]


@dataclass(frozen=True)
class Rule:
    """``see`` says, as a sentence, what breaks the rule; with ``gate`` nothing more can be known where it is broken."""

    check: str
    severity: Severity
    see: See
    remedy: str
    gate: bool = False


def of(name: str, see: Callable[[Exchange], str | None]) -> See:
    """Look at one exchange."""
    return lambda evidence: see(evidence.of(name))


def stream(see: Callable[[Exchange], str | None]) -> See:
    """Look at every answer that is a stream, until one breaks the rule."""
    return lambda evidence: next((said for one in evidence.streams if (said := see(one))), None)


def whole(see: Callable[[Exchange], str | None]) -> See:
    """The same, of those that were read to their end."""
    return lambda evidence: next((said for one in evidence.wholes if (said := see(one))), None)


def event(see: Callable[[Seen], str | None], *names: str) -> See:
    """Look at every event of these names (none: of all)."""

    def look(one: Exchange) -> str | None:
        chosen = (event for event in one.events if not names or event.name in names)
        return next((said for event in chosen if (said := see(event))), None)

    return stream(look)


def question(name: str) -> See:
    """Whether a question is answered by a bot that answers a plain one."""
    return lambda evidence: evidence.of(name).failure() if evidence.well else None


def cut(text: str, most: int = 80) -> str:
    """*text* on one line, and no longer than *most*.

    >>> cut("one\\ntwo three", 8)
    'one two…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
