"""A tunnel that is open: watched over, mended when it breaks, closed with the process."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from types import TracebackType
from typing import Literal

from poebook.client.refusals import place
from poebook.errors import TunnelError
from poebook.runtime.listeners import Listeners
from poebook.runtime.tunnel.backoff import Backoff
from poebook.runtime.tunnel.line import Line

State = Literal["open", "broken", "failed", "closed"]

LOOK_S = 0.5  # how long one look at a line takes
_PATIENCE_S = 10.0

logger = logging.getLogger("poebook")
_open: weakref.WeakSet[Tunnel] = weakref.WeakSet()


class Tunnel:
    """A way from a public address to a port of this machine.

    ``url`` is the address; ``state`` is ``open``, ``broken`` (it is being restored, ``trouble`` says why),
    ``failed`` (it cannot be restored) or ``closed``. As a context manager it closes at the end of the block. Nothing
    of it outlives the process.

    >>> from poebook import PoeBot, open_tunnel, serve
    >>> with serve(PoeBot(), "near") as bot:
    ...     here = bot.url.removesuffix("/near")
    ...     with open_tunnel(int(here.rpartition(":")[2]), "url", url=here) as tunnel:
    ...         tunnel.state
    'open'
    """

    def __init__(self, provider: str, connect: Callable[[], Line]) -> None:
        self.provider = provider
        self.port: int | None = None
        self.trouble: str | None = None
        self._connect = connect
        self._line = connect()
        self._url = self._line.url
        self._state: State = "open"
        self._pid = os.getpid()
        self._listeners = Listeners("a tunnel")
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="poebook-tunnel", daemon=True)
        self._thread.start()
        _open.add(self)

    @property
    def url(self) -> str:
        """The public address, without a slash at its end."""
        return self._url

    @property
    def query(self) -> str:
        """What must stand behind ``?`` in every request; it may be a secret."""
        return str(getattr(self._line, "query", ""))

    @property
    def state(self) -> State:
        return self._state

    def close(self) -> None:
        """Take the public address away. Called twice, it does nothing."""
        self._ending.set()
        if self._pid != os.getpid():
            return
        with self._lock:
            self._line.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(_PATIENCE_S)
        if self._state != "closed":
            self._become("closed", None)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call *listener* after each change of state; the return value ends that."""
        return self._listeners.add(listener)

    def __enter__(self) -> Tunnel:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Tunnel {place(self.url)} through {self.provider}, {self.state}>"

    def _watch(self) -> None:
        waits = Backoff()
        while not self._ending.is_set():
            began = time.monotonic()
            trouble = None
            while trouble is None and not self._ending.is_set():
                trouble = self._line.wait(LOOK_S)
            if trouble is None or self._ending.is_set():
                return
            waits.held(time.monotonic() - began)
            self._line.close()
            self._become("broken", trouble)
            if not self._restore(waits):
                return

    def _restore(self, waits: Backoff) -> bool:
        """Connect again, however often it takes; False where that is hopeless, or no longer wanted."""
        while not self._ending.wait(waits.next_s()):
            try:
                line = self._connect()
            except TunnelError as error:
                if error.final:
                    self._become("failed", str(error))
                    return False
                self._become("broken", str(error))
                continue
            except Exception as error:
                self._become(
                    "failed", f"{self.provider} failed in a way that was not foreseen: {type(error).__name__}."
                )
                logger.exception("The tunnel through %s could not be restored", self.provider)
                return False
            with self._lock:
                if self._ending.is_set():
                    line.close()
                    return False
                self._line, self._url = line, line.url
            self._become("open", None)
            return True
        return False

    def _become(self, state: State, trouble: str | None) -> None:
        if (state, trouble) == (self._state, self.trouble):
            return
        self._state, self.trouble = state, trouble
        self._listeners.tell()


def close_all() -> None:
    """Close what is open."""
    for one in list(_open):
        one.close()


atexit.register(close_all)
