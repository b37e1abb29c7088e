"""``poebook serve --engine ray``: the same bots on a cluster."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from poebook.cli.failure import Failure
from poebook.runtime.cluster.deploying import variables
from poebook.runtime.cluster.running import Place, Standing, on_ray
from poebook.runtime.cluster.scale import DRAIN_S, STREAMS, Scale
from poebook.runtime.keys import key_file
from poebook.runtime.service import Service
from poebook.runtime.service.serving import push_settings
from poebook.runtime.service.targets import split
from poebook.server.app import push_settings_of

_LOOK_S = 5.0
_ONLY_HERE = ("--replicas", "--min-replicas", "--max-replicas", "--address", "--name", "--env", "--detach")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options that only a cluster has."""
    group = parser.add_argument_group(
        "on a cluster of Ray (--engine ray)",
        "Run the same command again and the bots are replaced replica by replica; answers under way are finished.",
    )
    group.add_argument("--replicas", type=int, metavar="N", help="how many processes serve the bots (1)")
    group.add_argument("--min-replicas", type=int, metavar="N", help="their number follows the load, from N (1)")
    group.add_argument("--max-replicas", type=int, metavar="N", help="... up to N")
    group.add_argument(
        "--streams", type=int, metavar="N", default=STREAMS, help="answers that a replica gives at once (%(default)s)"
    )
    group.add_argument(
        "--cpus", type=float, metavar="N", default=1.0, help="processors that each replica reserves (%(default)s)"
    )
    group.add_argument(
        "--address",
        help="the cluster: HOST:PORT of its head, ray://HOST:10001, or auto (RAY_ADDRESS, else one is started here)",
    )
    group.add_argument("--name", help="what the application is called on the cluster (after the first target)")
    group.add_argument("--route", metavar="/PATH", default="/", help="the path before all bots' paths (%(default)s)")
    group.add_argument(
        "--env",
        metavar="NAME",
        action="append",
        default=[],
        help="an environment variable that the bots need, with the value that it has here; may be repeated",
    )
    group.add_argument("--detach", action="store_true", help="leave the bots on the cluster and return")


def refuse_elsewhere(said: argparse.Namespace) -> None:
    """Say so where an option of the cluster's is given and no cluster is."""
    for option in _ONLY_HERE:
        if getattr(said, option.removeprefix("--").replace("-", "_")):
            raise Failure(f"poebook serve: {option} belongs to a cluster; say --engine ray as well.", 2)


def run(said: argparse.Namespace, service: Service) -> int:
    scale = Scale(
        said.replicas,
        said.min_replicas,
        said.max_replicas,
        said.streams,
        said.cpus,
        DRAIN_S if said.drain is None else said.drain,
    )
    if said.key is not None and not said.key.startswith("$"):
        raise Failure("poebook serve: for a cluster the key is read from the environment: --key '$NAME'.", 2)
    if not said.route.startswith("/"):
        raise Failure(f"poebook serve: a route begins with a slash: --route /{said.route}.", 2)
    place = Place(said.name or _name(said.target), said.host, said.port, said.route)
    env = variables(said.env)
    # SIGTERM ends in order, as Ctrl-C does; Ray, which has handlers of its own, is told so again.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with on_ray(service, place, scale, address=said.address, env=env, stay=said.detach, say=_say) as standing:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            _say("\n".join(_lines(service, standing.url, scale, said.detach)))
            if said.detach:  # nobody is there to do it later
                for one in service.bots:
                    push_settings_of(one.bot)
                return 0
            push_settings(service)
            _wait(standing)
    except KeyboardInterrupt:
        pass
    return 0


def _wait(standing: Standing) -> None:
    """Until Ctrl-C, SIGTERM, or an end that somebody else has made."""
    while standing.runs():
        time.sleep(_LOOK_S)
    raise Failure(f"poebook serve: {standing.name} is gone from the cluster; somebody has taken it down.")


def _say(line: str) -> None:
    print(line, flush=True)


def _name(targets: Sequence[str]) -> str:
    place, name = split(targets[0])
    return name or Path(place).resolve().stem


def _lines(service: Service, url: str, scale: Scale, detached: bool) -> list[str]:
    many = "1 replica" if scale.most == 1 else f"{scale.most} replicas"
    by = f"up to {many}" if scale.follows_load else many
    end = "it goes on without this command" if detached else "Ctrl-C ends it"
    lines = [f"{one.name} is running on {url}{quote(one.path)} by {by} ({end})." for one in service.cards]
    if service.spec.no_key:
        return [*lines, "No key is asked for: whoever reaches it may ask."]
    return [*lines, *(f"The key of {one.name} is in {key_file(one.name)}." for one in service.cards if one.kept)]
