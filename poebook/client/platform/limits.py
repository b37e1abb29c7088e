"""What Poe allows a bot, and whoever asks one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from poebook.errors import InvalidParameterError
from poebook.protocol.model import near


@dataclass(frozen=True)
class Limits:
    """Poe's limits; None lifts one. Times are in seconds.

    With ``enforce`` an answer that breaks one ends in an error, as on Poe; without, it goes on and is warned about.
    What would go on without end (``calls``, ``depth``) and what would take too much room (``upload_bytes``) is
    refused either way.

    >>> Limits(first_event_s=1).events
    10000
    """

    first_event_s: float | None = 5.0  # until the first event of an answer
    total_s: float | None = 120.0  # until its end
    events: int | None = 10_000  # of an answer
    characters: int | None = 100_000  # of its text
    messages: int | None = 1_000  # of the history that a bot is told
    calls: int | None = 100  # of other bots, for one message of the user
    depth: int | None = 10  # of bots that call bots that call bots
    requests_a_minute: int | None = 500  # with one key
    upload_bytes: int | None = 50_000_000  # of one file
    file_s: float | None = 600.0  # that the address of a file lives
    enforce: bool = True

    @classmethod
    def of(cls, given: Limits | Mapping[str, Any] | None) -> Limits:
        """*given*, or the limits that differ from Poe's in what the mapping says. Raises InvalidParameterError.

        >>> Limits.of({"events": 3}).events
        3
        """
        if isinstance(given, Limits):
            return given
        known = [field.name for field in fields(cls)]
        for name, value in (given or {}).items():
            if name not in known:
                raise InvalidParameterError(f"There is no limit {name}.{near(name, known)}")
            if name != "enforce" and value is not None and (isinstance(value, bool) or not _is_amount(value)):
                raise InvalidParameterError(f"The limit {name} is a number of 0 or more, or None; not {value!r}.")
        return cls(**(given or {}))


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and value >= 0
