"""``%poebot unpublish``: take a public address away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poebook.notebook.commands.verb import Verb, named
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(shell: Shell, words: list[str]) -> None:
    everything = words == ["--all"]
    bots = [one for one in served().values() if one.public_url] if everything else [named(VERB, words)]
    gone = [bot.name for bot in bots if bot.public_url]
    for bot in bots:
        bot.unpublish()
    if gone:
        print(f"{', '.join(gone)} {'has' if len(gone) == 1 else 'have'} no public address any more.")
    else:
        print("Nothing was published." if everything else f"{bots[0].name} was not published.")


def complete(words: list[str]) -> Sequence[str]:
    return [*(one.name for one in served().values() if one.public_url), "--all"] if not words else ()


VERB = Verb(
    "unpublish",
    "NAME | --all",
    "take the public address away",
    run,
    complete,
    more=(
        "The tunnel is closed with the last bot that is published. The bot goes on at its local address, with the "
        "same key."
    ),
    example=("%poebot publish echo --via url --url http://127.0.0.1:8080", "%poebot unpublish echo"),
)
