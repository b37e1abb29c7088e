"""``%poebot``: what runs, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from IPython.core.error import UsageError

from poebook.errors import PoebookError
from poebook.notebook.commands import VERBS
from poebook.notebook.errors import as_author_reads_it, is_ours, usage
from poebook.notebook.options import did_you_mean, words_of
from poebook.notebook.shell import Shell


def line_magic(shell: Shell) -> Callable[[str], None]:
    """The magic for *shell*, with a docstring made of the table of verbs."""

    def poebot(line: str) -> None:
        carry_out(shell, line)

    poebot.__doc__ = manual()
    return poebot


def carry_out(shell: Shell, line: str) -> None:
    """Do what *line* says; without a word, show what runs."""
    name, *words = words_of(line) or ["status"]
    verb = VERBS.get(name)
    if verb is None:
        raise UsageError(
            f"There is no %poebot {name}.{did_you_mean(name, list(VERBS))} The verbs are {', '.join(VERBS)}."
        )
    try:
        verb.run(shell, words)
    except PoebookError as error:
        if is_ours(error):
            raise usage(error) from None
        raise as_author_reads_it(shell, error) from error.__cause__


def manual() -> str:
    """What ``%poebot?`` shows.

    >>> "%poebot rollback NAME [VERSION]" in manual()
    True
    """
    width = max(len(verb.line) for verb in VERBS.values())
    verbs = "\n".join(f"  {verb.line:<{width}}  {verb.help}" for verb in VERBS.values())
    return _MANUAL.format(verbs=verbs)


_MANUAL = """\
%poebot [VERB ...]

What runs, and what can be done with it. %poebot alone is %poebot status.

{verbs}

A TARGET is the name of a bot served here, the name of a bot on Poe (set POE_API_KEY), a URL; local:NAME and poe:NAME
say which of the first two is meant. Text with quotation marks or several spaces goes in quotation marks.

`%%poebot?` tells how a cell becomes a bot.
"""
