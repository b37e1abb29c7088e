"""``%poebot logs``: what a bot's handlers printed, logged and raised."""

from __future__ import annotations

from poebook.notebook.commands.verb import Verb, named, names, number
from poebook.notebook.shell import Shell


def run(shell: Shell, words: list[str]) -> None:
    bot = named(VERB, words, most=2)
    lines = bot.journal.lines
    if len(words) == 2:
        lines = lines[-max(number(words[1], "number of lines"), 1) :]
    print("\n".join(map(str, lines)) or f"{bot.name} has printed and logged nothing yet.")


VERB = Verb(
    "logs",
    "NAME [LINES]",
    "what its handlers printed, logged and raised; the last lines only",
    run,
    names,
    more=(
        "What a handler prints never lands in a cell that happens to run; it is here, with its time, and so is the "
        "traceback of what it raised. LINES shows that many of the last lines."
    ),
    example=("%poebot ask echo hi", "%poebot logs echo"),
)
