"""``poebook poe``: a local Poe before the bots of files and notebooks, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from poebook.cli.failure import Failure
from poebook.cli.loading import every_bot
from poebook.cli.notebooks import bots_of
from poebook.client.tapes.tape import SUFFIX
from poebook.errors import ServeError
from poebook.runtime.keys import is_kept, kept_key, key_file
from poebook.runtime.local_poe import LocalPoe
from poebook.runtime.taped import bots_on

_KEY = "local-poe"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="file.py (its list `bots`, else every bot in it), notebook.ipynb (its %%%%poebot cells), the URL of a "
        "bot server, or a tape, for the bots that the recorded one asked",
    )
    parser.add_argument("-p", "--port", type=int, default=None, help="the port to listen on (any free one)")
    parser.add_argument(
        "--key", help="the key that people show, or $NAME of an environment variable (POE_API_KEY, else one is kept)"
    )
    parser.add_argument(
        "--double",
        metavar="NAME=TEXT",
        action="append",
        default=[],
        help="a bot NAME that always answers TEXT; may be repeated",
    )
    parser.add_argument("--funds", type=int, help="what each user may spend, in thousandths of a US cent (no end)")
    parser.add_argument("--warn", action="store_true", help="warn of Poe's limits instead of enforcing them")


def run(said: argparse.Namespace, rest: list[str]) -> int:
    bots: dict[str, object] = {}
    doubles: dict[str, object] = dict(_double(one) for one in said.double)
    for file in said.files:
        if file.endswith(SUFFIX):
            doubles = {**bots_on(file), **doubles}
        else:
            bots |= _bots(file)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        poe = LocalPoe(bots, port=said.port, key=_key(said.key), doubles=doubles, limits={"enforce": not said.warn})
        poe.funds = said.funds
        poe.start()
    except ServeError as error:
        raise Failure(f"poebook poe: {error}") from None
    try:
        with contextlib.suppress(OSError):  # a full disk behind the output is no reason not to serve
            print(_lines(poe), flush=True)
        _wait()
    finally:
        poe.stop()
    return 0


def _bots(file: str) -> dict[str, object]:
    if file.startswith(("http://", "https://")):
        return {file.rstrip("/").rpartition("/")[2].partition(":")[0]: file}
    if file.endswith(".ipynb"):
        return dict(bots_of(Path(file)))
    return dict(every_bot(file))


def _double(words: str) -> tuple[str, str]:
    name, equals, text = words.partition("=")
    if not equals or not name:
        raise Failure(f"poebook poe: --double is NAME=TEXT, and {words!r} is not.", 2)
    return name, text


def _key(given: str | None) -> str:
    if given is not None and given.startswith("$"):
        named = os.environ.get(given[1:])
        if not named:
            raise Failure(f"poebook poe: the environment variable {given[1:]} is not set.", 2)
        return named
    return given or os.environ.get("POE_API_KEY") or kept_key(_KEY)


def _lines(poe: LocalPoe) -> str:
    """What is said once it answers. The key itself is not."""
    names = ", ".join(poe.names) or "no bots"
    lines = [f"A local Poe is running on {poe.base_url} with {names} (Ctrl-C ends it)."]
    if is_kept(_KEY, poe.api_key):
        lines.append(f"Its key is in {key_file(_KEY)}.")
    lines.append(f"Scripts ask it with POE_BASE_URL={poe.base_url}, OpenAI clients at {poe.base_url}v1.")
    return "\n".join(lines)


def _wait() -> None:
    """Until Ctrl-C, or until the process is told to end."""
    over = threading.Event()

    def end(*_: Any) -> None:
        over.set()

    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(KeyboardInterrupt):
        while not over.wait(1.0):  # in turns, so that Ctrl-C is seen everywhere
            pass
