"""The limits that Poe applies to an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds, and numbers of events and characters.

    ``first_event_s`` and ``answer_s`` bound an answer, ``silence_s`` is how long a proxy lets a connection be silent,
    ``settings_s`` how long settings may take, ``calls`` how many other bots an answer may call.

    >>> Limits().first_event_s
    5.0
    """

    first_event_s: float = 5.0
    answer_s: float = 120.0
    silence_s: float = 30.0
    settings_s: float = 5.0
    events: int = 10_000
    characters: int = 100_000
    calls: int = 100
