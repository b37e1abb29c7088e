"""``python3 -m tests``: every check of the project, from a checkout with nothing prepared."""

# These lines are read by any Python 3, so that an old one can be told what to do.
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit("poebook needs Python 3.11 or newer, and this is " + found + ". Call a newer one: `python3.12 -m tests`.")

from tests.runner.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
