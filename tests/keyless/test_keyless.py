"""The search itself: it finds each way out that a key is given on purpose, and nothing where there is none."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.keyless import leaks

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
_TITLE = re.compile(r"_+ ERROR at teardown of (\w+) _+")
_FOUND = re.compile(r"(?:E +AssertionError: |E +)?((?:A key is in|Others may read) .+)")
TESTS = {name: test.__doc__ for name, test in vars(leaks).items() if name.startswith("test_")}
LAST = "test_made_and_written_elsewhere_by_a_process"


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """What is found at the end of each of the tests that let a key out."""
    with TemporaryDirectory() as folder:  # apart from what is searched for the tests here
        command = [sys.executable, "-m", "pytest", "--basetemp", f"{folder}/all", leaks.__file__]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=PATIENCE)
    assert f"{len(TESTS)} passed" in done.stdout, done.stdout
    found: dict[str, list[str]] = {}
    name = ""
    for line in done.stdout.partition("short test summary")[0].splitlines():
        if title := _TITLE.fullmatch(line):
            name = title[1]
        elif place := _FOUND.fullmatch(line):
            found.setdefault(name, []).append(place[1])
    return found


@pytest.mark.parametrize("name", sorted(TESTS.keys() - {LAST}))
def test_a_test_fails_that_lets_a_key_out_and_no_other(found: dict[str, list[str]], name: str) -> None:
    said = TESTS[name]
    assert found.get(name, []) == ([said] if said else [])


def test_what_lies_outside_of_the_tests_folders_is_found_at_the_end(found: dict[str, list[str]]) -> None:
    assert "A key is in the file lab0/x.ipynb." in found[LAST]
