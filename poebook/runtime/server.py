"""One web server in a daemon thread, with an event loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from poebook.client.portal import serve_here
from poebook.errors import ServeError
from poebook.server.patience import patient_protocol
from poebook.server.pulse import Held, Pulse
from poebook.server.sockets import listening

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket

    from starlette.types import ASGIApp

HOST = "127.0.0.1"
FIRST_PORT = 8080
_PATIENCE = 10.0  # seconds until a server that does not start, or does not end, is given up
_GRACE = 1  # seconds that streams under way are given when the server ends


class BackgroundServer:
    """Serves an ASGI application on the loopback interface until it is stopped.

    The port is taken before the thread starts, so a port that cannot be had is an error of the caller's. ``around`` is
    entered in the server's thread, and what it sets holds for all that the server does by itself. ``held`` hears of
    handlers that hold up all others.

    >>> server = BackgroundServer(lambda scope, receive, send: None, port=0)
    >>> server.alive
    True
    >>> server.stop()
    >>> server.alive
    False
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int | None = None,
        around: Callable[[], AbstractContextManager[None]] | None = None,
        held: Callable[[Held], None] | None = None,
    ) -> None:
        self._socket: socket = _door(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._settled = threading.Event()
        self._server = _uvicorn_server(app, self._settled)
        self._around = around
        self._beside: list[Beside] = []
        self._pulse: Pulse | None = None
        self._thread = threading.Thread(target=self._main, name="poebook-server", daemon=True)
        self._thread.start()
        try:
            self._settled.wait(_PATIENCE)
        except BaseException:  # an interrupt must leave no thread behind
            self.stop()
            raise
        if not self._server.started:
            self.stop()
            raise ServeError(f"The server did not start on port {self.port}. Try again, or restart the kernel.")
        loop = self._server.loop
        if held is not None and loop is not None:
            self._pulse = Pulse(loop, self._thread, held)

    def _main(self) -> None:
        serve_here()
        try:
            with self._around() if self._around is not None else contextlib.nullcontext():
                self._run()
        finally:
            self._socket.close()
            self._settled.set()

    def _run(self) -> None:
        """By a runner of its own: ``asyncio.run``, which uvicorn would take, is another while a cell nests loops."""
        with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
            runner.run(self._server.serve(sockets=[self._socket]))

    @property
    def alive(self) -> bool:
        """Whether requests are taken."""
        return self._thread.is_alive() and not self._server.should_exit

    def open_beside(self, app: ASGIApp) -> Beside:
        """Serve *app* on a further port, any free one, by the same loop."""
        loop = self._server.loop
        assert loop is not None, "the server has started"
        beside = Beside(app, loop)
        self._beside.append(beside)
        return beside

    def stop(self) -> None:
        """Take no more requests, give streams a moment to end, and join the thread. Called twice, it does nothing."""
        if self._pulse is not None:
            self._pulse.end()
        if self.alive:
            for beside in self._beside:
                beside.close()
        self._server.should_exit = True
        if threading.current_thread() is not self._thread:
            self._thread.join(_PATIENCE)
            self._socket.close()

    def abandon(self) -> None:
        """Let go of the socket in a forked child, where the thread does not exist.

        By its descriptor: closing the object waits for uvloop, which holds it and does not run there.
        """
        for one in (self._socket, *(beside.socket for beside in self._beside)):
            descriptor = one.detach()
            if descriptor >= 0:
                os.close(descriptor)


class Beside:
    """A further port of a server, with an application of its own."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self.socket = _door(0)
        self.port: int = self.socket.getsockname()[1]
        settled = threading.Event()
        self._server = _uvicorn_server(app, settled)
        self._serving = asyncio.run_coroutine_threadsafe(self._server.serve(sockets=[self.socket]), loop)
        settled.wait(_PATIENCE)

    def close(self) -> None:
        """Take no more requests there. Called twice, it does nothing."""
        self._server.should_exit = True
        with contextlib.suppress(Exception):  # whatever its end was, the port is closed
            self._serving.result(_PATIENCE)
        self.socket.close()


def _door(port: int | None) -> socket:
    """A listening socket: on *port*, else on 8080, else on the next free one. Raises ServeError."""
    try:
        if port is not None:
            return listening(HOST, port, exactly=True)
        try:
            return listening(HOST, FIRST_PORT)
        except OSError:
            return listening(HOST, 0)
    except (OSError, OverflowError, TypeError) as error:
        raise ServeError(_why_not(port, error)) from None


def _why_not(port: object, error: Exception) -> str:
    if isinstance(error, (OverflowError, TypeError)):
        return f"{port!r} is no port; a port is a number from 1 to 65535."
    if isinstance(error, PermissionError):
        return f"Port {port} may not be opened by you; take one above 1023, or leave the port out."
    if port is None:
        return f"No port of {HOST} can be opened: {error}."
    return f"Port {port} is taken; name another, or leave it out to have the next free one."


def _uvicorn_server(app: ASGIApp, settled: threading.Event) -> Any:  # a uvicorn.Server that knows its loop
    import uvicorn

    class Server(uvicorn.Server):
        loop: asyncio.AbstractEventLoop | None = None

        async def startup(self, sockets: list[Any] | None = None) -> None:  # uvicorn's own signature
            self.loop = asyncio.get_running_loop()
            await super().startup(sockets)
            settled.set()

    return Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_GRACE,
            http=patient_protocol(),
        )
    )
