"""A worker process as its supervisor sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from poebook.errors import AuthorFault, PoebookError, ServeError, UnknownTarget
from poebook.runtime.service.application import KEYS
from poebook.runtime.service.job import Job, Said

_ROOT = Path(__file__).resolve().parents[3]


class Hired:
    """A process that does a job. ``said`` is what it told when it was ready."""

    def __init__(self, process: asyncio.subprocess.Process, said: Said) -> None:
        self.said = said
        self.pid = process.pid
        self._process = process

    @classmethod
    async def hire(cls, job: Job, keys: Mapping[str, str], environment: Mapping[str, str]) -> Hired:
        """Start a worker for *job*, which needs no ``says``, and wait until it answers. *environment* is added to ours.

        Raises AuthorFault where a bot's own module fails, and other PoebookErrors that say why it does not.
        """
        ear, mouth = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *_command(),
                stdin=asyncio.subprocess.PIPE,
                pass_fds=(job.door, job.board, mouth),
                start_new_session=True,  # Ctrl-C is the supervisor's, which lets the answers finish
                env={**os.environ, **environment, **({KEYS: json.dumps(dict(keys))} if keys else {})},
            )
        except BaseException:
            os.close(ear)
            raise
        finally:
            os.close(mouth)
        try:
            assert process.stdin is not None
            told = replace(job, says=mouth).to_json()
            with contextlib.suppress(ConnectionError):  # it has ended already, and its pipe says so
                process.stdin.write(f"{told}\n".encode())
                await process.stdin.drain()
            return cls(process, await _heard(ear, process))
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise

    async def ended(self) -> str:
        """How it ended, once it has."""
        status = await self._process.wait()
        return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"

    def signal(self, sig: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(sig)


def _command() -> list[str]:
    safely = [] if Path.cwd() == _ROOT else ["-P"]  # a file of the author's may have the name of a library's
    return [sys.executable, *safely, "-m", "poebook.runtime.service"]


async def _heard(ear: int, process: asyncio.subprocess.Process) -> Said:
    reader = asyncio.StreamReader(limit=1 << 24)
    pipe = os.fdopen(ear, "rb")
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    try:
        line = await reader.readline()
    finally:
        transport.close()
    if not line:
        raise ServeError(f"A worker process ended before it was ready, with status {await process.wait()}.")
    said = Said.from_json(line)
    if said.failure is not None:
        raise _error(said.failure, said.status)
    return said


def _error(words: str, status: int) -> PoebookError:
    return UnknownTarget(words) if status == 2 else AuthorFault(words)
