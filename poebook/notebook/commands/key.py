"""``%poebot key``: where a bot's key is, without showing it; and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from poebook.notebook.commands.verb import Verb, named
from poebook.notebook.shell import Shell
from poebook.runtime.keys import is_kept, key_file
from poebook.runtime.registry import renew, served
from poebook.runtime.served import Served

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(shell: Shell, words: list[str]) -> None:
    anew = "--new" in words
    words = [word for word in words if word != "--new"]
    if unknown := [word for word in words if word.startswith("-")]:
        raise UsageError(f"There is no option {unknown[0]}: {VERB.line}.")
    bot = named(VERB, words)
    if anew:
        renew(bot.name)
        print(f"{bot.name} has a new key; whoever used the old one needs it, Poe too. {where(bot)}")
    else:
        print(where(bot))


def where(bot: Served) -> str:
    """Where the key can be had from, as a sentence."""
    if bot.key is None:
        return f"{bot.name} is served without a key."
    copied = f"Copy key on its card copies it; in Python it is fp.served()[{bot.name!r}].key."
    if is_kept(bot.name, bot.key):
        return f"The key of {bot.name} is kept in {key_file(bot.name)}, readable by you alone. {copied}"
    return f"The key of {bot.name} was given to it and is kept nowhere by poebook. {copied}"


def complete(words: list[str]) -> Sequence[str]:
    return ["--new"] if words else sorted(served())


VERB = Verb(
    "key",
    "NAME [--new]",
    "where its key is kept (it is never shown), or make a new one",
    run,
    complete,
    more=(
        "A bot without a key given gets one of 32 characters, kept under its name below POEBOOK_HOME, so that a "
        "registration at Poe outlives the kernel. With --new the old one is void at once."
    ),
    example=("%poebot key echo",),
)
