"""The command: which works, how many rounds, a table and a file."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import textwrap
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import kept, manual
from tests.bench.contest import LIMIT, OURS, THEIRS, Result, Work, hold, shown
from tests.bench.works import WORKS

ROUNDS = 7
_HEAD = ("work", "figure", "against", "to reach", "reached", "rounds", "")
_MISSED = "missed"


def main(arguments: list[str]) -> int:
    """Measure what *arguments* name, everything without a name; 0 when each goal is reached, else 1."""
    options = _parser().parse_args(arguments)
    if options.list:
        for work in WORKS:
            print(f"{work.name:<20}{work.title}")
        return 0
    if options.why:
        _explain([work for work in WORKS if work.why])
        return 0
    unknown = [name for name in options.works if not any(work.name.startswith(name) for work in WORKS)]
    if unknown:
        print(f"There is no work {unknown[0]!r}; --list shows them.")
        return 2
    chosen = [work for work in WORKS if not options.works or any(work.name.startswith(name) for name in options.works)]
    results = [_measured(work, options.rounds) for work in chosen]
    if options.json:
        options.json.write_text(json.dumps(_report(results), indent=1) + "\n")
    if options.keep:
        manual.write(kept.put_works(results))
    lines = [line for result in results for line in _lines(result)]
    print("\n" + _table(lines))
    missed = sum(line[-1] == _MISSED for line in lines)
    print(f"\n{missed} of {len(lines)} goals are missed; --why says why." if missed else "\nAll reached.")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.bench",
        description="Measure poebook beside fastapi_poe and beside what the machine can do at best, round by round.",
    )
    parser.add_argument("works", nargs="*", metavar="WORK", help="only works whose name begins so (see --list)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds that count (default %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every round")
    parser.add_argument("--keep", action="store_true", help="put the figures into the manual's page on speed")
    parser.add_argument("--list", action="store_true", help="show the works and end")
    parser.add_argument("--why", action="store_true", help="say what takes the time in what is hard, and end")
    return parser


def _measured(work: Work, rounds: int) -> Result:
    print(f"\n{work.title}", flush=True)
    result = hold(work, rounds)
    for name in dict.fromkeys(goal.figure for goal in work.goals):
        found = [(who, result.figure(who, name)) for who in (OURS, THEIRS, LIMIT)]
        print(f"  {name:<28}" + "   ".join(f"{who} {shown(value)}" for who, value in found if value is not None))
    for _, figure, against, bound, reached, spread, mark in _lines(result):
        print(
            f"  {mark:<7}{figure}: {reached} {f'of {against} ' if against else ''}({bound}; rounds {spread})",
            flush=True,
        )
    return result


def _lines(result: Result) -> list[tuple[str, ...]]:
    """A line of the table for each goal."""
    lines: list[tuple[str, ...]] = []
    for goal in result.work.goals:
        ratios = result.ratios(goal)
        median, spread = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
        mark = "ok" if goal.met(median) else _MISSED
        lines.append((result.work.name, goal.figure, goal.against or "", str(goal), f"{median:.2f}", spread, mark))
    return lines


def _table(lines: list[tuple[str, ...]]) -> str:
    """
    >>> print(_table([("settings", "requests/s", "limit", "at least 0.7", "0.80", "0.75 to 0.85", "ok")]))
    work      figure      against  to reach      reached  rounds
    settings  requests/s  limit    at least 0.7  0.80     0.75 to 0.85  ok
    """
    rows: list[tuple[str, ...]] = [_HEAD, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _explain(works: list[Work]) -> None:
    for work in works:
        print(f"{work.title} ({work.name})\n{textwrap.indent(textwrap.fill(work.why, 108), '  ')}\n")


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
                        "met": goal.met(statistics.median(result.ratios(goal))),
                    }
                    for goal in result.work.goals
                ],
            }
            for result in results
        ],
    }
