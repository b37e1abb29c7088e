"""``%poebot export``: a bot as a project of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from IPython.core.error import UsageError
from IPython.display import display

from poebook.export.exporting import export_bot
from poebook.notebook.commands.verb import Verb
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served


def run(shell: Shell, words: list[str]) -> None:
    ask: list[str] = []
    force = False
    named: list[str] = []
    rest = iter(words)
    for word in rest:
        option, equals, value = word.partition("=")
        if option == "--ask":
            question = value if equals else next(rest, "")
            if not question:
                raise UsageError('--ask needs a question, such as --ask "How high is the tide?".')
            ask.append(question)
        elif word == "--force":
            force = True
        elif word.startswith("-"):
            raise UsageError(f"There is no option {option} here: {VERB.line}.")
        else:
            named.append(word)
    if len(named) != 2:
        what = "Which bot, and to which folder?" if len(named) < 2 else f"{named[2]!r} is one word too many."
        raise UsageError(f"{what} {VERB.line}.")
    display(export_bot(named[0], Path(named[1]).expanduser(), ask=ask, force=force))  # type: ignore[no-untyped-call]


def complete(words: list[str]) -> Sequence[str]:
    """Bots, then folders are the author's own, then options."""
    named = [word for word in words if not word.startswith("-")]
    if not named:
        return sorted(served())
    if len(named) == 1:
        return [f"./{named[0]}-bot"]
    return [option for option in ("--ask", "--force") if option == "--ask" or option not in words]


VERB = Verb(
    "export",
    "NAME DIR [--ask TEXT]... [--force]",
    "the bot and what it needs as a project in DIR, with tests; a fresh process says whether it answers alike",
    run,
    complete,
    more="bot.py has the bot and just what it reaches in the cells that ran: sources as they were written, imports "
    "that are used. Secrets that stand in the source are read from the environment instead, and listed. What cannot be "
    "carried is told with its cell. A fresh process is asked what the bot was asked here, and the questions of --ask; "
    "the verdict says what differs. --force replaces what an earlier export wrote in DIR, and nothing else. In Python: "
    "fp.export_bot.",
    example=('%poebot export echo echo-bot --ask "How loud?"',),
)
