"""The page of the manual that says what came of the abuse: written by ``python -m tests.abuse``, read by a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from tests.abuse.cases import LIBRARIES, OURS, THEIRS, Outcome
from tests.abuse.one import CASES

PATH = Path(__file__).resolve().parents[2] / "notebooks" / "abuse.md"
_SIDES = {"server": "Servers", "client": "Clients"}
_MARKS = {True: "✓", False: "✗"}
_ROW = re.compile(r"^\| (?P<title>.+?) \| (?P<ours>[✓✗] .+?) \| (?P<theirs>[✓✗] .+?) \|$", re.MULTILINE)
_TEXT = """\
# What both libraries stand

The same abuse, of a bot written once, served by `fp.run` and asked by `fp.stream_request`: poebook beside
fastapi_poe {version}. Each case ran in a process of its own, with 90 seconds and 4 GB. ✓ means that it ended well: an
answer, or a refusal or an error with its reason, in bounded time and memory, with everybody else served and no secret
told. {ours} of {count} cases end so with poebook, {theirs} with fastapi_poe. `python -m tests.abuse` writes this page;
`tests/abuse/` holds the cases.

{both}
{tables}"""
_BOTH = """\
What fastapi_poe does well in them poebook has from it, or from the same uvicorn and httpx below: {titles}.
"""


def write(found: Mapping[str, Mapping[str, Outcome]]) -> None:
    """Write the page."""
    PATH.write_text(rendered(found), encoding="utf-8")


def rendered(found: Mapping[str, Mapping[str, Outcome]]) -> str:
    """The page's text."""
    good = {library: sum(found[case.name][library].good for case in CASES) for library in LIBRARIES}
    well = [case.title for case in CASES if found[case.name][THEIRS].good]
    return _TEXT.format(
        version=version("fastapi-poe"),
        ours=good[OURS],
        theirs=good[THEIRS],
        count=len(CASES),
        both=_BOTH.format(titles="; ".join(well)),
        tables="\n".join(_table(side, found) for side in _SIDES),
    )


def _table(side: str, found: Mapping[str, Mapping[str, Outcome]]) -> str:
    lines = [f"## {_SIDES[side]}\n", "| what is done | poebook | fastapi_poe |", "|---|---|---|"]
    for case in CASES:
        if case.side == side:
            both = [_cell(found[case.name][library]) for library in LIBRARIES]
            lines.append(f"| {case.title} | {both[0]} | {both[1]} |")
    return "\n".join(lines) + "\n"


def _cell(one: Outcome) -> str:
    return f"{_MARKS[one.good]} {one.words}".replace("|", "/").replace("<", "&lt;")


def read() -> dict[str, tuple[str, str]]:
    """The rows of the page as it is: by title, what stands in each column."""
    return {row["title"]: (row["ours"], row["theirs"]) for row in _ROW.finditer(PATH.read_text(encoding="utf-8"))}


def shown(one: Outcome) -> str:
    """How an outcome stands in the page."""
    return _cell(one)
