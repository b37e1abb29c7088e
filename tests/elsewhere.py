"""A plain ``fastapi_poe`` bot in a process of its own: what stands for any bot server in the world."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEY = "elsewhere-elsewhere-elsewhere-00"
PATIENCE = 30.0


@dataclass(frozen=True)
class Elsewhere:
    """Where the bot answers, and the key that it wants."""

    url: str
    key: str


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Run the bot for the time of a block. It says what it is told, word by word, after "From elsewhere:"."""
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "tests.elsewhere"]
    surroundings = {**os.environ, "PARROT_KEY": KEY}
    process = subprocess.Popen(command, cwd=root, env=surroundings, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()  # written when it listens; empty when it ended before
        assert port, "the bot elsewhere did not start"
        yield Elsewhere(f"http://127.0.0.1:{port}", KEY)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def _serve() -> None:
    import socket

    import fastapi_poe as fp
    import uvicorn

    class Parrot(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
            yield fp.PartialResponse(text="From elsewhere:")
            for word in request.query[-1].content.split():
                yield fp.PartialResponse(text=f" {word}")

        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            return fp.SettingsResponse(introduction_message="I live in another process.")

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(door.getsockname()[1], flush=True)

    app = fp.make_app(Parrot(), access_key=os.environ["PARROT_KEY"])
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.bind(("127.0.0.1", 0))
    Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)).run(sockets=[door])


if __name__ == "__main__":
    _serve()
