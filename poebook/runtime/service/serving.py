"""One process of a service: uvicorn on a socket that is open already, and an end that lets streams finish."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from poebook.runtime import colours
from poebook.runtime.service.board import Board
from poebook.runtime.service.doorman import Doorman
from poebook.server.app import push_settings_of
from poebook.server.patience import patient_protocol
from poebook.server.pulse import Held
from poebook.server.watched import Watched

if TYPE_CHECKING:
    from poebook.runtime.service.application import Service

logger = logging.getLogger("poebook.service")

DRAIN_S = 25  # Kubernetes and Docker kill what has not ended after 30 and 10 seconds; the first is the common one
BACKLOG = 2048
_LATECOMERS_S = 0.2  # who was let in when the door closed has its question read
_LAST_S = 3.0  # after the drain, until the process is ended whatever it does
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


Seat = tuple[Board, int]  # and the place on it


def serving(
    service: Service,
    *,
    drain_s: int = DRAIN_S,
    log_level: str = "info",
    ready: Callable[[], None] = lambda: None,
    seat: Seat | None = None,
) -> Server:
    """A server to be run until SIGTERM or SIGINT; streams may then finish within *drain_s* seconds. SIGINT again ends
    them.

    *ready* is called once when questions are answered; *seat* is this process' among others on the same socket.
    """
    config = uvicorn.Config(
        service.app,
        log_level=log_level,
        access_log=service.spec.access_log == "plain",
        use_colors=None if colours.wanted() else False,  # None: where there is a terminal
        timeout_graceful_shutdown=drain_s,
        http=patient_protocol(),
        backlog=BACKLOG,
    )
    if seat is not None and log_level == "info":
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # the supervisor tells what happens to them
    return Server(config, service, ready, seat)


def push_settings(service: Service) -> None:
    """Tell Poe the settings of the bots that have a name there; nobody waits for it."""

    def push() -> None:
        for one in service.bots:
            push_settings_of(one.bot)

    threading.Thread(target=push, name="poebook-settings", daemon=True).start()


class Server(Watched):
    """A uvicorn that ends in order and with success when it is told to end."""

    def __init__(self, config: uvicorn.Config, service: Service, ready: Callable[[], None], seat: Seat | None) -> None:
        super().__init__(config)
        self._service = service
        self._ready = ready
        self._seat = seat
        self._doorman: Doorman | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets if self._seat is None else [])
        if self.started and self._seat is not None:
            for door in sockets or []:
                self._doorman = self._put(door, *self._seat)
        if self.started:
            self._ready()

    def _put(self, door: socket.socket, board: Board, place: int) -> Doorman:
        protocol_class: Any = self.config.http_protocol_class
        protocol = functools.partial(
            protocol_class, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        doorman = Doorman(door, protocol, board, place)
        self.server_state.connections = doorman.connections
        return doorman

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers if self._doorman is None else [self._doorman]:
            server.close()
        for one in sockets or []:
            one.close()
        await asyncio.sleep(_LATECOMERS_S)
        under_way = len(self.server_state.tasks)
        if under_way:
            logger.info(
                "Waiting for %d %s to end, %s seconds at most; Ctrl-C again ends them now.",
                under_way,
                "answer" if under_way == 1 else "answers",
                self.config.timeout_graceful_shutdown,
            )
        await super().shutdown(sockets)

    def held_up(self, held: Held) -> None:
        self._service.held_up(held)

    def drain(self) -> None:
        """Begin the end. Called twice, it does nothing; may be called in any thread."""
        self._service.readiness.draining = True
        if not self.should_exit:
            self.should_exit = True
            patience_s = (self.config.timeout_graceful_shutdown or 0) + _LAST_S
            last = threading.Timer(patience_s, os._exit, [0])
            last.daemon = True
            last.start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.drain()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """As uvicorn's, but to have been told to end is no failure afterwards."""
        before = {sig: signal.signal(sig, self.handle_exit) for sig in _SIGNALS}
        try:
            yield
        finally:
            for sig, handler in before.items():
                signal.signal(sig, handler)
