"""Reaching a cluster of Ray, or starting one on this machine."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any

from poebook.errors import ServeError
from poebook.runtime.cluster.deploying import ray_serve

_KNOCK_S = 10.0
_VERSIONS = re.compile(r"^ *(Ray|Python): (\S+)$", re.MULTILINE)


@contextmanager
def cluster(address: str | None, cpus: float) -> Iterator[Any]:  # the module ray
    """Ray, connected to the cluster at *address*, or to one of this machine with *cpus* that ends with the block.

    *address* is as for ``ray.init``: ``auto``, ``HOST:PORT`` of the head, or ``ray://HOST:10001``.
    Raises MissingExtra without Ray, and ServeError when nobody is there, or in other versions.
    """
    ray_serve()
    import ray

    os.environ.setdefault("RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL", "minor")
    try:
        if address:
            _knock(address)
            ray.init(address=address, configure_logging=False)
        else:
            _start(ray, cpus)
    except Exception as error:  # Ray raises many kinds, the bare one among them
        raise ServeError(_reason(address, error)) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raise an OSError where nobody listens, for which Ray itself takes minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_S):
            pass


def _start(ray: Any, cpus: float) -> None:
    """A cluster of this machine. (Newer versions of Ray guard it with a token of its user's.)"""
    # Nothing runs on it but the bots: nothing is started ahead for others, and the bots need not give way to others.
    for setting in ("RAY_enable_worker_prestart", "RAY_prestart_worker_first_driver", "RAY_worker_niceness"):
        os.environ.setdefault(setting, "0")
    number = max(os.cpu_count() or 1, ceil(cpus))
    for last in (False, False, True):
        try:
            ray.init(address="local", num_cpus=number, include_dashboard=False, configure_logging=False)
            return
        except Exception as error:
            ray.shutdown()
            if last or "timed out during startup" not in str(error):  # Ray gives up after 30 s, busy as a machine is
                raise


def _reason(address: str | None, error: Exception) -> str:
    found = _VERSIONS.findall(str(error))
    if "ersion mismatch" in str(error) and len(found) == 4:
        (_, ray_there), (_, python_there), (_, ray_here), (_, python_here) = found
        if python_there.split(".")[:2] != python_here.split(".")[:2]:
            there, here = (".".join(one.split(".")[:2]) for one in (python_there, python_here))
            return (
                f"The cluster at {address} runs Python {there} and this is Python {here}, and Ray wants the same on "
                f"both sides; start poebook with Python {there}: "
                f"uvx --python {there} --from 'poebook[ray]' poebook serve ..."
            )
        return (
            f"The cluster at {address} runs Ray {ray_there} and this is Ray {ray_here}, and it wants the same on both "
            f"sides: pip install 'ray[serve]=={ray_there}'."
        )
    if address:
        line = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        return (
            f"No cluster of Ray answered at {address} ({line}); it is HOST:PORT as `ray start --head` says it, or "
            "ray://HOST:10001 from outside."
        )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"Ray could not be started on this machine with Python {version}: {error}"
