"""``python -m tests.load``: many streams at once against ``poebook serve``, which it starts, or against a URL."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from tests.load.asking import Stream, ask
from tests.load.serving import served
from tests.load.table import table


def main(argv: Sequence[str] | None = None) -> int:
    said = _parser().parse_args(argv)
    if said.nodes > 1 and (said.engine != "ray" or said.url):
        sys.exit("Several nodes there are with --engine ray only, and without a URL.")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))  # a stream is a file here, and one there
    if said.nodes > 1:
        from tests.load.on_ray import two_nodes

        return two_nodes(said.streams)
    if said.url:
        _refuse_strangers(said)
        return _measure(said.url, said)
    with served(said.engine, said.workers) as url:
        return _measure(url, said)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__, allow_abbrev=False)
    parser.add_argument("url", nargs="?", help="a bot server of yours (left out: poebook serve is started)")
    parser.add_argument("--streams", type=int, default=200, help="how many at once (%(default)s)")
    parser.add_argument("--events", type=int, default=50, help="how many each (%(default)s)")
    parser.add_argument("--interval", type=float, default=0.1, help="seconds between the events (%(default)s)")
    parser.add_argument("--workers", type=int, default=4, help="processes of the server (%(default)s)")
    parser.add_argument("--engine", choices=["uvicorn", "ray"], default="uvicorn", help="of the server (%(default)s)")
    parser.add_argument(
        "--nodes",
        type=int,
        choices=[1, 2],
        default=1,
        help="with --engine ray, 2: a cluster of two, one of which is killed under the streams (%(default)s)",
    )
    parser.add_argument("--kill", action="store_true", help="kill a worker once all streams are under way")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds until a stream is given up (%(default)s)")
    parser.add_argument("--key", help="the key of the bot at the URL")
    parser.add_argument("--mine", action="store_true", help="the server at the URL is mine, though on another machine")
    parser.epilog = (
        "A URL's bot is asked for `EVENTS INTERVAL`, as tests/load/bots.py is. Exit status: 1 if streams failed."
    )
    return parser


def _refuse_strangers(said: argparse.Namespace) -> None:
    host = urlsplit(said.url).hostname or ""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    if not here and not said.mine:
        sys.exit(f"{host} is not this machine; say --mine if the server is yours to load.")
    if said.kill:
        sys.exit("Workers are killed only where poebook serve was started from here; leave the URL out.")


def _measure(url: str, said: argparse.Namespace) -> int:
    print(f"{said.streams} streams at once of {said.events} events, one every {said.interval:g} s.", flush=True)
    began = time.perf_counter()
    streams, killed = asyncio.run(_asked(url, said))
    print(table(streams, time.perf_counter() - began))
    if killed is not None:
        lost = [one for one in streams if one.end != "whole"]
        others = Counter(one.worker for one in lost if one.worker != killed)
        own, foreign = len(lost) - others.total(), others.total()
        print(f"Worker {killed} was killed: {own} of its streams are lost, {foreign} of others.")
        return 1 if others else 0
    return 1 if any(one.end != "whole" for one in streams) else 0


async def _asked(url: str, said: argparse.Namespace) -> tuple[list[Stream], str | None]:
    streams = [Stream() for _ in range(said.streams)]
    text, place = f"{said.events} {said.interval}", urlsplit(url)
    tasks = [asyncio.create_task(ask(place, text, said.key, one, said.limit)) for one in streams]
    killed = None
    if said.kill:
        while any(one.first_s is None and not task.done() for one, task in zip(streams, tasks, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        killed = Counter(one.worker for one in streams).most_common()[-1][0]
        os.kill(int(killed), signal.SIGKILL)
    await asyncio.gather(*tasks)
    return streams, killed


if __name__ == "__main__":
    sys.exit(main())
