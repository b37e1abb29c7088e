"""The command itself: prepare what is missing, run the steps, tell what came of it."""

from __future__ import annotations

import argparse
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import replace

from tests.runner import chromium, command, counting, coverage, environment
from tests.runner.advice import Lacking
from tests.runner.counting import Count
from tests.runner.places import FAILURES, FRONTEND, LOGS, ROOT
from tests.runner.screen import Screen
from tests.runner.steps import STEPS, Step, UnknownStep, choose

_NO_TESTS = 5  # pytest's exit status when nothing was collected
_FEW = 3  # files of tests, which share what they prepare; where more of a step have failures, these stand


def main(arguments: list[str]) -> int:
    """Run what *arguments* ask for; 0 when everything passed, 1 when something failed, 2 for a wrong call."""
    own, to_pytest = _split(arguments)
    parser = _parser()
    options = parser.parse_args(own)
    if options.list:
        for step in STEPS:
            print(f"{step.name:<16}{step.title}{'' if step.by_default else '  (only when named)'}")
        return 0
    try:
        steps = choose(options.steps)
    except UnknownStep as error:
        parser.error(str(error))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background ignore it; tests send it
    if options.k:
        to_pytest = ["-k", options.k, *to_pytest]
    try:
        return Run(to_pytest).through(steps)
    except KeyboardInterrupt:  # what ran was ended with it
        print("\nInterrupted.")
        return 130


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests",
        description="Run every check of poebook, fastest first, in an environment that is made on the way.",
        epilog="What stands after -- goes to pytest: python3 -m tests unit -- -x --durations=10. "
        "Without that, a few tests that fail are run once more alone; those that pass then are told as unsteady.",
    )
    parser.add_argument("steps", nargs="*", metavar="STEP", help="run only these steps (see --list)")
    parser.add_argument("-k", metavar="EXPRESSION", help="only tests whose name matches, as pytest's -k")
    parser.add_argument("--list", action="store_true", help="show the steps and end")
    return parser


class Run:
    """One run: its environment, its counts."""

    def __init__(self, to_pytest: list[str]) -> None:
        self.screen = Screen()
        self.to_pytest = to_pytest
        self.count = Count()
        self.chromium: str | None = None

    def through(self, steps: list[Step]) -> int:
        """Run *steps*; the exit status."""
        start = time.perf_counter()
        if not self._prepared():
            return 1
        shutil.rmtree(FAILURES, ignore_errors=True)
        coverage.begin()
        for step in steps:
            self.step(step)
        figure = coverage.figure(environment.variables(self.chromium))
        self.screen.summary(self.count, time.perf_counter() - start, figure)
        return 1 if self.count.failed or not self.count.passed else 0

    def _prepared(self) -> bool:
        if environment.ready():
            return True
        start = time.perf_counter()
        self.screen.begin("environment")
        try:
            environment.prepare()
        except Lacking as lacking:
            self.screen.end(False, time.perf_counter() - start)
            self.screen.failure("environment", str(lacking))
            self.screen.say("0 passed, 1 failed")
            return False
        self.screen.end(True, time.perf_counter() - start, "made in .poebook-tests")
        return True

    def step(self, step: Step) -> None:
        """Run one step and show what came of it."""
        start = time.perf_counter()
        self.screen.begin(step.title)
        try:
            step.prepare()
            if step.browser and self.chromium is None:
                self.chromium = chromium.find()
            count, output = self._carry_out(step)
        except Lacking as lacking:
            count, output = Count(failed=1), str(lacking)
        self.count += count
        ran = count.passed + count.failed
        remark = f"{ran} tests" if ran > 1 else ""
        if count.skipped:
            remark += f", {count.skipped} skipped"
        if count.unsteady:
            remark += f", {count.unsteady} unsteady"
        self.screen.end(not count.failed, time.perf_counter() - start, remark)
        if count.failed:
            self.screen.failure(step.title, output)
        elif count.unsteady:
            self.screen.unsteady(step.title, output)

    def _carry_out(self, step: Step) -> tuple[Count, str]:
        variables = environment.variables(self.chromium)
        if step.kind == "pytest":
            return self._steadily(step, variables)
        log = LOGS / f"{step.name}.log"
        log.unlink(missing_ok=True)
        if step.kind == "npm":
            done = command.run(["npm", "run", "--silent", *step.words], log=log, cwd=FRONTEND, env=variables)
            count = counting.of_node(done.output) or counting.of_tool(done.status)
            return count.agreeing_with(done.status), done.output
        bin_folder = environment.python().parent
        tool = [str(bin_folder / step.words[0]), *step.words[1:]]
        done = command.run(tool, log=log, cwd=ROOT, env=variables, limit=step.limit)
        return counting.of_tool(done.status), done.output

    def _steadily(self, step: Step, variables: Mapping[str, str]) -> tuple[Count, str]:
        """Run pytest; a few tests that failed are run once more by themselves, and those that pass then are told."""
        count, failed, output = self._pytest(step, variables)
        if self.to_pytest or not 0 < len({one.partition("::")[0] for one in failed}) <= _FEW:
            return count, output
        options = [word for word in step.words if word.startswith("-")]
        alone = replace(step, name=f"{step.name}-alone", words=(*options, *failed), abreast=1)
        second, _, said = self._pytest(alone, variables)
        if second.failed or second.passed != len(failed):
            return count, f"{output}\n{said}"
        return replace(count, failed=0, unsteady=len(failed)), output

    def _pytest(self, step: Step, variables: Mapping[str, str]) -> tuple[Count, list[str], str]:
        """What came of it, the tests that failed, and what was written."""
        log, report = LOGS / f"{step.name}.log", LOGS / f"{step.name}.xml"
        for old in (log, report):
            old.unlink(missing_ok=True)
        hang = ["-o", "faulthandler_timeout=120"]  # a test that hangs shows where
        abreast = ["-n", str(step.abreast), "--dist", "loadfile"] if step.abreast > 1 else []
        here = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
        told = [*here, f"--junitxml={report}", "-o", "junit_family=xunit1", *hang, *abreast]
        order = [*coverage.command(), *step.words, *told, *self.to_pytest]
        done = command.run(order, log=log, cwd=ROOT, env=coverage.variables(variables), limit=step.limit)
        narrowed = done.status == _NO_TESTS and bool(self.to_pytest)
        count = counting.of_pytest(report).agreeing_with(0 if narrowed else done.status)
        return count, counting.failed_in(report), done.output
