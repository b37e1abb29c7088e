"""Coverage of every process that the tests start, put together into one figure."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping

from tests.runner import environment
from tests.runner.places import COVERAGE, ROOT, WORKSHOP

_CONFIG = ROOT / "pyproject.toml"


def begin() -> None:
    """Forget the figures of earlier runs."""
    shutil.rmtree(COVERAGE, ignore_errors=True)
    COVERAGE.mkdir(parents=True)


def command() -> list[str]:
    """What stands before a command line of pytest so that it, and all that it starts, is measured."""
    return [str(environment.python()), "-m", "coverage", "run", f"--rcfile={_CONFIG}", "-m", "pytest"]


def variables(base: Mapping[str, str]) -> dict[str, str]:
    """*base*, with the place where each process leaves its figures."""
    return {**base, "COVERAGE_FILE": str(COVERAGE / "data")}


def figure(base: Mapping[str, str]) -> str | None:
    """The share of lines and branches that ran, such as "93 %"; None when nothing was measured.

    A report by file is left in the workshop as ``coverage.txt``.
    """
    if not any(COVERAGE.glob("data.*")):
        return None
    _coverage(base, "combine", "--quiet")
    report = _coverage(base, "report", "--show-missing", "--skip-covered")
    (WORKSHOP / "coverage.txt").write_text(report)
    total = _coverage(base, "report", "--format=total").strip()
    return f"{total} %" if total.isdigit() else None


def _coverage(base: Mapping[str, str], verb: str, *options: str) -> str:
    order = [str(environment.python()), "-m", "coverage", verb, f"--rcfile={_CONFIG}", *options]
    return subprocess.run(order, cwd=ROOT, env=variables(base), capture_output=True, text=True).stdout
