"""What is to be reached, and the table that says whether it was."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Goal:
    """A figure of each round, its ``bound``, and whether ``more`` is better."""

    title: str
    figure: Callable[[Figures], float]
    bound: float
    unit: str = ""
    more: bool = False

    def values(self, rounds: Sequence[Figures]) -> list[float]:
        """The figure of each round that has it."""
        found = []
        for one in rounds:
            try:
                found.append(self.figure(one))
            except KeyError:
                continue
        return found

    def met(self, value: float) -> bool:
        """Whether *value* is good enough.

        >>> Goal("lag", lambda one: one["lag"], 0.1).met(0.2)
        False
        """
        return value >= self.bound if self.more else value <= self.bound


def _figure(name: str) -> Callable[[Figures], float]:
    return lambda one: one[name]


def _ratio(above: str, below: str) -> Callable[[Figures], float]:
    return lambda one: one[above] / one[below]


GOALS = (
    Goal("10,000 events at once: against raw text in a <pre>", _ratio("burst, s", "floor, s"), 3, "x"),
    Goal("2,000 a second: last character after last event", _figure("paced, lag s"), 0.1, " s"),
    Goal("2,000 a second: longest stall of the page", _figure("paced, longest stall ms"), 50, " ms"),
    Goal("2,000 a second: main thread at work", _figure("paced, busy"), 0.5),
    Goal("2,000 events: gradio's time against ours", _ratio("gradio, s", "2,000 events, s"), 100, "x", more=True),
    Goal("2,000 events: Panel's time against ours", _ratio("Panel, s", "2,000 events, s"), 100, "x", more=True),
    Goal("500 messages: open", _figure("500 messages, s"), 0.5, " s"),
    Goal("500 messages: slowest key", _figure("500 messages, slowest key ms"), 100, " ms"),
    Goal("Size of the first bundle", _figure("bundle, kB"), 150, " kB"),
)


def table(rounds: Sequence[Figures]) -> tuple[str, int]:
    """The table of medians, and how many goals are missed.

    >>> text, missed = table([{"bundle, kB": 135.0}])
    >>> print(text)
    goal                                                  wanted  median   rounds
    Size of the first bundle                      at most 150 kB  135 kB   135 to 135   reached
    """
    lines, missed = [f"{'goal':<44}{'wanted':>16}  {'median':<8} rounds"], 0
    for goal in GOALS:
        values = goal.values(rounds)
        if not values:
            continue
        median = statistics.median(values)
        missed += not goal.met(median)
        wanted = f"{'at least' if goal.more else 'at most'} {goal.bound:g}{goal.unit}"
        spread = f"{min(values):.3g} to {max(values):.3g}"
        word = "reached" if goal.met(median) else "MISSED"
        lines.append(f"{goal.title:<44}{wanted:>16}  {f'{median:.3g}{goal.unit}':<8} {spread:<12} {word}")
    return "\n".join(lines), missed


def rest(rounds: Sequence[Figures]) -> str:
    """Every figure itself: the median and the spread.

    >>> print(rest([{"floor, s": 0.1}, {"floor, s": 0.3}]))
    floor, s                                      0.2          0.1 to 0.3
    """
    names = dict.fromkeys(name for one in rounds for name in one)
    lines = []
    for name in names:
        values = [one[name] for one in rounds if name in one]
        spread = f"{min(values):.3g} to {max(values):.3g}"
        lines.append(f"{name:<44}  {f'{statistics.median(values):.3g}':<12} {spread}")
    return "\n".join(lines)
