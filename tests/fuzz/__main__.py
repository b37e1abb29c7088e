"""``python3 -m tests.fuzz``: each target in turn under atheris, in an environment that is made for it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tests.fuzz.names import NAMES
from tests.runner import environment
from tests.runner.advice import Lacking
from tests.runner.places import ROOT, WORKSHOP

_VENV = WORKSHOP / "fuzz" / "venv"
_PACKAGES = ("atheris>=3", "-e", ".")  # guided by what the code does with the bytes; wheels for Linux only


def main(arguments: list[str]) -> int:
    """Run it; 0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.fuzz", description="Feed bytes that nobody meant.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"only these of {', '.join(NAMES)}")
    parser.add_argument("--minutes", type=float, default=10, help="for all of them together (%(default)s)")
    said = parser.parse_args(arguments)
    if unknown := set(said.targets) - set(NAMES):
        parser.error(f"there is no target {min(unknown)}; the targets are {', '.join(NAMES)}")
    if not environment.ready(_VENV, _PACKAGES):
        print("Making the environment ...", flush=True)
        try:
            environment.prepare(_VENV, _PACKAGES)
        except Lacking as lacking:
            print(lacking)
            return 1
    chosen = [name for name in NAMES if name in (said.targets or NAMES)]
    found = [name for name in chosen if not _fuzzed(name, said.minutes * 60 / len(chosen))]
    print(
        f"\nFound something: {', '.join(found)}; the bytes are in {WORKSHOP / 'fuzz'}." if found else "\nNothing found."
    )
    return 1 if found else 0


def _fuzzed(name: str, seconds: float) -> bool:
    """Whether nothing was found; how much was tried is printed."""
    folder = WORKSHOP / "fuzz" / name
    words = [environment.python(_VENV), "-W", "ignore", "-m", "tests.fuzz.driven", name, folder, f"{seconds:.0f}"]
    quiet = {**os.environ, "POEBOOK_HOME": str(WORKSHOP / "fuzz" / "home")}
    done = subprocess.run(list(map(str, words)), cwd=ROOT, env=quiet, stderr=subprocess.PIPE, text=True)
    tried = next((line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line), "?")
    print(f"{name:<10}{tried:>12} inputs   {'nothing found' if done.returncode == 0 else 'FOUND'}", flush=True)
    if done.returncode:
        print(done.stderr[-3000:])
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
