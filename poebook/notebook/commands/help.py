"""``%poebot help``: what a verb does, at length."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from poebook.notebook.commands.verb import Verb
from poebook.notebook.options import did_you_mean
from poebook.notebook.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 110


def run(shell: Shell, words: list[str]) -> None:
    from poebook.notebook.commands import VERBS  # the table that this is a row of
    from poebook.notebook.linemagic import manual

    if not words:
        print(manual())
        return
    verb = VERBS.get(words[0])
    if verb is None:
        raise UsageError(f"There is no %poebot {words[0]}.{did_you_mean(words[0], list(VERBS))}")
    print(page(verb))


def page(verb: Verb) -> str:
    """What there is to say of *verb*.

    >>> print(page(VERB).splitlines()[0])
    %poebot help [VERB]
    """
    summary = verb.help[:1].upper() + verb.help[1:]
    parts = [verb.line, textwrap.fill(f"{summary}.", _WIDTH), textwrap.fill(verb.more, _WIDTH)]
    parts += [textwrap.indent(cell, "    ") for cell in verb.example]
    return "\n\n".join(part for part in parts if part)


def complete(words: list[str]) -> Sequence[str]:
    from poebook.notebook.commands import VERBS

    return [] if words else list(VERBS)


VERB = Verb(
    "help",
    "[VERB]",
    "what a verb does, at length",
    run,
    complete,
    more="Without a verb it is what `%poebot?` shows. `%%poebot?` tells how a cell becomes a bot.",
    example=("%poebot help rollback",),
)
