"""A worker process: it makes the service for itself, serves it, and ends when its supervisor does."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import sys
import threading

from poebook.errors import PoebookError
from poebook.faults import Fault
from poebook.runtime.service.application import Service, assemble
from poebook.runtime.service.board import Board
from poebook.runtime.service.figures import FOLDER
from poebook.runtime.service.job import Job, Said
from poebook.runtime.service.serving import push_settings, serving
from poebook.runtime.wrong import status_of


def main() -> None:
    """Do the job that stands in the first line of standard input; its end is the end of the supervisor."""
    lifeline = os.dup(0)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)  # what a bot reads there is not for it
    line = _line(lifeline)
    if not line:
        return
    job = Job.from_json(line)
    logging.basicConfig(level=job.log_level.upper(), format="%(levelname)s: %(name)s: %(message)s")
    if not job.first:  # it has told which bot is taken
        logging.getLogger("poebook.service.targets").setLevel(logging.ERROR)
    try:
        service = assemble(job.spec)
    except BaseException as error:
        _say(job, _failure(error))
        sys.exit(1)
    _serve(service, job, lifeline)


def _serve(service: Service, job: Job, lifeline: int) -> None:
    def ready() -> None:
        _say(job, Said(tuple(service.cards), service.keys))
        if job.first:
            push_settings(service)

    door = socket.socket(fileno=job.door)
    server = serving(
        service, drain_s=job.drain_s, log_level=job.log_level, ready=ready, seat=(Board(job.board), job.place)
    )

    def watch() -> None:
        while os.read(lifeline, 4096):
            pass
        server.drain()
        orphaned.set()

    orphaned = threading.Event()
    threading.Thread(target=watch, name="poebook-lifeline", daemon=True).start()
    server.run(sockets=[door])
    if orphaned.is_set() and FOLDER in os.environ:  # nobody else is there to take the figures away
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def _say(job: Job, said: Said) -> None:
    with contextlib.suppress(OSError), os.fdopen(job.says, "w", encoding="utf-8") as pipe:
        pipe.write(said.to_json() + "\n")


def _failure(error: BaseException) -> Said:
    if isinstance(error, PoebookError):
        return Said(failure=str(error), status=status_of(error))
    return Said(failure=Fault.of(error).traceback)


def _line(descriptor: int) -> str:
    """The first line, read without taking what comes after it."""
    got = b""
    while not got.endswith(b"\n"):
        more = os.read(descriptor, 65536)
        if not more:
            return ""
        got += more
    return got.decode()
