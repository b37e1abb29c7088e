"""How many tests a step ran, read from what its runner left behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Count:
    """Tests that passed, failed (errors too), and were skipped; unsteady ones failed beside the others, and passed when
    they were run once more by themselves."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    unsteady: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def agreeing_with(self, status: int) -> Count:
        """The count, with one failure more where a command failed without a test that did."""
        return self + Count(failed=1) if status != 0 and self.failed == 0 else self


def of_tool(status: int) -> Count:
    """A tool is one check.

    >>> of_tool(0)
    Count(passed=1, failed=0, skipped=0, unsteady=0)
    """
    return Count(passed=1) if status == 0 else Count(failed=1)


def of_pytest(report: Path) -> Count:
    """From pytest's JUnit report; nothing when there is none."""
    if not report.exists():
        return Count()
    total = Count()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        tests, failures, errors, skipped = (
            int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
        )
        failed = failures + errors
        total += Count(max(tests - failed - skipped, 0), failed, skipped)
    return total


def failed_in(report: Path) -> list[str]:
    """The ids of the tests that failed, from pytest's JUnit report of the family ``xunit1``."""
    if not report.exists():
        return []
    cases = ElementTree.parse(report).getroot().iter("testcase")
    failed = (one for one in cases if one.find("failure") is not None or one.find("error") is not None)
    return list(dict.fromkeys(f"{one.get('file')}::{one.get('name')}" for one in failed))


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NODE = re.compile(r"^(?:#|ℹ) (pass|fail|skipped|todo|cancelled) (\d+)$", re.MULTILINE)
_VITEST = re.compile(r"^\s*Tests\s+(.+?)\s+\(\d+\)\s*$", re.MULTILINE)
_VITEST_PART = re.compile(r"(\d+) (passed|failed|skipped|todo)")
_WORDS = {
    "pass": "passed",
    "passed": "passed",
    "fail": "failed",
    "failed": "failed",
    "cancelled": "failed",
    "skipped": "skipped",
    "todo": "skipped",
}


def of_node(output: str) -> Count | None:
    """From the closing lines of Node's own runner, or of Vitest; None when there are none.

    >>> of_node("# tests 3\\n# pass 2\\n# fail 1\\n")
    Count(passed=2, failed=1, skipped=0, unsteady=0)
    >>> of_node(" Tests  1 failed | 41 passed (42)\\n")
    Count(passed=41, failed=1, skipped=0, unsteady=0)
    """
    plain = _COLOUR.sub("", output)
    found = [(word, number) for word, number in _NODE.findall(plain)]
    for line in _VITEST.findall(plain):
        found += [(word, number) for number, word in _VITEST_PART.findall(line)]
    if not found:
        return None
    total = Count()
    for word, number in found:
        total += Count(**{_WORDS[word]: int(number)})
    return total
