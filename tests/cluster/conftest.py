"""The cluster of the tests, which takes half a minute to start: all of them have the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from poebook.server.sockets import listening
from tests.cluster.machines import KEY, Machines, poebook, wait
from tests.cluster.streams import BOT, Answer, ask
from tests.runner import cluster


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory, quiet_surroundings: None) -> Iterator[Machines]:
    if not cluster.python().exists():
        pytest.fail("`python3 -m tests ray` makes the environment that has Ray first.")
    with Machines.two(tmp_path_factory.mktemp("nodes")) as two:
        yield two


@dataclass
class Project:
    """A folder with a bot, served on the cluster by two replicas."""

    folder: Path
    url: str
    port: int
    machines: Machines

    def serve(self, version: str) -> str:
        """Serve, or serve anew, the bot that says *version*; what the command line said."""
        (self.folder / "keeper" / "words.py").write_text(f"VERSION = {version!r}\n")
        done = poebook(
            *("serve", "keeper", "--engine", "ray", "--replicas", "2", "--detach", "--env", "FLAVOUR"),
            *("--host", "127.0.0.1", "--port", str(self.port), "--address", self.machines.address),
            folder=self.folder,
            POE_ACCESS_KEY=KEY,
            FLAVOUR="vanilla",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def project(machines: Machines, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "keeper").mkdir()
    (folder / "keeper" / "bot.py").write_text(BOT)
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
    project = Project(folder, f"http://127.0.0.1:{port}/", port, machines)
    said = project.serve("first")
    assert f"Keeper is running on {project.url} by 2 replicas (it goes on without this command)." in said
    assert KEY not in said
    wait(lambda: _nodes_that_answer(project) == {0, 1}, "answers of both nodes")
    return project


def _nodes_that_answer(project: Project) -> set[int]:
    async def ask_some() -> list[Answer]:
        return await asyncio.gather(*(ask(project.url, KEY, "now") for _ in range(8)))

    return {project.machines.node_of(one.replica) for one in asyncio.run(ask_some()) if one.whole}
