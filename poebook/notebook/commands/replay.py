"""``%poebot replay``: ask a bot again what it was asked on a tape."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.display import display

from poebook.client.tapes.replaying import replay
from poebook.client.tapes.tape import SUFFIX
from poebook.notebook.commands.verb import Verb
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOW = {"--loose": False, "--strict": True}


def run(shell: Shell, words: list[str]) -> None:
    options = [word for word in words if word.startswith("-")]
    rest = [word for word in words if not word.startswith("-")]
    wrong = [word for word in options if word not in _HOW]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is not understood here: {VERB.line}.")
    if not rest:
        raise UsageError(f"Which tape? {VERB.line}.")
    if len(rest) > 2:
        raise UsageError(f"{rest[2]!r} is one word too many: {VERB.line}.")
    path = Path(rest[0]).expanduser()
    if not path.suffix and not path.exists():
        path = path.with_name(path.name + SUFFIX)
    strict = _HOW[options[-1]] if options else None
    display(replay(path, rest[1] if len(rest) == 2 else None, strict=strict))  # type: ignore[no-untyped-call]


def complete(words: list[str]) -> Sequence[str]:
    if not words:
        return sorted(path.name for path in Path().glob(f"*{SUFFIX}"))
    return [*sorted(served()), *_HOW] if len(words) == 1 else list(_HOW)


VERB = Verb(
    "replay",
    "FILE [NAME] [--loose]",
    "ask again what is on a tape, and show what changed",
    run,
    complete,
    more=(
        "NAME is asked, else the bot that the tape was made of; what it asked other bots is answered from the tape. "
        "With --strict every event must be the same; with --loose the text, as far as the tape's matchers say. "
        "fp.replay(FILE, TARGET) gives the comparison as an object, and pytest runs tapes as tests."
    ),
    example=(
        "%poebot record echo evening",
        "%poebot ask echo hi",
        "%poebot record echo --stop",
        "%poebot replay evening echo",
    ),
)
