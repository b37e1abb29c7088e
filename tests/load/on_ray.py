"""Load on a cluster of two nodes: ``python -m tests.load --engine ray --nodes 2``.

Streams are opened over both nodes, the bot is replaced while they run, and then a node is killed under as many; a table
says who answered and what was lost.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.cluster.machines import KEY, Machines
from tests.cluster.project import Project
from tests.cluster.streams import Answer, ask, ask_until_answered, begin, until
from tests.runner import cluster
from tests.runner.advice import Lacking


def two_nodes(streams: int) -> int:
    """Do it with that many *streams* at once; 1 where an answer was lost that need not have been, else 0."""
    try:
        cluster.prepare()
    except Lacking as lacking:
        sys.exit(str(lacking))
    with tempfile.TemporaryDirectory() as place, Machines.two(Path(place)) as machines:
        project = Project.in_folder(Path(place), machines)
        project.serve("first")
        project.wait_for_both_nodes()
        lost = asyncio.run(_replaced(project, streams))
        project.spread("third")
        lost += asyncio.run(_killed(project, streams))
    return 1 if lost else 0


async def _replaced(project: Project, streams: int) -> int:
    """Replace the bot under *streams*, and under short questions all the while; how many answers were lost."""
    gate, over = project.folder / "replaced", asyncio.Event()
    start = time.perf_counter()
    answers, tasks = await begin(project.url, KEY, str(gate), streams)
    nodes = Counter(project.machines.node_of(one.replica) for one in answers)
    _row("streams that have begun", f"{streams} in {time.perf_counter() - start:.1f} s")
    _row("... of them by the first and the second node", f"{nodes[0]} and {nodes[1]}")
    short: list[Answer] = []

    async def go_on_asking() -> None:
        while not over.is_set():
            short.append(await ask(project.url, KEY, "now"))
            await asyncio.sleep(0.05)

    askers = [asyncio.create_task(go_on_asking()) for _ in range(4)]
    serving = asyncio.create_task(asyncio.to_thread(project.serve, "second"))
    await until(lambda: serving.done() or bool(short and short[-1].whole and short[-1].version == "second"))
    gate.touch()
    await asyncio.gather(*tasks, serving)
    over.set()
    await asyncio.gather(*askers)
    lost, refused = [one for one in answers if not one.whole], [one for one in short if not one.whole]
    _row("replaced under load: streams lost", f"{len(lost)} of {streams}")
    _row("... short questions lost meanwhile", f"{len(refused)} of {len(short)}")
    return len(lost) + len(refused)


async def _killed(project: Project, streams: int) -> int:
    """Kill the second node under *streams*; how many were lost that had nothing to do with it."""
    gate, machines = project.folder / "killed", project.machines
    answers, tasks = await begin(project.url, KEY, str(gate), streams)
    own = [one for one in answers if 1 in (machines.node_of(one.replica), machines.node_of(one.proxy))]
    await asyncio.to_thread(machines.do, "kill")
    await asyncio.gather(*(task for one, task in zip(answers, tasks, strict=True) if one in own))
    gate.touch()
    await asyncio.gather(*tasks)
    lost = [one for one in answers if not one.whole]
    start = time.perf_counter()
    await ask_until_answered(project.url, KEY)
    _row("node killed: streams that it had", f"{len(own)} of {streams}")
    _row("... streams lost", f"{len(lost)}, of other nodes {sum(one not in own for one in lost)}")
    _row("... answers again after", f"{time.perf_counter() - start:.1f} s")
    return sum(one not in own for one in lost)


def _row(what: str, figure: str) -> None:
    print(f"{what:<50}{figure}", flush=True)
