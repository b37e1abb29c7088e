"""The page of the manual that says what came of the abuse: written by ``python -m tests.abuse``, read by a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from tests.abuse.cases import LIBRARIES, OURS, THEIRS, Outcome
from tests.abuse.one import CASES, DEADLINE_S

PATH = Path(__file__).resolve().parents[2] / "notebooks" / "manual" / "abuse.md"
_SIDES = {"server": "Servers", "client": "Clients"}
_MARKS = {True: "✓", False: "✗"}
_ROW = re.compile(r"^\| (?P<title>.+?) \| (?P<ours>[✓✗] .+?) \| (?P<theirs>[✓✗] .+?) \|$", re.MULTILINE)
_TEXT = """\
# What both libraries stand

A bot was written once, served by `fp.run` and asked by `fp.stream_request`, and the same was done to poebook and to
fastapi_poe {version}. Each case ran in a process of its own, with {deadline:.0f} seconds and 4 GB of memory. ✓ means
that it ended well: an answer, or a refusal or an error with its reason, in bounded time and memory, with everybody else
served and no secret told. {ours} of {count} cases end so with poebook, {theirs} with fastapi_poe.
Whoever asks shows the right key, but where keys are tried. `python -m tests.abuse` writes this page from what
`tests/abuse/` does.

What both stand they owe to uvicorn, h11 and httpx below them, and fastapi_poe to its own care as well: a handler whose
reader has gone is ended, what is no answer becomes an error and an end, a key never follows a redirect, and an answer
that is cut off at any byte, or breaks the protocol in any way that was tried, is a `BotError`. A large event, which
poebook refuses past 32 MB, it reads. poebook's errors name the cause themselves; those of fastapi_poe have it in their
`__cause__`.

{tables}"""


def write(found: Mapping[str, Mapping[str, Outcome]]) -> None:
    """Write the page."""
    PATH.write_text(rendered(found), encoding="utf-8")


def rendered(found: Mapping[str, Mapping[str, Outcome]]) -> str:
    """The page's text."""
    good = {library: sum(found[case.name][library].good for case in CASES) for library in LIBRARIES}
    return _TEXT.format(
        version=version("fastapi-poe"),
        ours=good[OURS],
        theirs=good[THEIRS],
        count=len(CASES),
        deadline=DEADLINE_S,
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


def found() -> dict[str, dict[str, Outcome]]:
    """What the page says came of each case that it knows, by name and library."""
    rows = read() if PATH.exists() else {}
    return {
        case.name: {library: _outcome(cell) for library, cell in zip(LIBRARIES, rows[case.title], strict=True)}
        for case in CASES
        if case.title in rows
    }


def _outcome(cell: str) -> Outcome:
    return Outcome(cell[0] == _MARKS[True], cell[2:].replace("&lt;", "<"))


def shown(one: Outcome) -> str:
    """How an outcome stands in the page."""
    return _cell(one)
