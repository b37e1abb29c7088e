"""A folder with a bot, and its service on the cluster."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from poebook.server.sockets import listening
from tests.cluster.machines import KEY, Machines, poebook, wait
from tests.cluster.streams import BOT, Answer, ask


@dataclass
class Project:
    """A folder with a bot, served on the cluster by two replicas."""

    folder: Path
    url: str
    port: int
    machines: Machines

    @classmethod
    def in_folder(cls, folder: Path, machines: Machines) -> Project:
        """The project as files; nothing is served yet."""
        (folder / "keeper").mkdir()
        (folder / "keeper" / "bot.py").write_text(BOT)
        with listening("127.0.0.1", 0) as door:
            port = door.getsockname()[1]
        return cls(folder, f"http://127.0.0.1:{port}/", port, machines)

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

    def wait_for_both_nodes(self) -> None:
        """Until bots of both nodes have answered."""
        wait(lambda: self._nodes_that_answer() == {0, 1}, "answers of both nodes")

    def spread(self, version: str) -> None:
        """See that both nodes have a replica, which Ray tries and does not promise."""
        for _ in range(5):
            if len(self._nodes_that_answer()) == 2:
                return
            self.serve(version)
        raise AssertionError("Ray puts all replicas on one node")

    def _nodes_that_answer(self) -> set[int]:
        async def ask_some() -> list[Answer]:
            return await asyncio.gather(*(ask(self.url, KEY, "now") for _ in range(8)))

        return {self.machines.node_of(one.replica) for one in asyncio.run(ask_some()) if one.whole}
