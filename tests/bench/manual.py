"""The page of the manual that says how fast poebook is: written from what is kept, and a test compares the two."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from tests.bench.contest import LIMIT, OURS, THEIRS, Goal, Work, shown
from tests.bench.kept import Kept
from tests.bench.page import goals as chat
from tests.bench.works import WORKS

PATH = Path(__file__).resolve().parents[2] / "notebooks" / "manual" / "speed.md"
_MARKS = {True: "✓", False: "✗"}
_FIXED = "\N{NO-BREAK SPACE}"
_TEXT = """\
# How fast it is

poebook, fastapi_poe {fastapi_poe} and "the limit" did the same work in turn, round by round, on two shared cores
(Python {python}, {when}). The limit is the least that the same work takes: a bare ASGI application under the same
uvicorn, raw httpx, pydantic's own reading of JSON. The ratio, to fastapi_poe and to the limit, is the median of the
rounds' own; beside it stands what was to be reached, ✓ where it was and ✗ where not. Take the ratios with you, not the
figures: `python3 -m tests.bench` measures all of it on your machine.

{works}

## What is in the way

Where a goal is missed, this is what takes the time.

{reasons}

## In the page

The chat in JupyterLab and Chromium {chromium}; in the same browser `gr.ChatInterface` of gradio {gradio} and
`ChatInterface` of Panel {panel}, in the form that is faster there ({chat_when}). An event is six characters of
Markdown. `python3 -m tests.bench.page` measures it again.

{chat}
"""


def write(kept: Kept) -> None:
    """Write the page."""
    PATH.write_text(rendered(kept), encoding="utf-8")


def rendered(kept: Kept) -> str:
    """The page's text."""
    server, page = kept["machine"].get("works", {}), kept["machine"].get("chat", {})
    return _TEXT.format(
        fastapi_poe=version("fastapi-poe"),
        python=server.get("python", ""),
        when=server.get("when", ""),
        works=_table(("", "", "poebook", "fastapi_poe", "limit", "ratio", "to the limit"), _works(kept)),
        reasons="\n\n".join(_reasons(kept)),
        chromium=page.get("chromium", ""),
        gradio=page.get("gradio", ""),
        panel=page.get("panel", ""),
        chat_when=page.get("when", ""),
        chat=_table(("", "to reach", "median", "rounds", ""), _chat(kept)),
    )


def missed(kept: Kept, work: Work) -> bool:
    """Whether a goal of *work* was not reached."""
    return work.name in kept["works"] and any(not goal.met(_ratio(kept, work, goal)) for goal in work.goals)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """
    >>> print(_table(("", "a"), iter([("one", "1")])))
    |  | a |
    |---|---|
    | one | 1 |
    """
    lines = [head, ("---", "---", *["--:"] * (len(head) - 2)), *rows]
    return "\n".join(f"|{'|'.join(line)}|" if line[0] == "---" else f"| {' | '.join(line)} |" for line in lines)


def _works(kept: Kept) -> Iterator[tuple[str, ...]]:
    for work in [one for one in WORKS if one.name in kept["works"]]:
        title = work.title
        for name in dict.fromkeys(goal.figure for goal in work.goals):
            found = kept["works"][work.name]["figures"][name]
            figures = [shown(found[who]) if who in found else "" for who in (OURS, THEIRS, LIMIT)]
            yield title, name, *figures, _reached(kept, work, name, THEIRS), _reached(kept, work, name, LIMIT)
            title = ""


def _reached(kept: Kept, work: Work, figure: str, against: str) -> str:
    """What stands in the column of fastapi_poe or of the limit; a goal against nobody stands in the first."""
    wanted = (against, None) if against == THEIRS else (against,)
    goal = next((one for one in work.goals if one.figure == figure and one.against in wanted), None)
    if goal is None:
        return ""
    ratio = _ratio(kept, work, goal)
    mark, sign = _MARKS[goal.met(ratio)], "≥" if goal.more else "≤"
    reached = f"{mark}{_FIXED}{ratio:.2f}" if goal.against else mark
    return f"{reached} ({sign}{_FIXED}{goal.bound:g})"


def _ratio(kept: Kept, work: Work, goal: Goal) -> float:
    ratios = kept["works"][work.name]["ratios"]
    return float(
        next(one["median"] for one in ratios if (one["figure"], one["against"]) == (goal.figure, goal.against))
    )


def _reasons(kept: Kept) -> Iterator[str]:
    for work in WORKS:
        if missed(kept, work):
            yield textwrap.fill(f"**{work.title}.** {work.why}", 130)


def _chat(kept: Kept) -> Iterator[tuple[str, ...]]:
    for goal in [one for one in chat.GOALS if one.title in kept["chat"]]:
        found = kept["chat"][goal.title]
        wanted = f"{'at least' if goal.more else 'at most'} {goal.bound:g}{goal.unit}"
        spread = f"{found['least']:.3g} to {found['most']:.3g}"
        yield (
            goal.title.replace("<", "&lt;"),
            wanted,
            f"{found['median']:.3g}{goal.unit}",
            spread,
            _MARKS[goal.met(found["median"])],
        )
