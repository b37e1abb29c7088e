"""``%poebot record``: put whatever reaches a bot on a tape."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from poebook.client.tapes.tape import SUFFIX
from poebook.notebook.commands.verb import Verb, found, named, runs
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poebook.client.tapes.recording import Recording


def run(shell: Shell, words: list[str]) -> None:
    options = [word for word in words if word.startswith("-")]
    rest = [word for word in words if not word.startswith("-")]
    wrong = [word for word in options if word not in ("--stop", "--append")]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is not understood here: {VERB.line}.")
    if "--stop" in options:
        _stop(rest)
    elif not rest:
        _status()
    else:
        _record(rest, append="--append" in options)


def _record(words: list[str], *, append: bool) -> None:
    bot = named(VERB, words, most=2)
    if len(words) < 2:
        raise UsageError(f"On which file? {VERB.line}.")
    path = Path(words[1]).expanduser()
    if not path.suffix:
        path = path.with_name(path.name + SUFFIX)
    bot.record(path, append=append)
    print(f"Whatever reaches {bot.name} is recorded on {path}. %poebot record {bot.name} --stop ends it.")


def _stop(words: list[str]) -> None:
    bots = [found(words[0])] if words else list(served().values())
    ended = [(bot.name, recording) for bot in bots for recording in bot.recordings]
    if not ended:
        raise UsageError(f"{words[0] if words else 'Nothing'} is not being recorded.{runs()}")
    for name, recording in ended:
        recording.stop()
        print(f"{_told(name, recording)}. %poebot replay {recording.path} asks again.")


def _status() -> None:
    lines = [_told(bot.name, recording) + "." for bot in served().values() for recording in bot.recordings]
    print("\n".join(lines) or f"Nothing is being recorded. {VERB.line} begins.")


def _told(name: str, recording: Recording) -> str:
    turns = f"{recording.count} {'answer' if recording.count == 1 else 'answers'}"
    return f"{turns} of {name} on {recording.path}"


def complete(words: list[str]) -> Sequence[str]:
    return sorted(served()) if not words else ["--stop", "--append"] if len(words) == 1 else ()


VERB = Verb(
    "record",
    "NAME FILE|--stop",
    "put whatever reaches it on a tape; --append carries one on",
    run,
    complete,
    more=(
        "Questions from the chat, from cells and from outside are all written, with every event of the answers and "
        "its time, as lines of JSON; keys are not. Without a word it shows what is being recorded. FILE gets the "
        "ending .tape.jsonl if it has none."
    ),
    example=("%poebot record echo evening", "%poebot ask echo hi", "%poebot record echo --stop"),
)
