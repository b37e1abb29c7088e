"""Builds the manual: ``python -m tests.manual [FOLDER]``; a warning is a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "notebooks"
BUILT = ROOT / ".poebook-tests" / "manual"


def build(folder: Path = BUILT) -> subprocess.CompletedProcess[str]:
    """Build the manual into *folder*, with every reference that leads nowhere an error."""
    options = ["-W", "-n", "--keep-going", "-q", "-b", "html", "-d", str(folder / ".doctrees")]
    words = [sys.executable, "-m", "sphinx", *options, str(SOURCE), str(folder)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True)


def main(arguments: list[str]) -> int:
    """Build, and say where the first page is."""
    folder = Path(arguments[0]) if arguments else BUILT
    done = build(folder)
    print(done.stdout + done.stderr, end="")
    if not done.returncode:
        print(folder / "index.html")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
