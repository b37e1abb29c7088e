"""Whether an export answers as the notebook did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["alike", "shape", "differs", "started", "failed", "unproved"]


@dataclass(frozen=True)
class TurnVerdict:
    """One question: ``outcome`` is ``alike``, ``shape`` (it differs from itself, and its form is the same) or
    ``differs``; ``says`` is a sentence, ``diff`` what was and what is, line by line."""

    question: str
    outcome: Outcome
    says: str = ""
    diff: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a fresh process made of an export.

    ``outcome``: ``alike``; ``shape``, where a bot that answers otherwise each time was compared by the form of its
    answers; ``differs``; ``started``, where there was nothing to compare with; ``failed``, where it could not even be
    asked; ``unproved``, where nobody tried. ``detail`` is a traceback where there is one.

    >>> print(Verdict("alike", "A fresh process answered 2 questions as the notebook did."))
    A fresh process answered 2 questions as the notebook did.
    """

    outcome: Outcome
    says: str
    turns: Sequence[TurnVerdict] = ()
    detail: str = field(default="", repr=False)

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the export."""
        return self.outcome in ("alike", "shape", "started")

    def __str__(self) -> str:
        lines = [self.says]
        for turn in self.turns:
            if turn.says:
                lines.append(f"  {_short(turn.question)}: {turn.says}")
                lines += [f"    {line}" for line in turn.diff.splitlines()]
        lines += [f"  {line}" for line in self.detail.strip().splitlines()[-12:]]
        return "\n".join(lines)


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else line[:most] + '…'}”"
