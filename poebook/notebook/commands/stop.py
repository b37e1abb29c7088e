"""``%poebot stop``: close a bot's door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poebook.notebook.commands.verb import Verb, named, runs
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(shell: Shell, words: list[str]) -> None:
    if words == ["--all"]:
        bots = list(served().values())
        for bot in bots:
            bot.stop()
        print(f"Stopped {', '.join(bot.name for bot in bots)}." if bots else "Nothing is served here.")
        return
    bot = named(VERB, words)
    bot.stop()
    print(f"Stopped {bot.name}.{runs() if served() else ''}")


def complete(words: list[str]) -> Sequence[str]:
    return [*sorted(served()), "--all"] if not words else ()


VERB = Verb(
    "stop",
    "NAME | --all",
    "stop serving a bot, or all of them",
    run,
    complete,
    more=(
        "Its address answers 404 from then on, a way in from outside is closed with the last published bot, and "
        "the server with the last bot. The key is kept, so that the same name can be served again as it was."
    ),
    example=("%poebot stop echo",),
)
