"""What a case of abuse is: something that is done to a server or a client of either library, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.abuse.libraries import Client, Server

OURS: Final = "poebook"
THEIRS: Final = "fastapi_poe"
LIBRARIES: Final = (OURS, THEIRS)


@dataclass(frozen=True)
class Outcome:
    """How it ended: whether that is good, and what was seen in a few words."""

    good: bool
    words: str


@dataclass(frozen=True)
class ServerCase:
    """Abuse of a server. ``slow`` cases wait for time-outs of many seconds, and are only run by hand."""

    name: str
    title: str
    play: Callable[[Server], Coroutine[Any, Any, Outcome]]
    slow: bool = False
    ends_it: bool = False  # it is given a server of its own, for it stops it
    side: Literal["server"] = "server"


@dataclass(frozen=True)
class ClientCase:
    """Abuse of a client."""

    name: str
    title: str
    play: Callable[[Client], Coroutine[Any, Any, Outcome]]
    slow: bool = False
    side: Literal["client"] = "client"


Case = ServerCase | ClientCase


def counted(bad: list[str], of: int, good: str) -> Outcome:
    """*good* when nothing went wrong, else how much of it did, and what first.

    >>> counted([], 3, "all refused").words
    'all refused'
    >>> counted(["500 for x", "500 for y"], 3, "all refused").words
    '2 of 3 went wrong: 500 for x; 500 for y'
    """
    if not bad:
        return Outcome(True, good)
    return Outcome(False, f"{len(bad)} of {of} went wrong: {'; '.join(dict.fromkeys(bad[:3]))}"[:160])
