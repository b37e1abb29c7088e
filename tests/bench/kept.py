"""What was measured last for the manual, in ``measured.json``; ``--keep`` of both commands writes it and the page."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.contest import LIMIT, OURS, THEIRS, Result
from tests.bench.page.goals import GOALS

PATH = Path(__file__).with_name("measured.json")

Kept = dict[str, Any]  # JSON: "works" by name, "chat" by title of the goal, and "machine" of each


def read() -> Kept:
    """What is kept; nothing at first."""
    kept: Kept = json.loads(PATH.read_text()) if PATH.exists() else {"works": {}, "chat": {}, "machine": {}}
    return kept


def put_works(results: Iterable[Result]) -> Kept:
    """Keep the medians of *results* in the place of what was kept of the same works."""
    kept = read()
    kept["works"] |= {result.work.name: _work(result) for result in results}
    return _written(kept, "works", {})


def put_chat(rounds: Sequence[Mapping[str, float]], about: Mapping[str, str]) -> Kept:
    """Keep the figures of the chat's *rounds*; *about* says with which browser and packages."""
    kept = read()
    kept["chat"] = {goal.title: _spread(values) for goal in GOALS if (values := goal.values(rounds))}
    return _written(kept, "chat", about)


def _written(kept: Kept, part: str, about: Mapping[str, str]) -> Kept:
    when = datetime.now(UTC).date().isoformat()
    kept["machine"][part] = {"when": when, "python": platform.python_version(), **about}
    PATH.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    return kept


def _work(result: Result) -> Kept:
    figures = {}
    for name in dict.fromkeys(goal.figure for goal in result.work.goals):
        found = {who: result.figure(who, name) for who in (OURS, THEIRS, LIMIT)}
        figures[name] = {who: value for who, value in found.items() if value is not None}
    ratios = [
        {"figure": goal.figure, "against": goal.against, **_spread(result.ratios(goal))} for goal in result.work.goals
    ]
    return {"figures": figures, "ratios": ratios}


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}
