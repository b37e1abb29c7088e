"""A soak of seconds: the table is there, and no answer is lost. Whether anything grows only a long one can tell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_short_soak_prints_its_table_and_loses_nothing() -> None:
    words = [sys.executable, "-m", "tests.soak", "--minutes", "0.1", "--every", "2"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[2], timeout=120)
    head, *rows = done.stdout.partition("\n\n")[0].splitlines()
    assert head.split()[:3] == ["minute", "memory", "MB"]
    assert len(rows) >= 2
    assert " 0 lost." in done.stdout, done.stdout
    answers = sum(int(row.split()[5].replace(",", "")) for row in rows)
    assert answers > 0
