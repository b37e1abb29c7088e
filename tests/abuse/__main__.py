"""``python -m tests.abuse``: the same abuse for poebook and fastapi_poe, and a page that says what each did.

By hand, from an environment that has both: ``.poebook-tests/venv/bin/python -m tests.abuse``.
"""

from __future__ import annotations

import argparse
import sys

from tests.abuse import page
from tests.abuse.cases import LIBRARIES, OURS
from tests.abuse.one import CASES, outcome


def main(arguments: list[str]) -> int:
    """Run it; 0 when poebook stood every case."""
    parser = argparse.ArgumentParser(prog="python -m tests.abuse", description="The same abuse for both libraries.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="only these, and their lines of the page")
    said = parser.parse_args(arguments)
    known = {case.name for case in CASES}
    if unknown := set(said.cases) - known:
        parser.error(f"there is no case {min(unknown)}; the cases are {', '.join(sorted(known))}")
    found = page.found()
    for case in CASES:
        if said.cases and case.name not in said.cases:
            continue
        found[case.name] = {library: outcome(case, library) for library in LIBRARIES}
        print(f"{case.side}: {case.title}", flush=True)
        for library, one in found[case.name].items():
            print(f"    {'stands' if one.good else 'FALLS '} {library:<12}{one.words}", flush=True)
    if missing := sorted(known - set(found)):
        print(f"\nThe page is not written, for it lacks {', '.join(missing)}.")
        return 1
    page.write(found)
    print(f"\nWritten: {page.PATH}")
    return 0 if all(each[OURS].good for each in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
