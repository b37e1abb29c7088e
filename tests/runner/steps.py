"""The checks, as a table: fastest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.runner import cluster, kernels, marimo, node, redis

Kind = Literal["tool", "pytest", "npm"]


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Step:
    """One check: what it is called, what it runs, and what it needs before.

    ``words`` are the tool's command line, pytest's arguments, or npm's script; ``by_default`` is False for what only
    runs when it is named; ``browser`` says that Chromium is needed; ``limit`` is its time in seconds; ``abreast`` is
    how many processes share pytest's files, for tests that mostly wait.
    """

    name: str
    title: str
    kind: Kind
    words: tuple[str, ...]
    prepare: Callable[[], None] = _nothing
    browser: bool = False
    by_default: bool = True
    limit: float = 900
    abreast: int = 1


# Tests with a step of their own; the step "unit" has whatever else there is.
_VERSIONS = "tests/browser/test_kernels.py"
_MARIMO = "tests/browser/test_marimo.py"
_SPECIAL = (
    "tests/floors",
    "tests/notebooks",
    "tests/manual",
    "tests/kernel",
    "tests/browser",
    "tests/cluster",
    "tests/store",
)


def _elsewhere(*folders: str) -> tuple[str, ...]:
    return tuple(f"--ignore={folder}" for folder in folders)


STEPS = (
    Step("lint", "ruff check", "tool", ("ruff", "check", ".")),
    Step("format", "ruff format", "tool", ("ruff", "format", "--check", ".")),
    Step("floors", "import floors and tools", "pytest", ("tests/floors",)),
    Step("types", "mypy, strict", "tool", ("mypy",)),
    Step("frontend-types", "front end: types", "npm", ("typecheck",), prepare=node.prepare),
    Step("frontend-tests", "front end: tests", "npm", ("test",), prepare=node.prepare),
    Step("frontend-build", "front end: build is current", "npm", ("check",), prepare=node.prepare),
    Step(
        "unit",
        "unit and wire tests, examples",
        "pytest",
        ("poebook", "tests", "--doctest-modules", *_elsewhere("poebook/widget/frontend", *_SPECIAL)),
        abreast=3,
    ),
    Step("store", "what processes share", "pytest", ("tests/store",), prepare=redis.prepare),
    Step("notebooks", "tutorials and README", "pytest", ("tests/notebooks",)),
    Step("manual", "manual, built without a warning", "pytest", ("tests/manual",)),
    Step("kernel", "in a real kernel", "pytest", ("tests/kernel",)),
    Step(
        "browser",
        "in a real browser",
        "pytest",
        ("tests/browser", *_elsewhere(_VERSIONS, _MARIMO)),
        prepare=node.prepare,
        browser=True,
        limit=1500,
    ),
    Step("kernels", "with older kernels", "pytest", (_VERSIONS,), prepare=kernels.prepare, browser=True),
    Step("marimo", "in marimo", "pytest", (_MARIMO,), prepare=marimo.prepare, browser=True),
    Step("ray", "on a cluster of two nodes", "pytest", ("tests/cluster",), prepare=cluster.prepare),
    Step(
        "tutorials",
        "tutorials, run and saved with their outputs",
        "tool",
        ("python", "-m", "tests.notebooks"),
        by_default=False,
    ),
    Step("audit", "known holes of packages (asks PyPI)", "tool", ("python", "-m", "tests.audit"), by_default=False),
    Step(
        "pictures", "pictures of the README", "tool", ("python", "-m", "tests.pictures"), browser=True, by_default=False
    ),
    Step(
        "pictures-manual",
        "pictures of the manual",
        "tool",
        ("python", "-m", "tests.manual.pictures"),
        prepare=node.prepare,
        browser=True,
        by_default=False,
    ),
    Step(
        "recordings",
        "short recordings of the manual and tutorials",
        "tool",
        ("python", "-m", "tests.recordings"),
        browser=True,
        by_default=False,
    ),
    Step(
        "gallery",
        "pictures of every state",
        "tool",
        ("python", "-m", "tests.gallery"),
        prepare=node.prepare,
        browser=True,
        by_default=False,
    ),
)


class UnknownStep(Exception):
    """A step that is not in the table."""


def choose(names: list[str]) -> list[Step]:
    """The steps of *names*, in the table's order; without names, those that run by default.

    A name stands for all steps that begin with it: ``frontend`` is three of them.
    """
    if not names:
        return [step for step in STEPS if step.by_default]
    for name in names:
        if not any(_means(name, step) for step in STEPS):
            raise UnknownStep(f"There is no step {name!r}; the steps are {', '.join(step.name for step in STEPS)}.")
    return [step for step in STEPS if any(_means(name, step) for name in names)]


def _means(name: str, step: Step) -> bool:
    return step.name == name or step.name.startswith(f"{name}-")
