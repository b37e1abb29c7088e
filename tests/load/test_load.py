"""The load test itself, with a light load."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.load.__main__ import main

PATIENCE = 240.0


def test_streams_of_several_workers_are_told_apart_and_a_killed_one_loses_only_its_own() -> None:
    words = ["--streams", "40", "--events", "30", "--workers", "2", "--kill"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.load", *words], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "first p99" in done.stdout
    assert ", 0 of others." in done.stdout


def test_a_server_of_somebody_elses_is_not_loaded() -> None:
    with pytest.raises(SystemExit, match=r"198\.51\.100\.7 is not this machine"):
        main(["http://198.51.100.7:8080/"])
