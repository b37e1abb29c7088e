"""``poebook chat``: a conversation in the terminal, with one bot or several."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec

from poebook.cli.asked import conversation
from poebook.client.conversation import Conversation
from poebook.client.plain import ask_plainly
from poebook.errors import BotError

_HELP = "/new begins anew, /quit or Ctrl-D ends."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target", metavar="TARGET", nargs="+", help="the URL of a bot server, or the name of a bot on Poe"
    )
    parser.add_argument(
        "--key", help="the key of the bots at URLs, or $NAME of an environment variable (POE_ACCESS_KEY)"
    )
    parser.epilog = f"{_HELP} Ctrl-C stops an answer, and ends the chat where none is under way."


def run(said: argparse.Namespace, rest: list[str]) -> int:
    chat = conversation("chat", said.target, said.key)
    here = sys.stdin.isatty()
    if here:
        if find_spec("readline") is not None:
            import_module("readline")  # ArrowUp brings lines back
        print(f"Chat with {' and '.join(chat.targets)}. {_HELP}")
    status = 0
    while (text := _line("> " if here else "")) is not None:
        match text.strip():
            case "":
                continue
            case "/quit":
                break
            case "/new":
                chat = conversation("chat", said.target, said.key)
            case _:
                status = _ask(chat, text)
    return status


def _line(prompt: str) -> str | None:
    """What is typed next; None at the end."""
    try:
        return input(prompt)
    except (EOFError, KeyboardInterrupt):
        print()
        return None


def _ask(chat: Conversation, text: str) -> int:
    """Ask, and write what comes; 1 where there was no answer."""
    try:
        answers = ask_plainly(chat, text, _write)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 0
    except BotError as error:
        print(f"poebook chat: {error}", file=sys.stderr)
        return 1
    failed = [answer for answer in answers if answer.error is not None]
    for answer in failed:
        print(f"{answer.target}: {answer.error}", file=sys.stderr)
    return 1 if failed else 0


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
