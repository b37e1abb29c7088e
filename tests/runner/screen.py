"""What the person who runs the tests sees: a line a step, failures in full, a summary."""

from __future__ import annotations

import os
import sys

from tests.runner.counting import Count

_WIDTH = 30


class Screen:
    """Writes to standard output, in colour only for a person at a terminal."""

    def __init__(self) -> None:
        self._colours = sys.stdout.isatty() and not os.environ.get("CI") and not os.environ.get("NO_COLOR")

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    def begin(self, title: str) -> None:
        print(f"  {title:<{_WIDTH}}", end="", flush=True)

    def end(self, good: bool, seconds: float, remark: str = "") -> None:
        word = self._paint("ok", 32) if good else self._paint("failed", 31)
        print(f"{word}{' ' * (8 if good else 4)}{seconds:7.1f} s{'   ' + remark if remark else ''}", flush=True)

    def failure(self, title: str, output: str) -> None:
        self.say(f"\n{self._paint(f'── {title} ' + '─' * max(3, 76 - len(title)), 31)}\n{output.rstrip()}\n")

    def unsteady(self, title: str, output: str) -> None:
        """Of tests that failed and then passed by themselves: how they failed, for whoever looks for the reason."""
        said = "\n".join(f"  | {line}" for line in output.rstrip().splitlines())
        self.say(f"\n{self._paint(f'── unsteady: {title} ' + '─' * max(3, 66 - len(title)), 33)}\n{said}\n")

    def summary(self, count: Count, seconds: float, coverage: str | None) -> None:
        self.say()
        if coverage:
            self.say(f"  coverage of poebook, all processes: {coverage}")
        self.say(f"  {seconds / 60:.1f} minutes")
        self.say()
        skipped = f", {count.skipped} skipped" if count.skipped else ""
        unsteady = f", {count.unsteady} unsteady (failed beside the others, passed alone)" if count.unsteady else ""
        self.say(f"{count.passed} passed, {count.failed} failed{skipped}{unsteady}")

    def _paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text
