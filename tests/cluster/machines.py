"""A cluster of two nodes, and the command line of whoever serves bots on it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.runner import cluster
from tests.runner.places import ROOT

PATIENCE = 240.0
KEY = "Ray" + "7q" * 14 + "K"


@dataclass
class Machines:
    """The cluster: where it is, and the processes that all else of a node descends from."""

    process: subprocess.Popen[str]
    address: str
    session: Path
    raylets: list[int]

    @classmethod
    @contextmanager
    def two(cls, folder: Path) -> Iterator[Machines]:
        """Start two nodes, and end them."""
        with (
            open(folder / "nodes.log", "w+") as log,
            subprocess.Popen(
                [cluster.python(), "-m", "tests.cluster.nodes"],
                cwd=ROOT,
                env=surroundings(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ) as process,
        ):
            try:
                said = _answer(process)
                assert "address" in said, (folder / "nodes.log").read_text()
                yield cls(process, said["address"], Path(said["session"]), said["raylets"])
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait(PATIENCE)

    def do(self, word: str) -> dict[str, Any]:
        """Have the cluster do something; what it says."""
        assert self.process.stdin is not None
        print(word, file=self.process.stdin, flush=True)
        return _answer(self.process)

    def node_of(self, pid: int) -> int:
        """Which node a process belongs to: 0 is the head."""
        family = {pid, *(one.pid for one in psutil.Process(pid).parents())}
        return next(at for at, raylet in enumerate(self.raylets) if raylet in family)


def _answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next line of JSON; Ray prints lines of its own."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            return dict(json.loads(line))
    return {}


def surroundings(**more: str) -> dict[str, str]:
    """The environment variables of a process that has Ray, without the key unless it is said."""
    return {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_SERVE_LOG_TO_STDERR": "1", **more}


def poebook(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line with Ray's Python, to its end."""
    return subprocess.run(
        [cluster.python(), "-m", "poebook", *words],
        cwd=folder,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def wait(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Until *condition* holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)
