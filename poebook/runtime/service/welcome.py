"""What is said once a service answers. The keys themselves are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from poebook.runtime.keys import key_file


@dataclass(frozen=True)
class BotCard:
    """What a process tells of a bot that it serves: nothing secret."""

    name: str
    path: str
    kept: bool = False


def welcome(cards: Sequence[BotCard], host: str, port: int, *, no_key: bool = False, workers: int = 1) -> str:
    """Where the bots are asked, and where their keys are.

    >>> print(welcome([BotCard("Echo", "/")], "", 8080, no_key=True))
    Echo is running on http://127.0.0.1:8080/ (Ctrl-C ends it).
    It asks for no key: whoever reaches it may ask.
    """
    reached = "127.0.0.1" if host in ("0.0.0.0", "") else host
    by = "" if workers == 1 else f" in {workers} processes"
    end = "Ctrl-C ends it" if len(cards) == 1 else "Ctrl-C ends them"
    lines = [f"{one.name} is running on http://{reached}:{port}{quote(one.path)}{by} ({end})." for one in cards]
    if no_key:
        return "\n".join(
            [*lines, f"{'It asks' if len(cards) == 1 else 'They ask'} for no key: whoever reaches it may ask."]
        )
    kept = [one for one in cards if one.kept]
    if len(cards) == 1:
        return "\n".join([*lines, *(f"Its key is in {key_file(one.name)}." for one in kept)])
    return "\n".join([*lines, *(f"The key of {one.name} is in {key_file(one.name)}." for one in kept)])
