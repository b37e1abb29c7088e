"""``%poebot sync``: tell Poe a bot's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poebook.errors import BotError
from poebook.notebook.commands.verb import Verb, named
from poebook.notebook.errors import usage
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served
from poebook.runtime.settings_push import explained
from poebook.runtime.world import poe_name_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(shell: Shell, words: list[str]) -> None:
    fetch = "--fetch" in words
    bot = named(VERB, [word for word in words if word != "--fetch"])
    failure: Exception | None = None
    try:
        bot.sync(fetch=fetch)
    except BotError as error:
        failure = usage(explained(error, poe_name_of(bot)))
    if failure is not None:
        raise failure  # out here, so that it is nobody's context
    how = "Poe has asked for the settings of" if fetch else "Poe has the settings of"
    print(f"{how} {poe_name_of(bot)}.")


def complete(words: list[str]) -> Sequence[str]:
    return sorted(served()) if not words else ["--fetch"]


VERB = Verb(
    "sync",
    "NAME [--fetch]",
    "tell Poe its settings; --fetch has Poe ask for them",
    run,
    complete,
    more=(
        "Poe keeps what a bot's settings said last. Publishing pushes them, and so does each swap that changes "
        "them; this does it by hand, for a bot that is registered at Poe under the name. With --fetch Poe asks the "
        "bot at its public address instead."
    ),
)
