"""A real server for the time of a test: it says when it is ready, and it is joined at the end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

App = Callable[..., Any]  # an ASGI application, whichever framework made it
PATIENCE = 20.0


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()


@contextmanager
def serving(app: App, **options: Any) -> Iterator[str]:
    """Serve *app* on a free port of the loopback interface and give its URL, without a slash at its end.

    *options* are uvicorn's.
    """
    # IPPROTO_TCP is said aloud: without it asyncio leaves Nagle's algorithm on, and each answer waits 40 ms.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.bind(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(app, **{"log_config": None, "timeout_graceful_shutdown": 1, **options}))

    def work() -> None:
        try:
            server.run(sockets=[door])
        finally:
            server.settled.set()

    thread = threading.Thread(target=work, name="test-webserver", daemon=True)
    thread.start()
    try:
        assert server.settled.wait(PATIENCE), "the test's web server did not start"
        assert server.started, "the test's web server ended before it had started"
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        door.close()
        assert not thread.is_alive(), "the test's web server did not stop"
