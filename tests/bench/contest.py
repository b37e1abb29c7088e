"""Several contestants do one work in turn, round by round; what counts is each round's own ratio."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Literal

OURS: Final = "poebook"
THEIRS: Final = "fastapi_poe"
LIMIT: Final = "limit"

Figures = Mapping[str, float]
Measure = Callable[[], Figures]  # one go; its figures by name
Stage = Callable[
    [], AbstractContextManager[Mapping[str, Measure]]
]  # what the contestants are, for the time of the rounds


@dataclass(frozen=True)
class Goal:
    """A ratio that is to be reached: ours to theirs (or to the limit) of one figure; against None, our figure itself.

    ``more`` says whether more is better; then it must be at least ``bound``, else at most.
    """

    figure: str
    against: Literal["fastapi_poe", "limit"] | None
    bound: float
    more: bool = True

    def met(self, ratio: float) -> bool:
        """Whether *ratio* is good enough.

        >>> Goal("events/s", "limit", 0.75).met(0.8)
        True
        """
        return ratio >= self.bound if self.more else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'at least' if self.more else 'at most'} {self.bound:g}"


@dataclass(frozen=True)
class Work:
    """Something to be done by all, and how well it should go."""

    name: str
    title: str
    stage: Stage
    goals: Sequence[Goal]
    rounds: int | None = None  # where fewer or more than usual are wanted
    why: str = ""  # what takes the time, where a goal is hard to reach or is missed


@dataclass
class Result:
    """The figures of each round, by contestant and figure."""

    work: Work
    rounds: list[dict[str, Figures]] = field(default_factory=list)

    def ratios(self, goal: Goal) -> list[float]:
        """Each round's own ratio."""
        if goal.against is None:
            return [one[OURS][goal.figure] for one in self.rounds]
        pairs = [(one[OURS][goal.figure], one[goal.against][goal.figure]) for one in self.rounds if goal.against in one]
        return [ours / other for ours, other in pairs if other]

    def figure(self, who: str, name: str) -> float | None:
        """The median of a contestant's figure."""
        values = [one[who][name] for one in self.rounds if who in one and name in one[who]]
        return statistics.median(values) if values else None


def hold(work: Work, rounds: int) -> Result:
    """Let everybody do *work*, in an order that turns with each round."""
    result = Result(work)
    with work.stage() as contestants:
        names = list(contestants)
        for number in range(-1, work.rounds or rounds):  # the first one warms up and does not count
            turn = (number + 1) % len(names)
            figures = {name: contestants[name]() for name in names[turn:] + names[:turn]}
            if number >= 0:
                result.rounds.append(figures)
    return result


def shown(value: float) -> str:
    """A figure as people read it.

    >>> shown(28784.3), shown(0.01234)
    ('28,784', '0.0123')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
