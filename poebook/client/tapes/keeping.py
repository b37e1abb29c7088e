"""Tapes as files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from poebook.client.conversation import Conversation
from poebook.client.keeping import written
from poebook.client.tapes.lines import TapeLines, head, turns_in
from poebook.client.tapes.taking import turns_of
from poebook.client.tapes.tape import FORMAT, SUFFIX, Tape
from poebook.errors import PoebookError

Place = str | os.PathLike[str]


def write_tape(path: Place, conversation: Conversation | Tape) -> Tape:
    """Write what a conversation has had so far, and return it; a file that cannot be written whole stays as it was.

    Kept are the shown questions, each bot's answer event by event with times in seconds, the calls of other bots that
    handlers in this process made, and files up to 64 kB; no key. Raises PoebookError when there is nothing to keep.

    >>> from poebook import Conversation, PoeBot
    >>> conversation = Conversation(PoeBot())
    >>> _ = conversation.ask("hi")
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     tape = write_tape(Path(folder) / "hello.tape.jsonl", conversation)
    >>> tape.name, [turn.text for turn in tape.turns]
    ('hello', ['hello'])
    """
    tape = conversation if isinstance(conversation, Tape) else _tape_of(Path(path), conversation)
    written(Path(path), whole(tape))
    return tape


def whole(tape: Tape) -> str:
    """All the lines of a tape."""
    lines = TapeLines()
    return "".join(f"{line}\n" for line in [head(tape), *(line for turn in tape.turns for line in lines.turn(turn))])


def read_tape(path: Place) -> Tape:
    """Read a tape; lines that a crash left unfinished at its end are passed over.

    Raises PoebookError when there is none, when the file is none, or was written by a newer poebook.
    """
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8")
    except OSError as error:
        raise PoebookError(f"The tape {place} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise PoebookError(f"{place} is no tape: it is no text.") from None
    lines = _numbered(place, text)
    _, first = next(lines, (0, {}))
    version = first.get("tape")
    if not isinstance(version, int):
        raise PoebookError(f'{place} is no tape; the first line of one is {{"tape": {FORMAT}}}.')
    if version > FORMAT:
        raise PoebookError(f"{place} was recorded by a newer poebook; `pip install -U poebook` gets one that reads it.")
    reached = [1]
    try:
        turns = turns_in(_counted(lines, reached))
    except (LookupError, TypeError, ValueError, AttributeError):
        raise PoebookError(f"Line {reached[-1]} of {place} is none that a tape has.") from None
    name = place.name.removesuffix(SUFFIX)
    return Tape(turns, name, first.get("target"), first.get("compare", "strict"), first.get("matchers"))


def _tape_of(path: Path, conversation: Conversation) -> Tape:
    turns = turns_of(conversation)
    if not turns:
        if conversation.messages:
            raise PoebookError("How these answers came is not known, as they were read from a file; ask anew, then.")
        raise PoebookError("Nothing has been asked yet, so there is nothing to put on a tape.")
    return Tape(turns, path.name.removesuffix(SUFFIX), turns[0].target)


def _counted(lines: Iterator[tuple[int, dict[str, Any]]], reached: list[int]) -> Iterator[dict[str, Any]]:
    for number, line in lines:
        reached[-1] = number
        yield line


def _numbered(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except (ValueError, RecursionError):
            if number == len(lines) and number > 1:  # cut off by a crash
                return
            raise PoebookError(f"Line {number} of {path} is no JSON, so it is no tape that can be read.") from None
        if not isinstance(parsed, dict):
            raise PoebookError(f"Line {number} of {path} is no JSON object, so it is no tape that can be read.")
        yield number, parsed
