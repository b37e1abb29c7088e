"""What a replay found: a value to look at, to print, and to test for."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from poebook.client.answer import Answer
from poebook.client.tapes.tape import Tape, TapeEvent, TapeTurn

_MOST_LINES = 40  # of a diff
_LONGEST = 200  # characters of a line of a diff
COLUMNS = ("turn", "target", "question", "passed", "difference", "recorded", "text", "recorded_s", "total_s")


@dataclass(frozen=True)
class ReplayTurn:
    """One question asked again.

    ``recorded`` is the turn on the tape, ``answer`` what came now; ``text`` and ``events`` are the answer's with the
    recorded ids in it. ``differences`` are sentences, none where it passed; ``notes`` are what else there is to know.
    """

    number: int
    target: str
    recorded: TapeTurn
    answer: Answer
    text: str
    events: Sequence[TapeEvent] = field(repr=False)
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it answered as it did."""
        return not self.differences

    @property
    def now(self) -> TapeTurn:
        """The turn as it would be recorded now."""
        answer = self.answer
        error = answer.error.title if answer.error else None
        return replace(self.recorded, events=tuple(self.events), end=answer.state, error=error, total_s=answer.total_s)

    @property
    def diff(self) -> str:
        """What was and what is, line by line: the text, or the events where the text is the same; empty when alike."""
        before, now = self.recorded.text, self.text
        if before != now:
            return _diff(before.splitlines() or [""], now.splitlines() or [""])
        return _diff([_line(one) for one in self.recorded.events], [_line(one) for one in self.events])

    def __str__(self) -> str:
        lines = [f"turn {self.number}  {'passed ' if self.passed else 'changed'}  {_short(self.recorded.question)}"]
        lines += [f"  {words}" for words in self.differences]
        if not self.passed:
            lines += [f"    {line}" for line in self.diff.splitlines()]
        return "\n".join([*lines, *(f"  Note: {words}" for words in self.notes)])


@dataclass(frozen=True, repr=False)
class Replay:
    """A tape played to a bot.

    ``str(replay)`` is what changed, turn by turn, a notebook shows it as Markdown; ``table()`` is a row a turn.

    >>> print(Replay("empty", "echo", True, []))
    The tape empty, asked of echo: no turns.
    """

    tape: str
    target: str
    strict: bool
    turns: Sequence[ReplayTurn]
    whole: Tape = field(default_factory=Tape, repr=False)  # what was played

    def updated(self) -> Tape:
        """The tape with the answers of now, where they are others, to be written by ``write_tape``.

        The questions stay as they were, and with them what they repeat of earlier answers.

        >>> Replay("empty", "echo", True, []).updated().turns
        ()
        """
        now = {turn.number: turn.now for turn in self.changed}
        turns = [now.get(number, turn) for number, turn in enumerate(self.whole.turns, 1)]
        return replace(self.whole, turns=tuple(turns))

    @property
    def passed(self) -> bool:
        """Whether all turns passed."""
        return all(turn.passed for turn in self.turns)

    @property
    def changed(self) -> list[ReplayTurn]:
        """The turns that did not pass."""
        return [turn for turn in self.turns if not turn.passed]

    @property
    def notes(self) -> list[str]:
        """What else there is to know, each sentence once."""
        return list(dict.fromkeys(note for turn in self.turns for note in turn.notes))

    @property
    def summary(self) -> str:
        """The outcome in one sentence."""
        count, changed = len(self.turns), len(self.changed)
        if not count:
            return f"The tape {self.tape}, asked of {self.target}: no turns."
        turns = f"{count} turn{'' if count == 1 else 's'}"
        how = "events and all" if self.strict else "by their texts"
        outcome = f"all alike, {how}" if not changed else f"{count - changed} alike, {changed} changed"
        return f"The tape {self.tape}, asked of {self.target}: {turns}, {outcome}."

    def table(self) -> Any:
        """A row for each turn: a DataFrame where pandas is installed, else a list of dicts; times in seconds."""
        rows = [
            {
                "turn": turn.number,
                "target": turn.target,
                "question": turn.recorded.question,
                "passed": turn.passed,
                "difference": " ".join(turn.differences),
                "recorded": turn.recorded.text,
                "text": turn.text,
                "recorded_s": turn.recorded.total_s,
                "total_s": turn.answer.total_s,
            }
            for turn in self.turns
        ]
        try:
            pandas: Any = import_module("pandas")
        except ImportError:
            return rows
        return pandas.DataFrame(rows, columns=list(COLUMNS))

    def __str__(self) -> str:
        return "\n".join([*(str(turn) for turn in self.turns), self.summary])

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        parts = [f"**{'Passed' if self.passed else 'Changed'}.** {_plain(self.summary)}"]
        for turn in self.changed:
            said = "\n".join(f"- {_plain(words)}" for words in turn.differences)
            parts.append(f"**Turn {turn.number}**, {_plain(_short(turn.recorded.question))}\n\n{said}")
            if turn.diff:
                fence = "`" * (3 + max((len(run) for run in turn.diff.split() if set(run) == {"`"}), default=0))
                parts.append(f"{fence}diff\n{turn.diff}\n{fence}")
        return "\n\n".join([*parts, *(f"*{_plain(note)}*" for note in self.notes)])


def _diff(before: list[str], now: list[str]) -> str:
    lines = [
        line for line in difflib.unified_diff(before, now, lineterm="", n=1) if not line.startswith(("---", "+++"))
    ]
    lines = [line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…" for line in lines if not line.startswith("@@")]
    more = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES] + ([f"… and {more} more lines"] if more > 0 else []))


def _line(event: TapeEvent) -> str:
    parsed = event.parsed
    return f"{event.name} {parsed if isinstance(parsed, str) else json.dumps(parsed, ensure_ascii=False)}"


def _short(text: str, most: int = 70) -> str:
    line = " ".join(text.split())
    return json.dumps(line if len(line) <= most else f"{line[:most]}…", ensure_ascii=False)


def _plain(text: str) -> str:
    """*text* as Markdown that shows it as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~$" else sign for sign in text)
