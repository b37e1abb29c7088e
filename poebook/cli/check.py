"""``poebook check``: whether a live bot server does what Poe asks of it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import fill

from poebook.client.conformance.check import SECONDS, check_bot
from poebook.client.conformance.finding import SEVERITIES, Finding, Severity
from poebook.client.refusals import place
from poebook.runtime.colours import quiet, shows

_COLOUR: dict[Severity, str] = {"error": "31", "warning": "33", "info": "36"}
_WIDTH = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="where the bot answers, such as https://host/path")
    parser.add_argument("--key", help="the bot's key, or $NAME of an environment variable (POE_ACCESS_KEY)")
    parser.add_argument("--json", action="store_true", help="write the findings as JSON")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="how long the whole check may take (%(default).0f)"
    )
    parser.epilog = "The bot is asked some forty times. Exit status: 0 no error found, 1 an error, 2 wrong use."


def run(said: argparse.Namespace, rest: list[str]) -> int:
    key = said.key or os.environ.get("POE_ACCESS_KEY") or None
    if sys.stderr.isatty():
        print(quiet(f"Asking {place(said.url)} some forty questions.", sys.stderr), file=sys.stderr)
    found = check_bot(said.url, key, seconds=said.seconds)
    if said.json:
        print(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    else:
        print(report(place(said.url), found, colour=shows(sys.stdout)))
    return 1 if any(one.severity == "error" for one in found) else 0


def report(where: str, found: Sequence[Finding], *, colour: bool = False) -> str:
    """The findings for people to read.

    >>> print(report("https://bots.example.org/tides", []))
    https://bots.example.org/tides does all that was looked at as Poe asks.
    """
    if not found:
        return f"{where} does all that was looked at as Poe asks."
    parts = [_told(one, colour) for one in found]
    return "\n\n".join([*parts, f"{where}: {tally(found)}."])


def tally(found: Sequence[Finding]) -> str:
    """How many there are of each severity.

    >>> tally([Finding("a.b", "error", "", ""), Finding("a.c", "info", "", "")])
    '1 error, 1 info'
    """
    numbers = Counter(one.severity for one in found)
    plural = {"error": "errors", "warning": "warnings", "info": "infos"}
    return ", ".join(f"{n} {name if n == 1 else plural[name]}" for name in SEVERITIES if (n := numbers[name]))


def _told(one: Finding, colour: bool) -> str:
    severity = f"\x1b[1;{_COLOUR[one.severity]}m{one.severity}\x1b[0m" if colour else one.severity
    check = f"\x1b[1m{one.check}\x1b[0m" if colour else one.check
    lines = [fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ") for text in (one.seen, one.remedy)]
    if colour:
        lines[1] = f"\x1b[2m{lines[1]}\x1b[0m"
    return "\n".join([f"{severity} {check}", *lines])
