"""The bots that are served from this process."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from poebook.client.filestore import StoredFile
from poebook.client.hosting import set_file_host
from poebook.client.nearby import set_neighbour
from poebook.client.targets import Target, set_directory
from poebook.errors import ServeError
from poebook.runtime import filedoor, output
from poebook.runtime.bots import instance_of, name_of
from poebook.runtime.doors import Doors
from poebook.runtime.eager import Eager
from poebook.runtime.introduction import introduce
from poebook.runtime.journal import Journal
from poebook.runtime.kernel_poe import PREFIX, KernelPoe
from poebook.runtime.keys import find_key, renew_key
from poebook.runtime.names import checked_name, checked_path
from poebook.runtime.nearby import NearbyOnly
from poebook.runtime.outside import Outside
from poebook.runtime.served import Served as Served
from poebook.runtime.served import Version
from poebook.runtime.server import BackgroundServer, Beside
from poebook.runtime.watching import Watch
from poebook.runtime.world import World
from poebook.server.pulse import Held

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot


def serve(
    bot: PoeBot | type[PoeBot],
    name: str | None = None,
    *,
    key: str | None = None,
    port: int | None = None,
    no_key: bool = False,
    path: str | None = None,
    introduction: str | None = None,
) -> Served:
    """Serve *bot* from this process without blocking; under a name that is served already, swap it.

    ``name`` is the last part of the URL (left out: the bot's ``bot_name``, else its class's name); ``key`` its access
    key (left out: ``$POE_ACCESS_KEY``, else one is made and kept under the name), ``no_key=True`` serves without;
    ``port`` the port of the process's one server (left out: 8080, else the next free); ``path`` stands instead of
    ``/NAME``; ``introduction`` instead of what the bot's settings say. A swap keeps address and key unless they are
    given anew, and streams under way end with the bot they began with.

    >>> from poebook import PoeBot, serve
    >>> served = serve(PoeBot(), "greeter")
    >>> serve(PoeBot(), "greeter").version
    2
    >>> served.stop()
    """
    made = instance_of(bot)
    called = checked_name(name if name is not None else name_of(made))
    return _house.serve(made, called, key, port, no_key, path, introduction)


def served() -> dict[str, Served]:
    """The bots that are served here, by name.

    >>> served()
    {}
    """
    return _house.bots


def local_poe() -> KernelPoe:
    """The local Poe of this process, before the bots that are served here.

    >>> from poebook import PoeBot, serve
    >>> with serve(PoeBot(), "greeter"):
    ...     local_poe().names
    ['greeter']
    """
    return _house.poe


class _House:
    """All bots of the process, and the one server before them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._bots: dict[str, Served] = {}
        self._poe = KernelPoe(self)
        self._doors = Doors({filedoor.PREFIX: filedoor.files, PREFIX: self._poe}, public={filedoor.PREFIX})
        self._app = Eager(self._doors)
        self._server: BackgroundServer | None = None
        self._kept = False  # whether the server runs on when the last bot is stopped
        self.world = World(self._doors, self._open_outside)
        self.journal = Journal()  # what the server itself has to say

    @property
    def poe(self) -> KernelPoe:
        return self._poe

    @property
    def bots(self) -> dict[str, Served]:
        return dict(self._bots)

    def serve(
        self,
        bot: PoeBot,
        name: str,
        key: str | None,
        port: int | None,
        no_key: bool,
        path: str | None,
        introduction: str | None,
    ) -> Served:
        with self._lock:
            old = self._bots.get(name)
            where = _where(bot, name, old, path)
            self._refuse_taken(name, where)
            if key is not None and no_key:
                raise ServeError(f"{name} was given a key and told to have none; leave out one of the two.")
            found = None if no_key else _key(bot, name, old, key)
            self._start(port)
            served = old or Served(self, name, where, found)
            before = served.path, served.key
            served.path, served.key = where, found
            number = max((one.number for one in served.versions), default=0) + 1
            try:
                self._open(served, Version(number, bot, introduction))
            except BaseException:
                served.path, served.key = before
                if not self._bots and not self._kept:
                    self._end()
                raise
            self._bots[name] = served
            if before[0] != where:
                self._doors.close(before[0])
        served.told()
        return served

    def put(self, served: Served, version: Version) -> None:
        with self._lock:
            if self._bots.get(served.name) is not served:
                raise ServeError(f"{served.name} has been stopped; serve it again.")
            self._start(None)
            self._open(served, version)
        served.told()

    def renew(self, name: str) -> Served:
        """Give the bot *name* a new key, kept from now on."""
        with self._lock:
            served = self._bots[name]
            served.key = renew_key(name)
            self._open(served, served.current)
        served.told()
        return served

    def stop(self, served: Served) -> None:
        with self._lock:
            if self._bots.get(served.name) is not served:
                return
            del self._bots[served.name]
            self._doors.close(served.path)
            last = not self._bots
        if last:
            self.world.close()  # not while the lock is held: whoever publishes needs it too
            with self._lock:
                if not self._bots and not self._kept:
                    self._end()
        served.ended()

    def stop_all(self) -> None:
        for served in self._bots.copy().values():
            self.stop(served)
        with self._lock:
            self._end()  # it may have run for files alone

    def find(self, name: str) -> Target | None:
        served = self._bots.get(name)
        return served.target() if served is not None else None

    def file_url(self, file: StoredFile, *, outside: bool) -> str:
        with self._lock:
            if self._bots:
                self._start(None)
            elif self._server is None or not self._server.alive:
                self._server = BackgroundServer(self._app, port=0)
            assert self._server is not None, "the server was started"
            path = filedoor.path_of(file)
            public = self.world.address(path) if outside else None
            return public or f"{self._server.url}{path}"

    def names(self) -> list[str]:
        return sorted(self._bots)

    def url(self) -> str | None:
        """Where the server is."""
        server = self._server
        return server.url if server is not None and server.alive else None

    def open(self) -> None:
        """Let the server run, bots or none, until all is stopped."""
        with self._lock:
            if self._server is None or not self._server.alive:
                self._start(None)
            self._kept = True

    def forget(self) -> None:
        """In a forked child, where the server's thread does not exist: begin with nothing."""
        if self._server is not None:
            self._server.abandon()
        output.uninstall()
        self.__init__()  # type: ignore[misc]  # locks may be held by threads that are not here

    def _open(self, served: Served, version: Version) -> None:
        assert self._server is not None, "the server was started"
        served.base_url = self._server.url
        introduce(version.bot, version.introduction)
        endpoint = version.bot.asgi_app(
            key=served.key, observer=Watch(served.journal, served.name, self.poe, served.taping)
        )
        self._doors.open(served.path, endpoint if served.key is not None else NearbyOnly(endpoint))
        served.became(version)

    def _start(self, port: int | None) -> None:
        alone = not self._bots and (not self._kept or port not in (None, 0, self._server and self._server.port))
        if self._server is None or not self._server.alive or alone:  # without bots it ran for files alone
            self._end()
            self._server = BackgroundServer(
                self._app, port=port, around=lambda: output.written_to(self.journal), held=self._held_up
            )
            for served in self._bots.values():
                served.base_url = self._server.url
        elif port not in (None, 0, self._server.port):
            raise ServeError(
                f"All bots of this process share port {self._server.port}; to have port {port}, stop them first "
                f"({', '.join(self.names())})."
            )
        output.install()

    def _held_up(self, held: Held) -> None:
        """Tell the author of a handler that holds up all bots where it does."""
        for served in self.bots.values():
            if any(version.bot is held.bot for version in served.versions):
                served.journal.note("warning", held.says, held.message_id)

    def _open_outside(self) -> Beside:
        """A port for a tunnel, with nothing behind it that is for this machine only."""
        with self._lock:
            self._start(None)
            assert self._server is not None, "the server was started"
            return self._server.open_beside(Outside(self._doors))

    def _end(self) -> None:
        server, self._server, self._kept = self._server, None, False
        if server is not None:
            server.stop()
            self.poe.close()
        output.uninstall()

    def _refuse_taken(self, name: str, path: str) -> None:
        for other in self._bots.values():
            if other.path == path and other.name != name:
                raise ServeError(f"{path} is where {other.name} is served; give {name} another path.")


def _where(bot: PoeBot, name: str, old: Served | None, path: str | None) -> str:
    if path is not None:
        return checked_path(path)
    if old is not None:
        return old.path
    own = getattr(bot, "path", "/")
    return checked_path(own) if own not in ("/", None) else f"/{name}"


def _key(bot: PoeBot, name: str, old: Served | None, given: str | None) -> str:
    own = getattr(bot, "access_key", None)
    if given is None and own:
        return str(own)  # a bot's own key is not measured, as at make_app
    if given is None and old is not None and old.key is not None:
        return old.key
    return find_key(name, given)


_house = _House()
stop_all: Callable[[], None] = _house.stop_all
renew: Callable[[str], Served] = _house.renew

set_directory(_house)
set_neighbour(lambda name: _house.poe.by_name(name))
set_file_host(_house)
atexit.register(_house.stop_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_house.forget)
