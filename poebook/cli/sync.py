"""``poebook sync``: have Poe ask a bot's server for its settings."""

from __future__ import annotations

import argparse
import os

from poebook.cli.failure import Failure
from poebook.client.settings import sync_bot_settings
from poebook.errors import BotError
from poebook.runtime.keys import find_key, is_known
from poebook.runtime.settings_push import explained


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the bot's name at Poe")
    parser.add_argument(
        "--key",
        help="its access key, or $NAME of an environment variable (POE_ACCESS_KEY, else the one kept under the name)",
    )
    parser.epilog = "Poe asks the address that is registered for the bot, so the bot must run and be reached there."


def run(said: argparse.Namespace, rest: list[str]) -> int:
    if not said.key and not os.environ.get("POE_ACCESS_KEY") and not is_known(said.name):
        raise Failure(f"poebook sync: no key of {said.name} is kept here; {_where(said.name)}.", 2)
    try:
        sync_bot_settings(said.name, find_key(said.name, said.key, remedy=_where(said.name)))
    except BotError as error:
        raise Failure(f"poebook sync: {explained(error, said.name)}") from None
    print(f"Poe has asked for the settings of {said.name}.")
    return 0


def _where(name: str) -> str:
    return f"give its access key, which the settings of {name} at poe.com show, with --key or POE_ACCESS_KEY"
