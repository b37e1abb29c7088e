"""``poebook serve``: serve bots in the foreground, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import errno
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from poebook.cli import on_ray
from poebook.cli.failure import Failure
from poebook.cli.targets import described, watched
from poebook.runtime.service.application import assemble
from poebook.runtime.service.inside import InsideDoor
from poebook.runtime.service.serving import DRAIN_S, push_settings, serving
from poebook.runtime.service.welcome import BotCard, welcome
from poebook.server.sockets import listening

_LEVELS = ("critical", "error", "warning", "info", "debug")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target",
        metavar="TARGET",
        nargs="+",
        help="module:Bot, file.py:Bot, file.py (its list `bots`, else its bot), a folder with a bot.py, or "
        "notebook.ipynb:NAME (only the cells that the bot needs are run); several bots are asked at /NAME each",
    )
    parser.add_argument("--host", default="0.0.0.0", help="the address to listen on (all: %(default)s)")
    parser.add_argument("-p", "--port", type=int, default=8080, help="the port to listen on (%(default)s)")
    parser.add_argument(
        "--key",
        help="the bots' access key, or $NAME of an environment variable (POE_ACCESS_KEY, else one is made and kept)",
    )
    parser.add_argument("--no-key", action="store_true", help="serve without a key: anybody may ask")
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_number,
        default=1,
        help="how many processes serve, one a core, say; one that dies takes only its own answers along (%(default)s)",
    )
    parser.add_argument(
        "--reload", action="store_true", help="serve what is saved in the bots' files from then on, if it can be served"
    )
    parser.add_argument(
        "--drain",
        metavar="SECONDS",
        type=_seconds,
        help=f"how long answers under way may take to finish when the service ends ({DRAIN_S}; on a cluster 600)",
    )
    parser.add_argument(
        "--engine",
        choices=("uvicorn", "ray"),
        default="uvicorn",
        help="what serves: this machine, or a cluster of Ray (%(default)s)",
    )
    parser.add_argument(
        "--access-log",
        choices=["plain", "json", "off"],
        default="plain",
        help="a line for each request on standard output; json has the bot, the kind of request, its times, events and "
        "outcome, and nothing that anybody said (%(default)s)",
    )
    parser.add_argument("--metrics", action="store_true", help="figures for Prometheus at /metrics, without a key")
    parser.add_argument(
        "--metrics-port",
        metavar="PORT",
        type=int,
        help="the figures, /readyz and /livez on a port of 127.0.0.1 of their own instead, also while the service ends",
    )
    parser.add_argument("--log-level", choices=_LEVELS, default="info", help="how much to log (%(default)s)")
    on_ray.arguments(parser)
    parser.epilog = "/readyz and /livez say, without a key, whether the service takes questions and whether it runs."


def run(said: argparse.Namespace, rest: list[str]) -> int:
    if said.key is not None and said.no_key:
        raise Failure("poebook serve: --key and --no-key exclude each other.", 2)
    several = said.workers > 1 or said.reload
    if said.engine == "ray":
        if several:
            raise Failure("poebook serve: on a cluster there are --replicas, and neither --workers nor --reload.", 2)
        if said.metrics or said.metrics_port is not None:
            raise Failure("poebook serve: on a cluster Ray has figures of its own; leave --metrics out.", 2)
        return on_ray.run(said, assemble(described(said), _keys(said)))
    on_ray.refuse_elsewhere(said)
    if several and sys.platform == "win32":
        raise Failure("poebook serve: --workers and --reload need Linux or macOS.", 2)
    logging.basicConfig(level=said.log_level.upper(), format="%(levelname)s: %(name)s: %(message)s")
    (_serve_by_several if several else _serve_here)(said)
    return 0


def _serve_here(said: argparse.Namespace) -> None:
    service = assemble(described(said), _keys(said))
    with closing(_door(said.host, said.port)) as door, ExitStack() as beside:

        def ready() -> None:
            _tell(said, door_port, service.cards)
            push_settings(service)

        door_port = door.getsockname()[1]
        server = serving(service, drain_s=_drain(said), log_level=said.log_level, ready=ready)
        if service.figures is not None:
            _open_inside(beside, said, service.figures.text, lambda: server.started and not server.should_exit)
        server.run(sockets=[door])


def _serve_by_several(said: argparse.Namespace) -> None:
    from poebook.runtime.service.figures import FOLDER, ensure_there, forgetting, text_of
    from poebook.runtime.service.supervisor import Supervisor

    counted = said.metrics or said.metrics_port is not None
    with closing(_door(said.host, said.port)) as door, ExitStack() as beside:
        port = door.getsockname()[1]
        supervisor = Supervisor(
            lambda: described(said),
            door,
            keys=_keys(said),
            workers=said.workers,
            drain_s=_drain(said),
            log_level=said.log_level,
            watch=watched(said.target) if said.reload else [],
            ready=lambda cards: _tell(said, port, cards),
        )
        if counted:
            ensure_there()
            folder = Path(beside.enter_context(TemporaryDirectory(prefix="poebook-", ignore_cleanup_errors=True)))
            supervisor.count(forgetting(folder), {FOLDER: str(folder)})
            _open_inside(beside, said, lambda: text_of(folder), lambda: supervisor.is_ready)
        supervisor.run()


def _open_inside(
    beside: ExitStack, said: argparse.Namespace, figures: Callable[[], bytes], is_ready: Callable[[], bool]
) -> None:
    """Open the port for whoever watches, where one was named."""
    if said.metrics_port is None:
        return
    try:
        beside.enter_context(InsideDoor(said.metrics_port, figures, is_ready))
    except OverflowError:
        raise Failure(f"poebook serve: {said.metrics_port} is no port; a port is from 1 to 65535.", 2) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Failure(f"poebook serve: --metrics-port {said.metrics_port} cannot be opened: {why}.") from None


def _drain(said: argparse.Namespace) -> int:
    return DRAIN_S if said.drain is None else int(said.drain)


def _keys(said: argparse.Namespace) -> dict[str, str]:
    return {} if said.key is None else {"*": said.key}


def _tell(said: argparse.Namespace, port: int, cards: Sequence[BotCard]) -> None:
    told = welcome(cards, said.host, port, no_key=said.no_key, workers=said.workers)
    with contextlib.suppress(OSError):  # a full disk behind the output is no reason not to serve
        print(told, file=sys.stderr if said.access_log == "json" else sys.stdout, flush=True)


def _number(words: str) -> int:
    if not words.isdecimal() or int(words) == 0:
        raise argparse.ArgumentTypeError(f"{words} is no number of processes, such as 4")
    return int(words)


def _seconds(words: str) -> int:
    try:
        seconds = int(words)
    except ValueError:
        seconds = -1
    if seconds < 0:
        raise argparse.ArgumentTypeError(f"{words} is no number of seconds, such as 30")
    return seconds


def _door(host: str, port: int) -> socket.socket:
    try:
        return listening(host, port, exactly=True)
    except OverflowError:
        raise Failure(f"poebook serve: {port} is no port; a port is a number from 1 to 65535.", 2) from None
    except socket.gaierror:
        raise Failure(f"poebook serve: there is no address {host} on this machine.", 2) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(f"poebook serve: port {port} is taken; name another with --port.") from None
        reason = (error.strerror or str(error)).rstrip(".").lower()
        raise Failure(f"poebook serve: port {port} cannot be opened on {host}: {reason}.") from None
