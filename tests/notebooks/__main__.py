"""The tutorials, run from top to bottom and saved with their outputs: ``python3 -m tests tutorials``."""

from __future__ import annotations

import sys

from tests.notebooks import outputs, tutorials
from tests.notebooks.playing import play


def main(names: list[str]) -> None:
    """Run the tutorials whose names begin with one of *names*, or all, and save each."""
    for path in tutorials.TUTORIALS:
        if names and not path.name.startswith(tuple(names)):
            continue
        played = play(path)
        outputs.settle(played.notebook)
        outputs.keep(tutorials.read(path), played.notebook)
        tutorials.write(path, played.notebook)
        print(path.name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
