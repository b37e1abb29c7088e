"""``poebook export``: take a bot out of its notebook, as a project of its own.

A fresh process is asked, and says whether the project answers as the notebook does.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from poebook.export.exporting import export_bot
from poebook.export.problem import CHOICE
from poebook.runtime.colours import quiet


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="notebook.ipynb, notebook.ipynb:NAME, file.py or file.py:Bot")
    parser.add_argument("directory", metavar="DIR", type=Path, help="the folder to write to; it is made if need be")
    parser.add_argument(
        "--ask",
        metavar="TEXT",
        action="append",
        default=[],
        help="a question to compare the answers to: the whole notebook is run for it; may be repeated",
    )
    parser.add_argument("--force", action="store_true", help="replace what an earlier export wrote, and nothing else")
    parser.epilog = "Exit status: 0 it answers alike, 1 it does not, 2 wrong use."


def run(said: argparse.Namespace, rest: list[str]) -> int:
    made = export_bot(said.target, said.directory, ask=said.ask, force=said.force, tell=_tell)
    print(replace(made, problems=[one for one in made.problems if one.kind != CHOICE]))  # that was told before
    return 0 if made.passed else 1


def _tell(line: str) -> None:
    print(quiet(line, sys.stderr), file=sys.stderr)
