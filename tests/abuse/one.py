"""Cases of one library in one process: ``python -m tests.abuse.one LIBRARY CASE...`` says what came of them."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.abuse import client_cases, server_cases
from tests.abuse.cases import Case, Outcome, ServerCase
from tests.abuse.libraries import Client, Server, running

CASES: tuple[Case, ...] = (*server_cases.CASES, *client_cases.CASES)
DEADLINE_S = 90.0  # for one case by itself
_MEMORY = 4_000_000_000  # bytes of addresses that a process may have
_ROOT = Path(__file__).resolve().parents[2]


def outcome(case: Case, library: str, *, deadline_s: float = DEADLINE_S) -> Outcome:
    """What comes of *case* with *library*, in a process of its own that is killed after *deadline_s* seconds."""
    return outcomes([case], library, deadline_s=deadline_s)[case.name]


def outcomes(cases: Sequence[Case], library: str, *, deadline_s: float) -> dict[str, Outcome]:
    """What comes of *cases* in one process, one after the other: by name; those that it did not reach died with it."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.abuse.one", library, *(case.name for case in cases)]
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as trouble:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=said, stderr=trouble, start_new_session=True)
        try:
            ended = f"the process died: status {process.wait(deadline_s)}"
        except subprocess.TimeoutExpired:
            ended = f"no end within {deadline_s:.0f} s"
        finally:
            _end_all(process)
        said.seek(0)
        trouble.seek(0)
        lines = [json.loads(line) for line in said if line.startswith("{")]
        found = {line["case"]: Outcome(line["good"], line["words"]) for line in lines}
        if len(found) < len(cases) and (last := trouble.read().strip().splitlines()):
            ended += f", {last[-1][:100]}"
    return {case.name: found.get(case.name, Outcome(False, ended)) for case in cases}


def _end_all(process: subprocess.Popen[bytes]) -> None:
    """The process and the server that it may have started: they share a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def play(cases: Sequence[Case], library: str) -> Iterator[tuple[Case, Outcome]]:
    """The cases, in this process; servers' cases share a server as long as it lives."""
    logging.disable()
    with contextlib.ExitStack() as stack:
        server: Server | None = None
        for case in cases:
            if isinstance(case, ServerCase):
                if server is None or server.process.poll() is not None or case.ends_it:
                    server = stack.enter_context(running(library))
                yield case, asyncio.run(case.play(server))
            else:
                yield case, asyncio.run(case.play(Client(library)))


def _main(library: str, *names: str) -> None:
    cases = [case for case in CASES if case.name in names]
    if all(case.side == "client" for case in cases):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    for case, one in play(cases, library):
        print(json.dumps({"case": case.name, **dataclasses.asdict(one)}), flush=True)
    os._exit(0)  # without waiting for what a case left behind


if __name__ == "__main__":
    _main(*sys.argv[1:])
