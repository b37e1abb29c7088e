"""What a verb is, and what verbs share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from IPython.core.error import UsageError

from poebook.notebook.options import did_you_mean
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served
from poebook.runtime.served import Served

Run = Callable[[Shell, list[str]], None]
Completion = Callable[[list[str]], Sequence[str]]  # the words before the one that is completed


@dataclass(frozen=True)
class Verb:
    """``usage`` is what follows the name; ``run`` is given the words after it, ``complete`` offers the next one.

    With ``text`` the words are the first one and the rest of the line as it stands, apostrophes and all. ``more`` is
    what `%poebot help` says beyond ``help``; ``example`` are cells that run where a bot ``echo`` is served.
    """

    name: str
    usage: str
    help: str
    run: Run
    complete: Completion = lambda words: ()
    text: bool = False
    more: str = ""
    example: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"%poebot {self.name} {self.usage}".rstrip()


def names(words: list[str]) -> Sequence[str]:
    """The bots that run, for the first word."""
    return sorted(served()) if not words else ()


def named(verb: Verb, words: list[str], *, most: int = 1) -> Served:
    """The bot that the first word names. Raises UsageError when it does not run, or too much is said."""
    if not words or words[0].startswith("-"):
        raise UsageError(f"Which bot? {verb.line}.{runs()}")
    if len(words) > most:
        raise UsageError(f"{words[most]!r} is one word too many: {verb.line}.")
    return found(words[0])


def found(name: str) -> Served:
    """The bot of that name. Raises UsageError."""
    bot = served().get(name.removeprefix("local:"))
    if bot is None:
        raise UsageError(f"No bot named {name} is served here.{did_you_mean(name, sorted(served()))}{runs()}")
    return bot


def runs() -> str:
    """What is served, as a sentence."""
    return f" Served here: {', '.join(sorted(served()))}." if served() else " Nothing is served here yet."


def number(word: str, what: str) -> int:
    """*word* as a whole number. Raises UsageError."""
    try:
        return int(word)
    except ValueError:
        raise UsageError(f"{word!r} is no {what}; it should be a whole number.") from None
