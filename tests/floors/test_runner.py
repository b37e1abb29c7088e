"""The command that runs the tests is told what is wrong, and counts right."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.runner import command, environment, main, steps
from tests.runner.counting import Count, of_node, of_pytest

ROOT = Path(__file__).resolve().parents[2]


def test_an_old_python_is_refused_with_a_sentence() -> None:
    old = "import runpy, sys; sys.version_info = (3, 10, 1); runpy.run_module('tests', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "poebook needs Python 3.11 or newer, and this is 3.10. Call a newer one: `python3.12 -m tests`."
    )


def test_the_start_needs_the_standard_library_only() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, '.'); import tests.runner.main"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr


def test_every_step_runs_by_default_but_those_that_write_or_ask_the_world() -> None:
    named = {"tutorials", "audit", "pictures", "pictures-manual", "recordings", "gallery"}
    assert {step.name for step in steps.STEPS if not step.by_default} == named


def test_a_name_stands_for_its_group() -> None:
    assert [step.name for step in steps.choose(["frontend"])] == ["frontend-types", "frontend-tests", "frontend-build"]


def test_an_unknown_step_is_told_the_known_ones() -> None:
    with pytest.raises(steps.UnknownStep, match="no step 'unti'; the steps are lint, format, "):
        steps.choose(["unti"])


def test_pytest_is_counted_from_its_report(tmp_path: Path) -> None:
    (tmp_path / "test_three.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert False\n"
        "@pytest.mark.skip\n"
        "def test_skipped(): pass\n"
    )
    report = tmp_path / "report.xml"
    order: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        tmp_path,
        f"--junitxml={report}",
    ]
    done = command.run(order, log=tmp_path / "log", cwd=tmp_path)
    assert done.status == 1
    assert of_pytest(report) == Count(passed=1, failed=1, skipped=1)


Trial = Callable[[str], tuple[Count, str]]


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Runs a step with one file of tests; what was counted and shown."""
    monkeypatch.setattr(environment, "python", lambda: Path(sys.executable))
    monkeypatch.setattr(main, "LOGS", tmp_path / "logs")

    def run(body: str) -> tuple[Count, str]:
        (tmp_path / "test_trial.py").write_text(f"from pathlib import Path\n{body}\ndef test_good(): pass\n")
        one = main.Run([])
        one.step(steps.Step("trial", "trial", "pytest", (str(tmp_path),)))
        return one.count, capsys.readouterr().out

    return run


def test_a_test_that_passes_alone_is_told_as_unsteady(trial: Trial) -> None:
    body = (
        "def test_bad():\n"
        "    met = Path(__file__).with_name('met')\n"
        "    was_met = met.exists()\n"
        "    met.touch()\n"
        "    assert was_met, 'the first time'\n"
    )
    count, said = trial(body)
    assert count == Count(passed=1, unsteady=1)
    assert re.search(r"trial +ok .* 1 unsteady\n", said)
    assert "unsteady: trial" in said
    assert "AssertionError: the first time" in said


def test_a_test_that_fails_again_alone_is_a_failure(trial: Trial) -> None:
    count, said = trial("def test_bad(): assert 1 == 2")
    assert count == Count(passed=1, failed=1)
    assert said.count("assert 1 == 2") >= 2, "both times are shown"


def test_failures_in_many_files_are_no_unsteadiness(trial: Trial, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"test_{number}.py").write_text("def test_bad(): assert False")
    count, said = trial("def test_bad(): assert False")
    assert count == Count(passed=1, failed=4)
    assert said.count("test_0.py:1: AssertionError") == 1


def test_a_step_that_fails_without_a_failing_test_counts_as_one() -> None:
    assert Count(passed=3).agreeing_with(4) == Count(passed=3, failed=1)
    assert Count(passed=3, failed=2).agreeing_with(1) == Count(passed=3, failed=2)


def test_output_without_counts_is_not_counted() -> None:
    assert of_node("> tsc --noEmit\n") is None


def test_a_command_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\n"
        "child.wait()"
    )
    start = time.monotonic()
    done = command.run([sys.executable, "-c", parent], log=tmp_path / "log", cwd=tmp_path, limit=2)
    assert done.status == 124
    assert time.monotonic() - start < 30
    assert "longer than 2 seconds" in done.output
    found = re.search(r"^(\d+)$", done.output, re.MULTILINE)
    assert found is not None
    assert not Path(f"/proc/{found[1]}/cmdline").exists() or not Path(f"/proc/{found[1]}/cmdline").read_bytes()
