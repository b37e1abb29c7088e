"""How much of a cluster the bots have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from poebook.errors import InvalidParameterError

DRAIN_S = 600.0  # what Poe waits for an answer at most
STREAMS = 100


@dataclass(frozen=True)
class Scale:
    """How many replicas there are, and what each may do.

    ``replicas`` are as many as there always are; with ``at_least`` and ``at_most`` their number follows the load.
    ``streams`` are the answers that one replica gives at once; more wait for a place. ``cpus`` is what each reserves of
    its machine. ``drain_s``: so many seconds a replica that is to go has for the answers it has begun.
    Raises InvalidParameterError where the numbers make no sense.

    >>> Scale(at_least=1, at_most=4).most
    4
    """

    replicas: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    streams: int = STREAMS
    cpus: float = 1.0
    drain_s: float = DRAIN_S

    def __post_init__(self) -> None:
        if self.replicas is not None and (self.at_least is not None or self.at_most is not None):
            raise InvalidParameterError("Either there is one number of replicas, or a least and a most; not both.")
        if self.replicas is not None and self.replicas < 1:
            raise InvalidParameterError(f"{self.replicas} replicas serve nobody; one is the least.")
        if self.at_least is not None and self.at_least < 0:
            raise InvalidParameterError(f"There cannot be {self.at_least} replicas; the least is 0.")
        if self.most < max(1, self.at_least or 0):
            raise InvalidParameterError(f"At most {self.most} replicas is less than at least {self.at_least or 1}.")
        if self.streams < 1 or self.cpus < 0 or self.drain_s < 0:
            raise InvalidParameterError("A replica has one stream or more, and no processors or seconds below 0.")

    @property
    def follows_load(self) -> bool:
        """Whether the number of replicas changes with the load."""
        return self.at_least is not None or self.at_most is not None

    @property
    def most(self) -> int:
        """The greatest number of replicas that there may be."""
        if self.follows_load:
            return self.at_most if self.at_most is not None else max(1, self.at_least or 0)
        return self.replicas or 1

    def options(self) -> dict[str, Any]:  # Ray Serve's, which are of many types
        """The same as options of a deployment of Ray Serve's."""
        number: dict[str, Any] = {"num_replicas": self.most}
        if self.follows_load:
            bounds = {
                "min_replicas": 1 if self.at_least is None else self.at_least,
                "max_replicas": self.most,
                "target_ongoing_requests": max(1.0, self.streams * 0.7),  # more come before those there are full
                "upscale_delay_s": 5.0,  # Ray waits 30; a stream that waits that long is given up by Poe
            }
            number = {"autoscaling_config": bounds}
        return {
            **number,
            "max_ongoing_requests": self.streams,
            "graceful_shutdown_timeout_s": self.drain_s,
            "graceful_shutdown_wait_loop_s": 1.0,
            "ray_actor_options": {"num_cpus": self.cpus},
        }
