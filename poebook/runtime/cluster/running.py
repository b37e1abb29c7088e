"""Serving on a cluster, from the first replica to the last answer."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from poebook.errors import ServeError
from poebook.runtime.cluster.deploying import DEPLOYMENT, bound, ray_serve
from poebook.runtime.cluster.joining import cluster
from poebook.runtime.cluster.scale import Scale
from poebook.runtime.service import Service

Say = Callable[[str], None]
_ROOM_S = 15.0  # from then on it is said what is waited for
_LOOK_S = 0.2
_DOORS_S = 20.0


@dataclass(frozen=True)
class Place:
    """Where on a cluster the bots are served: *name* is that of Ray Serve's application, *route* the path before all.

    ``host`` and ``port`` are where each machine of the cluster listens; the first service on a cluster says so for all.
    """

    name: str
    host: str = "0.0.0.0"
    port: int = 8080
    route: str = "/"


@dataclass(frozen=True)
class Standing:
    """An application that serves."""

    name: str
    url: str
    _serve: Any

    def runs(self) -> bool:
        """Whether it is still there; False, too, where the cluster does not answer."""
        try:
            return self.name in self._serve.status().applications
        except Exception:  # whatever Ray raises when a cluster has gone
            return False


@contextmanager
def on_ray(
    service: Service,
    place: Place,
    scale: Scale,
    *,
    address: str | None = None,
    env: Mapping[str, str] | None = None,
    stay: bool = False,
    say: Say = lambda line: None,
) -> Iterator[Standing]:
    """Serve *service* on the cluster at *address*, or one of this machine; what stands there, once its bots answer.

    Where an application of this name runs already it is replaced replica by replica, and each ends its answers first.
    At the end of the block the bots are taken down in the same way; with *stay* they go on without this process. What
    takes long is said by *say*. *env* are environment variables for the bots.
    Raises MissingExtra and ServeError, with the next step.
    """
    serve = ray_serve()
    address = address or os.environ.get("RAY_ADDRESS")
    if stay and not address:
        raise ServeError("Bots cannot stay on a cluster that ends with this command; say which one with --address.")
    with cluster(address, scale.most * scale.cpus + 1):
        first = _start(serve, place, quiet=not address)
        port = _port(place.port)
        deployed = _deploy(serve, bound(service, scale, env or {}, serve), place, say)
        _await_doors(serve)
        try:
            host = _reached(place.host, address)
            yield Standing(place.name, f"http://{host}:{port}{place.route.rstrip('/')}", serve)
        finally:
            if not stay:
                _end(serve, place.name, deployed, first, bool(address), say)


def _start(serve: Any, place: Place, *, quiet: bool) -> bool:
    """Ray Serve runs after this; whether it did not before. *quiet*: it says only what is wrong."""
    first = not _client()
    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    level = {"logging_config": {"log_level": "WARNING"}} if quiet else {}
    serve.start(proxy_location="EveryNode", http_options={"host": place.host, "port": place.port}, **level)
    return first


def _client() -> Any:
    from ray.serve.context import _get_global_client  # Ray has no other way to ask what it listens on

    return _get_global_client(raise_if_no_controller_running=False)


def _port(wanted: int) -> int:
    """The port that Serve listens on, which who started it has chosen."""
    options = getattr(_client(), "http_config", None)
    return int(getattr(options, "port", wanted))


def _reached(host: str, address: str | None) -> str:
    """A host by which the bots are asked: the one that they listen on, else the cluster's head, else this machine."""
    if host not in ("0.0.0.0", "", "::"):
        return host
    head = (address or "").removeprefix("ray://").rpartition(":")[0]
    return head or "127.0.0.1"


def _deploy(serve: Any, application: Any, place: Place, say: Say) -> float:
    """Deploy, and wait until all replicas answer; the time of it, by the cluster's clock."""
    known = place.name in serve.status().applications
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(serve, place.name, done, say), daemon=True)
    watcher.start()
    try:
        serve.run(application, name=place.name, route_prefix=place.route)
        return float(serve.status().applications[place.name].last_deployed_time_s)
    except BaseException as error:
        reason = _failed(serve, place, error)
        if not known:
            with suppress(Exception):  # it may not have come to be
                serve.delete(place.name, _blocking=False)
        if isinstance(error, Exception):
            raise ServeError(reason) from error
        raise
    finally:
        done.set()
        watcher.join()


def _await_doors(serve: Any) -> None:
    """Until each machine that has a replica listens, too: the one that came last is a moment late."""
    end = time.monotonic() + _DOORS_S
    while time.monotonic() < end:
        if all(str(getattr(state, "value", state)) == "HEALTHY" for state in serve.status().proxies.values()):
            return
        time.sleep(_LOOK_S)


def _watch(serve: Any, name: str, done: threading.Event, say: Say) -> None:
    """Say once what is waited for."""
    if done.wait(_ROOM_S):
        return
    states = _states(serve, name)
    there, all_of_them = states.get("RUNNING", 0), sum(states.values())
    say(f"{there} of {all_of_them} replicas run; the others wait for room on the cluster, or are being made.")


def _states(serve: Any, name: str) -> dict[str, int]:
    application = serve.status().applications.get(name)
    found = application.deployments.get(DEPLOYMENT) if application else None
    return {str(getattr(state, "value", state)): int(n) for state, n in found.replica_states.items()} if found else {}


def _failed(serve: Any, place: Place, error: BaseException) -> str:
    taken = re.search(r'being used by application "([^"]+)"', str(error))
    if taken:
        return (
            f"The application {taken[1]} answers at {place.route} on this cluster already; give this one a path of its "
            f"own with --route /{place.name}, or replace that one with --name {taken[1]}."
        )
    application = serve.status().applications.get(place.name)
    found = application.deployments.get(DEPLOYMENT) if application else None
    told = found.message if found and found.message else str(error)
    return f"The bots of {place.name} could not be made on the cluster.\n{_own_words(told)}"


def _own_words(told: str) -> str:
    """What a replica raised, without the frames of Ray's and of those that called us."""
    lines = told.strip().splitlines()
    last = [at for at, line in enumerate(lines) if re.match(r"\S*(Error|Fault|Key|Setup|Target|Exception)\b", line)]
    return "\n".join(lines[last[-1] :]) if last else told.strip()


def _end(serve: Any, name: str, deployed: float, first: bool, shared: bool, say: Say) -> None:
    """Take the application down, unless somebody has replaced it meanwhile; wait for its answers to end."""
    try:
        application = serve.status().applications.get(name)
    except Exception:  # the cluster has gone, and the bots with it
        return
    if application is None:
        return
    if float(application.last_deployed_time_s) > deployed:
        say(f"{name} has been served anew from elsewhere, so it stays.")
        return
    serve.delete(name, _blocking=False)
    begun = time.monotonic()
    while name in (there := serve.status().applications):
        if begun and time.monotonic() - begun > 2.0:
            say("Answers that have begun are waited for; Ctrl-C once more, and they are not.")
            begun = 0.0
        time.sleep(_LOOK_S)
    if first and shared and not there:
        serve.shutdown()
