"""``python3 -m tests.bench``: poebook, fastapi_poe and the limit, side by side, in the tests' own environment."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.runner import environment
from tests.runner.advice import Lacking
from tests.runner.places import ROOT

_INSIDE = "POEBOOK_BENCH"


def _go() -> int:
    if os.environ.get(_INSIDE):
        from tests.bench.main import main

        return main(sys.argv[1:])
    if not environment.ready():
        print("Making the environment ...", flush=True)
        try:
            environment.prepare()
        except Lacking as lacking:
            print(lacking)
            return 1
    command = [str(environment.python()), "-m", "tests.bench", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**environment.variables(None), _INSIDE: "1"}).returncode


if __name__ == "__main__":
    sys.exit(_go())
