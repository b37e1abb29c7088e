"""Documents are opened in a process of their own, so that none can take more than its time and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

from poebook.client.documents.kinds import Kind
from poebook.client.documents.refusal import Unreadable

TIME_S = 30.0
_room = threading.BoundedSemaphore(2)  # processes at once
_SOFT = 0.5  # of the time, after which the process comes back with what it has
MEMORY = 2_000_000_000  # bytes that the process may ask for


def read(kind: Kind, data: bytes, limit: int, *, time_s: float = TIME_S) -> tuple[str, bool]:
    """At most *limit* characters of a document, and whether there was time for all of it.

    Raises Unreadable, also when *time_s* seconds were not enough for any of it.
    """
    soft = str(time_s * _SOFT)
    command = [sys.executable, "-P", "-m", "poebook.client.documents", kind.reader, kind.words, str(limit), soft]
    try:
        with _room:
            done = subprocess.run(command, input=data, capture_output=True, timeout=time_s, env=_surroundings())
    except subprocess.TimeoutExpired:
        raise Unreadable(f"took more than {time_s:g} s to read and was given up") from None
    except OSError:
        raise Unreadable("was not read, as no process can be started here") from None
    try:
        told = json.loads(done.stdout)
    except ValueError:  # out of memory, or ended by the system
        raise Unreadable("took more memory than a document should and was given up") from None
    if told["problem"] is not None:
        raise Unreadable(told["problem"])
    text: str = told["text"]
    return text.encode("utf-8", "replace").decode(), told["whole"]  # half a surrogate pair travels nowhere


def _surroundings() -> dict[str, str]:
    """The environment without anybody's keys, and with this process's import path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POE_", "NGROK_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONIOENCODING": "utf-8"}
