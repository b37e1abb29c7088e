"""Bots as an application of Ray Serve's."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from poebook.errors import InvalidKey, MissingExtra
from poebook.runtime.cluster.parcel import Parcel
from poebook.runtime.cluster.scale import DRAIN_S, STREAMS, Scale
from poebook.runtime.cluster.travelling import door_and_bots
from poebook.runtime.service import KEYS, Service, ServiceSpec, assemble

DEPLOYMENT = "bots"  # the one deployment of an application


def deployment(
    targets: str | Path | Sequence[str | Path],
    *,
    replicas: int | None = None,
    at_least: int | None = None,
    at_most: int | None = None,
    streams: int = STREAMS,
    cpus: float = 1.0,
    drain_s: float = DRAIN_S,
    key: str | None = None,
    no_key: bool = False,
    env: Sequence[str] = (),
) -> Any:  # a ray.serve.Application
    """The bots that *targets* name, as ``serve run`` and ``serve deploy`` take them.

    Targets are as for ``poebook serve``: a folder with a ``bot.py``, a file, ``module:Bot``. The numbers are those of
    Scale. The key is *key*, else that of ``$POE_ACCESS_KEY``, else the one that is kept where this runs. *env* names
    environment variables whose values the bots get, as they are here. Raises MissingExtra without Ray.
    """
    serve = ray_serve()
    given = [targets] if isinstance(targets, str | Path) else targets
    spec = ServiceSpec(tuple(str(target) for target in given), no_key=no_key)
    service = assemble(spec, {"*": key} if key else None)
    return bound(service, Scale(replicas, at_least, at_most, streams, cpus, drain_s), variables(env), serve)


def ray_serve() -> Any:  # the module ray.serve
    """Ray Serve; raises MissingExtra where it is not installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told what runs here
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")  # else `uv run` sends the whole folder to the cluster
    try:
        from ray import serve
    except ImportError as error:
        raise MissingExtra("ray", extra="ray") from error
    return serve


def variables(names: Sequence[str]) -> dict[str, str]:
    """The environment variables of these *names*; raises InvalidKey for one that is not set.

    >>> variables([])
    {}
    """
    for name in names:
        if name not in os.environ:
            raise InvalidKey(f"The environment variable {name} is not set, so the bots cannot have it.")
    return {name: os.environ[name] for name in names}


def bound(service: Service, scale: Scale, env: Mapping[str, str], serve: Any) -> Any:
    """The bots of *service*, to be handed to ``ray.serve.run``.

    The keys travel as an argument of the replicas: they stand in no command line, no environment that others can see
    and none of Ray's logs and lists, but in the memory of Ray's controller, for which whoever may run code on the
    cluster can ask.
    """
    parcel = Parcel.of(service.spec)
    secrets = {**env, KEYS: json.dumps(service.keys)}
    options = {**scale.options(), "logging_config": _log(service.spec)}
    door, bots = door_and_bots()
    made = serve.deployment(serve.ingress(door)(bots), name=DEPLOYMENT, **options)
    return made.bind(parcel.content, parcel.spec.to_json(), secrets)


def _log(spec: ServiceSpec) -> dict[str, Any]:
    return {"encoding": "JSON" if spec.access_log == "json" else "TEXT", "enable_access_log": spec.access_log != "off"}
