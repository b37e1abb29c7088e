"""``%poebot``: what runs, and what can be done with it."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from IPython.core.error import UsageError

from poebook.errors import PoebookError
from poebook.notebook.columns import columns
from poebook.notebook.commands import VERBS
from poebook.notebook.errors import as_author_reads_it, is_ours, usage
from poebook.notebook.options import did_you_mean, words_of
from poebook.notebook.shell import Shell
from poebook.whereabouts import adrift, is_adrift


def line_magic(shell: Shell) -> Callable[[str], None]:
    """The magic for *shell*, with a docstring made of the table of verbs."""

    def poebot(line: str) -> None:
        carry_out(shell, line)

    poebot.__doc__ = manual()
    return poebot


def carry_out(shell: Shell, line: str) -> None:
    """Do what *line* says; without a word, show what runs."""
    name, _, rest = line.strip().partition(" ")
    name = name or "status"
    verb = VERBS.get(name)
    if verb is None:
        raise UsageError(
            f"There is no %poebot {name}.{did_you_mean(name, list(VERBS))} The verbs are {', '.join(VERBS)}."
        )
    words = _text_words(rest) if verb.text else words_of(rest)
    try:
        verb.run(shell, words)
    except PoebookError as error:
        failure = usage(error) if is_ours(error) else as_author_reads_it(shell, error)
    except FileNotFoundError as error:
        failure = usage(adrift()) if is_adrift() else error
    else:
        return
    raise failure  # out here, so that it is nobody's context


def _text_words(rest: str) -> list[str]:
    """A word, and the text after it, without the quotation marks if it stands in such as a whole."""
    words = rest.split(maxsplit=1)
    if len(words) == 2:
        try:
            quoted = shlex.split(words[1])
        except ValueError:
            quoted = []
        text = words[1].strip()
        words[1] = quoted[0] if len(quoted) == 1 and text[0] in "\"'" else text
    return words


def manual() -> str:
    """What ``%poebot?`` shows.

    >>> "%poebot rollback NAME [VERSION]" in manual()
    True
    """
    return _MANUAL.format(verbs=columns((verb.line, verb.help) for verb in VERBS.values()))


_MANUAL = """\
%poebot [VERB ...]

What runs, and what can be done with it. %poebot alone is %poebot status.

{verbs}

A TARGET is the name of a bot served here, the name of a bot on Poe (set POE_API_KEY), a URL;
local:NAME and poe:NAME say which of the first two is meant. TEXT is the rest of the line.

`%poebot help VERB` says more of one; `%%poebot?` tells how a cell becomes a bot.
"""
