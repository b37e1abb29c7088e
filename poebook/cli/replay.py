"""``poebook replay``: ask a bot again what it was asked on a tape, and say what changed."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from poebook.cli.failure import Failure
from poebook.cli.targets import sliced
from poebook.client.tapes.keeping import read_tape, write_tape
from poebook.client.tapes.outcome import Replay
from poebook.client.tapes.replaying import replay
from poebook.errors import PoebookError
from poebook.runtime.colours import shows
from poebook.runtime.service.targets import bots_of, split

_ELSEWHERE = re.compile(r"(https?|poe|local):", re.IGNORECASE)
_COLOURS = {"-": "31", "+": "32"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tape", metavar="TAPE", help="a file that a conversation or a bot was recorded on")
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="file.py, file.py:Bot, module:Bot, notebook.ipynb:NAME or a folder with a bot.py, asked in this process; "
        "the URL of a bot server; or poe:NAME",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--loose", action="store_true", help="compare texts, as the tape's matchers say")
    how.add_argument("--strict", action="store_true", help="compare every event, whatever the tape says")
    parser.add_argument("--update", action="store_true", help="write what is answered now on the tape, and succeed")
    parser.add_argument("--key", help="the key of the bot at the URL, or $NAME of an environment variable")
    parser.add_argument(
        "--timeout", type=float, default=300.0, metavar="SECONDS", help="for each answer (%(default).0f)"
    )
    parser.epilog = (
        "The bots that a bot in this process asks are answered from the tape, with no network. "
        "Exit status: 0 all alike, 1 something changed, 2 wrong use."
    )


def run(said: argparse.Namespace, rest: list[str]) -> int:
    try:
        tape = read_tape(said.tape)
    except PoebookError as error:
        raise Failure(f"poebook replay: {error}", 2) from None
    strict = True if said.strict else False if said.loose else None
    key = said.key or os.environ.get("POE_ACCESS_KEY") or None
    played = replay(tape, target_of(said.target), strict=strict, key=key, timeout=said.timeout)
    print(shown(played, colour=shows(sys.stdout)))
    if said.update and not played.passed:
        write_tape(said.tape, played.updated())
        print(f"{said.tape} has the answers of now.")
    return 0 if played.passed or said.update else 1


def shown(played: Replay, *, colour: bool = False) -> str:
    """The outcome for people to read.

    >>> shown(Replay("empty", "echo", True, []))
    'The tape empty, asked of echo: no turns.'
    """
    return "\n".join(_coloured(line) if colour else line for line in str(played).splitlines())


def _coloured(line: str) -> str:
    sign = _COLOURS.get(line[4:5]) if line.startswith("    ") else None
    if line.startswith("turn "):
        sign = "1" if "  changed  " in line else "2"
    return line if sign is None else f"\x1b[{sign}m{line}\x1b[0m"


def target_of(spec: str, folder: Path = Path()) -> object:
    """A bot of this process where *spec* names a module or something in *folder*, else what asks elsewhere.

    >>> target_of("https://bots.example.org/tides")
    'https://bots.example.org/tides'
    """
    if _ELSEWHERE.match(spec):
        return spec
    place, name = split(spec)
    path = folder / place
    if path.is_dir() or path.suffix in (".py", ".ipynb"):
        found = f"{path}:{name}" if name else str(path)
        return bots_of(found, sliced(found) if path.suffix == ".ipynb" else None)[-1].bot
    if name or (folder / f"{spec}.py").is_file():
        sys.path.insert(0, str(folder.resolve()))
        return bots_of(spec)[-1].bot
    return spec
