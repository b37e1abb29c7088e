"""Two nodes of Ray on this machine, in a process of their own: ``python -m tests.cluster.nodes``, with Ray's Python.

It says what there is in a line of JSON, and then does what it reads, a word a line: ``look`` prints what the cluster
tells of itself, ``kill`` ends the second node as if its power were gone. The end of the input ends all.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys

QUIETLY = {  # nobody is told, and no worker is started before it is wanted: five of them take two cores for ten seconds
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_worker_prestart": "0",
    "RAY_prestart_worker_first_driver": "0",
    "RAY_worker_niceness": "0",  # else all that answers gives way to whatever else runs here
}
CPUS = 3  # each node's, as it is said to Ray: room for a replica that ends beside the one that follows


def main() -> None:
    os.environ |= QUIETLY
    import ray
    from ray.cluster_utils import Cluster

    for last in (False, False, True):  # Ray gives a node 30 s to start, which a busy machine exceeds
        try:
            cluster = Cluster(
                initialize_head=True, head_node_args={"num_cpus": CPUS, "include_dashboard": False, "no_monitor": True}
            )
            second = cluster.add_node(num_cpus=CPUS)
            break
        except Exception:
            clear()
            if last:
                raise
    try:
        tell(
            address=cluster.address,
            session=cluster.head_node.get_session_dir_path(),
            raylets=[raylet(cluster.head_node), raylet(second)],
        )
        for line in sys.stdin:
            if line.strip() == "kill":
                cluster.remove_node(second, allow_graceful=False)
                tell(killed=True)
            elif line.strip() == "look":
                ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
                tell(seen=seen())
                ray.shutdown()
    finally:
        cluster.shutdown()


def clear() -> None:
    """End all that has been started."""
    import psutil  # Ray brings it along

    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def raylet(node: object) -> int:
    """The process that is the parent of all that run on *node*."""
    return int(node.all_processes["raylet"][0].process.pid)  # type: ignore[attr-defined]


def seen() -> str:
    """What Ray's lists and its dashboard show of actors, jobs, nodes and served applications."""
    import ray
    from ray import serve
    from ray._private.state import actors, jobs
    from ray.serve.context import _get_global_client

    details = ray.get(_get_global_client()._controller.get_serve_instance_details.remote())
    return repr([actors(), jobs(), ray.nodes(), serve.status(), details])


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
