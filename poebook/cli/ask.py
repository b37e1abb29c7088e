"""``poebook ask``: ask a bot, and print its answer as it comes."""

from __future__ import annotations

import argparse
import sys

from poebook.cli.asked import conversation
from poebook.cli.failure import Failure
from poebook.client.plain import ask_plainly
from poebook.runtime.colours import quiet


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target", metavar="TARGET", help="the URL of a bot server, or the name of a bot on Poe (needs POE_API_KEY)"
    )
    parser.add_argument("text", metavar="TEXT", nargs="+", help="what to ask")
    parser.add_argument(
        "--key", help="the key of the bot at the URL, or $NAME of an environment variable (POE_ACCESS_KEY)"
    )


def run(said: argparse.Namespace, rest: list[str]) -> int:
    (answer,) = ask_plainly(conversation("ask", [said.target], said.key), " ".join(said.text), _write)
    if answer.error is not None:
        raise Failure(f"poebook ask: {answer.target}: {answer.error}")
    if sys.stdout.isatty() and answer.first_event_s is not None and answer.total_s is not None:
        figures = (
            f"{answer.event_count} events, first after {answer.first_event_s:.2f} s, all in {answer.total_s:.2f} s"
        )
        print(quiet(figures, sys.stderr), file=sys.stderr)
    return 0


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
