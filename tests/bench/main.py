"""The command: which works, how many rounds, a table and a file."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import asking, cells, computing, importing, serving
from tests.bench.contest import LIMIT, OURS, THEIRS, Result, Work, hold

WORKS: tuple[Work, ...] = (*serving.WORKS, *asking.WORKS, *importing.WORKS, *computing.WORKS, *cells.WORKS)
ROUNDS = 7


def main(arguments: list[str]) -> int:
    """Measure what *arguments* name, everything without a name; 0 when each goal is reached, else 1."""
    options = _parser().parse_args(arguments)
    if options.list:
        for work in WORKS:
            print(f"{work.name:<20}{work.title}")
        return 0
    unknown = [name for name in options.works if not any(work.name.startswith(name) for work in WORKS)]
    if unknown:
        print(f"There is no work {unknown[0]!r}; --list shows them.")
        return 2
    chosen = [work for work in WORKS if not options.works or any(work.name.startswith(name) for name in options.works)]
    results = [_measured(work, options.rounds) for work in chosen]
    if options.json:
        options.json.write_text(json.dumps(_report(results), indent=1) + "\n")
    missed = sum(not goal.met(statistics.median(r.ratios(goal))) for r in results for goal in r.work.goals)
    print(f"\n{missed} of {sum(len(r.work.goals) for r in results)} goals are missed." if missed else "\nAll reached.")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.bench",
        description="Measure poebook beside fastapi_poe and beside what the machine can do at best, round by round.",
    )
    parser.add_argument("works", nargs="*", metavar="WORK", help="only works whose name begins so (see --list)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds that count (default %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every round")
    parser.add_argument("--list", action="store_true", help="show the works and end")
    return parser


def _measured(work: Work, rounds: int) -> Result:
    print(f"\n{work.title}", flush=True)
    result = hold(work, rounds)
    for name in dict.fromkeys(goal.figure for goal in work.goals):
        shown = [(who, result.figure(who, name)) for who in (OURS, THEIRS, LIMIT)]
        print(f"  {name:<28}" + "   ".join(f"{who} {_short(value)}" for who, value in shown if value is not None))
    for goal in work.goals:
        ratios = result.ratios(goal)
        median, spread = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
        of = f" of {goal.against}" if goal.against else ""
        mark = "ok    " if goal.met(median) else "missed"
        print(f"  {mark} {goal.figure}: {median:.2f}{of} ({goal}; rounds {spread})", flush=True)
    return result


def _short(value: float) -> str:
    """
    >>> _short(28784.3), _short(0.01234)
    ('28,784', '0.0123')
    """
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _report(results: list[Result]) -> dict[str, object]:
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "works": [
            {
                "name": result.work.name,
                "rounds": result.rounds,
                "goals": [
                    {
                        "figure": goal.figure,
                        "against": goal.against,
                        "bound": str(goal),
                        "ratios": result.ratios(goal),
                        "median": statistics.median(result.ratios(goal)),
                    }
                    for goal in result.work.goals
                ],
            }
            for result in results
        ],
    }
