"""One process, one library: serves the bots of ``tests.parity.bots``, whose source says ``import fastapi_poe``.

``python -m tests.parity.subject poebook STANDIN`` serves the same source with poebook under that name. It writes its
port to stdout once it listens; its log goes to stderr.
"""

from __future__ import annotations

import importlib
import logging
import os
import socket
import sys

SUBMODULES = ("base", "client", "sync_utils", "templates", "types")


def stand_in_for_fastapi_poe() -> None:
    """What a person does who wants an old bot to run on poebook without a change."""
    sys.modules["fastapi_poe"] = importlib.import_module("poebook")
    for name in SUBMODULES:
        sys.modules[f"fastapi_poe.{name}"] = importlib.import_module(f"poebook.{name}")


def serve(library: str, standin: str) -> None:
    """Serve until the process is ended."""
    if library == "poebook":
        stand_in_for_fastapi_poe()
    os.environ["PARITY_STANDIN"] = f"{standin}/{library}"
    logging.basicConfig(level=logging.INFO)
    import uvicorn

    from tests.parity.bots import application

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(door.getsockname()[1], flush=True)

    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application(), log_config=None, access_log=False, timeout_graceful_shutdown=1)
    Server(config).run(sockets=[door])


if __name__ == "__main__":
    serve(*sys.argv[1:])
