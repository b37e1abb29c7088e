"""``%poebot check``: whether a bot does what Poe asks of it, as a table."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.display import display

from poebook.client.conformance.check import check_bot
from poebook.client.conformance.finding import Finding
from poebook.client.refusals import place
from poebook.notebook.commands.verb import Verb, found
from poebook.notebook.shell import Shell
from poebook.notebook.table import Table
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = ["Severity", "Check", "Seen", "Remedy"]


def run(shell: Shell, words: list[str]) -> None:
    if not words or words[0].startswith("-"):
        raise UsageError(f"Which bot? {VERB.line}.")
    key = _key(words[1:])
    if words[0].startswith(("http://", "https://")):
        where, result = place(words[0]), check_bot(words[0], key or os.environ.get("POE_ACCESS_KEY"))
    else:
        bot = found(words[0])
        where, result = bot.name, check_bot(bot.public_url or bot.url, key or bot.key)
    display(table(where, result))  # type: ignore[no-untyped-call]


def table(where: str, result: Sequence[Finding]) -> Table:
    """The findings, errors first."""
    rows = [[one.severity, one.check, one.seen, one.remedy] for one in result]
    return Table(_HEAD, rows, empty=f"{where} does all that was looked at as Poe asks.")


def _key(words: list[str]) -> str | None:
    match words:
        case []:
            return None
        case ["--key", key]:
            return key
        case [word, *_]:
            raise UsageError(f"{word!r} is not understood here: {VERB.line}.")
    return None


def complete(words: list[str]) -> Sequence[str]:
    return [*sorted(served()), "https://"] if not words else ["--key"] if len(words) == 1 else ()


VERB = Verb(
    "check",
    "NAME|URL [--key KEY]",
    "whether it does what Poe asks, and how to mend what does not",
    run,
    complete,
    more=(
        "A bot served here is asked at its public address if it has one, else at its local one; a URL needs its "
        "key, from --key (or $NAME) or POE_ACCESS_KEY. The bot is asked some forty times, which takes a few "
        "seconds. fp.check_bot(URL, KEY) gives the findings as objects."
    ),
    example=("%poebot check echo",),
)
