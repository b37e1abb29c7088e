"""The store, and the drawers of users and conversations in it."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from poebook.errors import InvalidParameterError
from poebook.protocol import QueryRequest
from poebook.server.store.backend import Backend
from poebook.server.store.redis import RedisBackend
from poebook.server.store.sqlite import SqliteBackend
from poebook.server.store.values import LONGEST_ID, checked, value_of, written

T = TypeVar("T")

_MAX_BYTES = 1_000_000
_THREADS = 8  # that wait for the place where things are kept
_LONGEST_S = 100 * 366 * 86_400.0
_FORMS = "one machine keeps it in a file, sqlite:///memory.db; many share a server, redis://HOST:6379/0"


class Store:
    """What a bot remembers, found by all its workers.

    ``url`` says where: ``sqlite:///memory.db`` is a file beside the process (``sqlite:////var/lib/memory.db`` with
    its whole path) for all processes of one machine; ``redis://HOST:6379/0`` a server for many machines (it needs
    ``pip install 'poebook[redis]'``). ``expires_s`` is for how many seconds a value is kept after it was last
    written, where nothing else is said; None keeps it for good. ``max_bytes`` is the most that one value may take as
    JSON. Nothing is opened before it is needed, so a Store may be made at the top of a module.

    Raises InvalidParameterError for another URL, and MissingExtra without Redis' package; every use raises
    StoreError where the file or server cannot be used. No message holds the URL's password.

    A bot that counts a conversation's questions, whichever worker answers them:

    >>> import poebook as fp, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = fp.Store(f"sqlite:///{folder.name}/memory.db", expires_s=30 * 86_400)
    >>> class Counter(fp.PoeBot):
    ...     async def get_response(self, request):
    ...         talk = store.conversation(request)
    ...         count = await talk.update("count", lambda before: (before or 0) + 1)
    ...         yield f"Question {count}."
    >>> conversation = fp.Conversation(Counter())
    >>> [conversation.ask(text).text for text in ("one", "two")]
    ['Question 1.', 'Question 2.']
    >>> store.close(); folder.cleanup()
    """

    def __init__(self, url: str, *, expires_s: float | None = None, max_bytes: int = _MAX_BYTES) -> None:
        self._shown = _shown(url)
        self._backend = _backend(url, self._shown)
        self._expires_s = _seconds(expires_s)
        self._max_bytes = max_bytes
        self._threads = _Threads()

    def user(self, who: QueryRequest | str) -> Drawer:
        """What is kept of the user of a request, or with that id."""
        return self._drawer("user", who if isinstance(who, str) else who.user_id)

    def conversation(self, which: QueryRequest | str) -> Drawer:
        """What is kept of the conversation of a request, or with that id."""
        return self._drawer("conversation", which if isinstance(which, str) else which.conversation_id)

    @property
    def shared(self) -> Drawer:
        """What is kept for all."""
        return self._drawer("shared", "all")

    def close(self) -> None:
        """Let go of files and connections; a later use opens them again."""
        self._backend.close()

    def __repr__(self) -> str:
        return f"<Store {self._shown}>"

    def _drawer(self, kind: str, id: str) -> Drawer:
        place = f"poebook:{kind}:{quote(checked(id, LONGEST_ID), safe='')}"
        return Drawer(Shelf(self._backend, place, self._expires_s, self._max_bytes), self._threads)


class Shelf:
    """A drawer's verbs for handlers that are no coroutines; each blocks. Reached as ``drawer.sync``.

    >>> import poebook as fp, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = fp.Store(f"sqlite:///{folder.name}/memory.db")
    >>> shelf = store.user("u-1").sync
    >>> shelf.set("name", "Ada")
    >>> shelf.get("name"), shelf.get("age", 36)
    ('Ada', 36)
    >>> store.close(); folder.cleanup()
    """

    def __init__(self, backend: Backend, place: str, expires_s: float | None, max_bytes: int) -> None:
        self._backend = backend
        self._place = place
        self._expires_s = expires_s
        self._max_bytes = max_bytes

    def get(self, name: str, default: Any = None) -> Any:
        """The value; *default* where there is none, or none any more."""
        text = self._backend.read(self._key(name))
        return default if text is None else value_of(text)

    def set(self, name: str, value: object, *, expires_s: float | None = None) -> None:
        """Keep *value*, for ``expires_s`` seconds if given, else for as long as the store says."""
        key, text = self._key(name), written(value, name, self._max_bytes)
        self._backend.write(key, text, self._until(expires_s))

    def update(self, name: str, change: Callable[[Any], T], *, expires_s: float | None = None) -> T:
        """Keep what *change* makes of the value (None where there is none), and return it.

        Nobody else changes it in between. *change* may be called more than once, so it only computes.
        """
        made: list[T] = []

        def anew(text: str | None) -> str:
            made[:] = [change(None if text is None else value_of(text))]
            return written(made[0], name, self._max_bytes)

        self._backend.change(self._key(name), anew, self._until(expires_s))
        return made[0]

    def delete(self, name: str) -> None:
        """Forget it, if it is there."""
        self._backend.remove(self._key(name))

    def _key(self, name: str) -> str:
        return f"{self._place}:{checked(name)}"

    def _until(self, expires_s: float | None) -> float | None:
        return self._expires_s if expires_s is None else _seconds(expires_s)


class Drawer:
    """What is kept of one user or conversation, by name: values of JSON. Nothing here holds up the event loop.

    ``sync`` has the same verbs for handlers that are no coroutines; there they block.

    >>> import asyncio, poebook as fp, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = fp.Store(f"sqlite:///{folder.name}/memory.db")
    >>> drawer = store.user("u-1")
    >>> asyncio.run(drawer.set("seen", ["a"]))
    >>> asyncio.run(drawer.update("seen", lambda seen: [*seen, "b"]))
    ['a', 'b']
    >>> store.close(); folder.cleanup()
    """

    def __init__(self, shelf: Shelf, threads: _Threads) -> None:
        self.sync = shelf
        self._threads = threads

    async def get(self, name: str, default: Any = None) -> Any:
        """The value; *default* where there is none, or none any more."""
        return await self._threads.run(partial(self.sync.get, name, default))

    async def set(self, name: str, value: object, *, expires_s: float | None = None) -> None:
        """Keep *value*, for ``expires_s`` seconds if given, else for as long as the store says."""
        await self._threads.run(partial(self.sync.set, name, value, expires_s=expires_s))

    async def update(self, name: str, change: Callable[[Any], T], *, expires_s: float | None = None) -> T:
        """Keep what *change* makes of the value (None where there is none), and return it.

        Nobody else changes it in between. *change* may be called more than once, and in another thread, so it only
        computes.
        """
        return await self._threads.run(partial(self.sync.update, name, change, expires_s=expires_s))

    async def delete(self, name: str) -> None:
        """Forget it, if it is there."""
        await self._threads.run(partial(self.sync.delete, name))


class _Threads:
    """Where what blocks is done; a process that was forked begins its own."""

    def __init__(self) -> None:
        self._process = 0
        self._pool: ThreadPoolExecutor | None = None

    async def run(self, do: Callable[[], T]) -> T:
        if self._pool is None or self._process != os.getpid():
            self._process = os.getpid()
            self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="poebook-store")
        return await asyncio.get_running_loop().run_in_executor(self._pool, do)


def _backend(url: str, shown: str) -> Backend:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1 and rest != "/:memory:":
        return SqliteBackend(rest[1:])
    if scheme in ("redis", "rediss", "unix") and rest:
        return RedisBackend(url, shown)
    raise InvalidParameterError(f"{shown!r} says not where a Store keeps things: {_FORMS}.")


def _shown(url: object) -> str:
    """The URL without a password.

    >>> _shown("redis://:secret@db.example:6379/0?password=secret")
    'redis://db.example:6379/0'
    """
    scheme, found, rest = url.partition("://") if isinstance(url, str) else ("", "", "")
    if not found:
        raise InvalidParameterError(f"A Store is made with a URL: {_FORMS}.")
    if scheme == "sqlite":
        return f"{scheme}://{rest}"
    place, _, query = rest.partition("?")
    if "@" in query and "@" not in place:  # a password with a question mark, written as it is
        return f"{scheme}://…"
    return f"{scheme}://{place.rpartition('@')[2]}"


def _seconds(expires_s: float | None) -> float | None:
    if expires_s is not None and not (math.isfinite(expires_s) and 0 < expires_s <= _LONGEST_S):
        raise InvalidParameterError("expires_s is a number of seconds above 0, or None to keep the value for good.")
    return expires_s
