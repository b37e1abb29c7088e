"""The server that is loaded, when none is named: ``poebook serve`` of the bot beside."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.runner import cluster, environment
from tests.runner.advice import Lacking

BOTS = Path(__file__).with_name("bots.py")
_PATIENCE_S = 180.0
_OPTIONS = {"uvicorn": ["--port", "0", "--workers"], "ray": ["--port", "8099", "--engine", "ray", "--replicas"]}


@contextmanager
def served(engine: str, workers: int) -> Iterator[str]:
    """Where it answers, for the time of a block."""
    words = ["serve", str(BOTS), "--no-key", "--host", "127.0.0.1", "--access-log", "off", *_OPTIONS[engine]]
    words.append(str(workers))
    python = _python(engine)
    print(f"$ poebook {' '.join(words)}", flush=True)
    server = subprocess.Popen([python, "-m", "poebook", *words], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        found = (re.search(r"running on (http://\S+)", line) for line in server.stdout)
        url = next((one[1] for one in found if one), None)
        if url is None:
            sys.exit("The server did not start.")
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
        server.stdout.close()


def _python(engine: str) -> str:
    """An interpreter that has what the server needs: this one, else that of the tests, made where it is missing."""
    if find_spec("fastapi") is not None and (engine != "ray" or find_spec("ray") is not None):
        return sys.executable
    try:
        if engine == "ray":
            cluster.prepare()
            return str(cluster.python())
        if not environment.ready():
            print("Making the environment ...", flush=True)
            environment.prepare()
        return str(environment.python())
    except Lacking as lacking:
        sys.exit(str(lacking))
