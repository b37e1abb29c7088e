"""One command: run with its output kept in a file, a time limit, and nothing left running behind it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit status, its seconds, and where its output lies."""

    status: int
    seconds: float
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def run(
    command: Sequence[str | Path], *, log: Path, cwd: Path, env: Mapping[str, str] | None = None, limit: float = 900
) -> Outcome:
    """Run *command* for at most *limit* seconds, its output appended to *log*; it leads a process group of its own."""
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with log.open("ab") as output:
        output.write(f"$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            output.write(f"{error}\n".encode())
            return Outcome(127, time.perf_counter() - start, log)
        manners: Manners = _AFTERWARDS
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            output.write(f"\nStopped: it took longer than {limit:.0f} seconds.\n".encode())
            status = 124
            manners = _WHEN_LATE
        finally:
            _end_group(process, manners)
    return Outcome(status, time.perf_counter() - start, log)


# Signals, each with the seconds that the command has to follow it.
Manners = tuple[tuple[signal.Signals, float], ...]
_AFTERWARDS: Manners = ((signal.SIGTERM, 0.5), (signal.SIGKILL, 1.0))
_WHEN_LATE: Manners = ((signal.SIGINT, 20.0), *_AFTERWARDS)


def _end_group(process: subprocess.Popen[bytes], manners: Manners) -> None:
    """End what is left of the command's group: it must not outlive its step, nor Ctrl-C."""
    for kill, grace in manners:
        if not _group_lives(process, kill):
            break
        end = time.monotonic() + grace
        while _group_lives(process) and time.monotonic() < end:
            time.sleep(0.02)
    process.wait()


def _group_lives(process: subprocess.Popen[bytes], kill: int = 0) -> bool:
    """Send *kill* to the group (0 only asks); whether there was somebody to receive it."""
    process.poll()  # reaps the leader, which counts as a member until then
    try:
        os.killpg(process.pid, kill)
    except (ProcessLookupError, PermissionError):
        return False
    return True
