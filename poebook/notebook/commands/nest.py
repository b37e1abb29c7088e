"""``%poebot nest``: ``asyncio.run`` in cells, for code that insists on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from poebook.errors import MissingExtra
from poebook.notebook.commands.verb import Verb
from poebook.notebook.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Sequence


_runs: dict[str, Any] = {}  # Python's own asyncio.run, and the one that nests


def run(shell: Shell, words: list[str]) -> None:
    match words:
        case ["on"]:
            turn_on()
            print("asyncio.run works in cells now.")
        case ["off"]:
            turn_off()
            print("asyncio.run is Python's own again; restart the kernel to be rid of all that was changed for it.")
        case _:
            state = "on" if _runs and asyncio.run is _runs["nested"] else "off"
            raise UsageError(f"%poebot nest on|off: it is {state} now.")


def turn_on() -> None:
    """Let ``asyncio.run`` be called where a loop runs already. Raises MissingExtra."""
    if not _runs:
        nest = _nest_asyncio()
        own = asyncio.run
        nest.apply()
        _runs.update(own=own, nested=asyncio.run)
    asyncio.run = _runs["nested"]


def turn_off() -> None:
    """Let ``asyncio.run`` refuse again where a loop runs."""
    if _runs:
        asyncio.run = _runs["own"]


def _nest_asyncio() -> Any:  # neither package has types
    for name in ("nest_asyncio2", "nest_asyncio"):
        try:
            return __import__(name)
        except ImportError:
            continue
    raise MissingExtra("nest-asyncio", extra="notebook")


def complete(words: list[str]) -> Sequence[str]:
    return ["on", "off"] if not words else ()


VERB = Verb(
    "nest",
    "on|off",
    "let asyncio.run work in cells (nest-asyncio); never done unasked",
    run,
    complete,
    more=(
        "A notebook's kernel has a running loop, in which asyncio.run refuses; most cells just await. For code "
        "that cannot, this patches asyncio.run with the package nest-asyncio; off takes it back, as far as that "
        "goes."
    ),
)
