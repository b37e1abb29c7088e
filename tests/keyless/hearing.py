"""What is said while tests run and is in no file: outputs, addresses, command lines."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.keyless.looking import Text, files

_heard: list[Text] = []
_typed: set[bytes] = set()  # command lines that tests have made: who types a key there has put it there


def hear(what: str, text: object) -> None:
    """Have *text* searched at the end of the test that runs now: a str, bytes, or what can be JSON."""
    if isinstance(text, str):
        text = text.encode("utf-8", "replace")
    _heard.append((what, text if isinstance(text, bytes) else json.dumps(text, default=str).encode()))


def heard() -> list[Text]:
    """What was heard since this was last asked."""
    texts = _heard.copy()
    _heard.clear()
    return texts


def hear_started(arguments: object) -> None:
    """A process is started with this command line: by poebook, or by a test."""
    words = [arguments] if isinstance(arguments, str | bytes | os.PathLike) else arguments
    line = b" ".join(map(os.fsencode, words)) if isinstance(words, Iterable) else b""
    if _by_poebook():
        hear("a command line", line)
    else:
        _typed.add(line)


def hear_processes() -> None:
    """The command lines of all processes that came from this one and run now, but those that tests have made."""
    for process in psutil.Process().children(recursive=True) if _has_children() else ():
        try:
            line = b" ".join(map(os.fsencode, process.cmdline()))
        except psutil.Error:  # it has ended
            continue
        if line not in _typed:
            hear("the process list", line)


def hear_removed(folder: object) -> None:
    """A folder is removed with all that is in it; poebook writes much to such as do not last."""
    if isinstance(folder, str | os.PathLike) and _by_poebook():
        for what, text in files(Path(folder)):
            hear(f"{what} of a folder that was removed", text)


def _has_children() -> bool:
    """Whether a look at the list of processes, which takes its time, is worth it."""
    if not hasattr(os, "waitid"):
        return True
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # takes nothing from who waits for them
    except ChildProcessError:
        return False
    return True


def _by_poebook() -> bool:
    """Whether poebook does what is done now, and not the test by itself."""
    modules = (frame.f_globals.get("__name__") for frame, _ in traceback.walk_stack(None))
    return any(isinstance(module, str) and module.startswith("poebook.") for module in modules)


def listen(patch: pytest.MonkeyPatch) -> None:
    """From now on hear what ended processes said, and the addresses that poebook asks."""
    communicate = subprocess.Popen.communicate

    def overheard(self: subprocess.Popen[Any], *arguments: Any, **options: Any) -> Any:  # as Popen has them
        said = communicate(self, *arguments, **options)
        for output in said:
            if output:
                hear("the output of a process", output)
        return said

    patch.setattr(subprocess.Popen, "communicate", overheard)
    log = logging.getLogger("httpx")
    log.addFilter(_asked)
    log.setLevel(logging.INFO)


def _asked(record: logging.LogRecord) -> bool:
    """Hear of a request; let its record pass only where it had passed before."""
    if _by_poebook():
        hear("the address of a request", record.getMessage())
    return record.levelno >= logging.getLogger().getEffectiveLevel()
