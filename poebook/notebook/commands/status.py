"""``%poebot status``: what runs."""

from __future__ import annotations

from IPython.core.error import UsageError
from IPython.display import display

from poebook.client.refusals import place
from poebook.notebook.commands.verb import Verb
from poebook.notebook.shell import Shell
from poebook.notebook.table import Table
from poebook.runtime.registry import served
from poebook.runtime.served import Served

_HEAD = ["Bot", "State", "Address", "Version", "Since", "Questions", "Key"]
_EMPTY = "Nothing is served here yet. A cell that begins with %%poebot NAME serves a bot; %%poebot? tells how."


def table() -> Table:
    """Every bot that is served here."""
    return Table(_HEAD, [_row(one) for one in served().values()], empty=_EMPTY)


def _row(bot: Served) -> list[str]:
    return [
        bot.name,
        bot.state,
        place(bot.public_url or bot.url),
        str(bot.version),
        f"{bot.since:%H:%M:%S}",
        str(bot.journal.asked),
        "none" if bot.key is None else "yes",
    ]


def run(shell: Shell, words: list[str]) -> None:
    if words:
        raise UsageError(f"%poebot status shows all bots and takes no {words[0]!r}.")
    display(table())  # type: ignore[no-untyped-call]


VERB = Verb(
    "status",
    "",
    "what runs: each bot's state, address, version and how often it was asked",
    run,
    more=(
        "The same as `%poebot` without a word. The table has no key in it; `Key` says whether there is one. In "
        "Python, fp.served() is a dictionary of the bots that run."
    ),
    example=("%poebot status",),
)
