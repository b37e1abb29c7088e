"""One file of SQLite: for all processes of one machine."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator

from poebook.errors import StoreError
from poebook.server.store.backend import Change

_PATIENCE_S = 20.0  # for other processes that write
_SWEEP_S = 60.0
_SWEPT = 1000  # forgotten at a time, so that nobody waits for it
_TABLE = """
CREATE TABLE IF NOT EXISTS poebook (key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS poebook_until ON poebook (until) WHERE until IS NOT NULL;
"""
_WRITE = "INSERT OR REPLACE INTO poebook VALUES (?, ?, ?)"
_READ = "SELECT value FROM poebook WHERE key = ? AND (until IS NULL OR until > ?)"
_SWEEP = "DELETE FROM poebook WHERE key IN (SELECT key FROM poebook WHERE until <= ? LIMIT ?)"


class SqliteBackend:
    """A connection for each thread; writers of all processes wait for each other."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connections: dict[tuple[int, int], sqlite3.Connection] = {}  # by process and thread
        self._lock = threading.Lock()
        self._swept = 0.0

    def read(self, key: str) -> str | None:
        with self._connected() as connection:
            row = connection.execute(_READ, (key, time.time())).fetchone()
        return None if row is None else str(row[0])

    def write(self, key: str, text: str, expires_s: float | None) -> None:
        with self._connected() as connection, _transaction(connection):
            self._write(connection, key, text, expires_s)

    def change(self, key: str, change: Change, expires_s: float | None) -> None:
        with self._connected() as connection, _transaction(connection):
            row = connection.execute(_READ, (key, time.time())).fetchone()
            self._write(connection, key, change(None if row is None else str(row[0])), expires_s)

    def remove(self, key: str) -> None:
        with self._connected() as connection:
            connection.execute("DELETE FROM poebook WHERE key = ?", (key,))

    def close(self) -> None:
        with self._lock:
            connections, self._connections = self._connections, {}
        for (process, _), connection in connections.items():
            if process == os.getpid():
                connection.close()

    def _write(self, connection: sqlite3.Connection, key: str, text: str, expires_s: float | None) -> None:
        now = time.time()
        connection.execute(_WRITE, (key, text, None if expires_s is None else now + expires_s))
        if abs(now - self._swept) > _SWEEP_S:
            self._swept = now
            connection.execute(_SWEEP, (now, _SWEPT))

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; what SQLite complains of becomes a sentence."""
        mine = (os.getpid(), threading.get_ident())
        try:
            connection = self._connections.get(mine)
            if connection is None:
                connection = self._opened()
                with self._lock:
                    self._connections[mine] = connection
            yield connection
        except sqlite3.Error as error:
            raise StoreError(f"The Store in {self._path} cannot be used ({error}). {_next_step(error)}") from None

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            _begin(connection)
        except BaseException:
            connection.close()
            raise
        return connection


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Alone with the file until the end; nothing is written when something goes wrong."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection) -> None:
    """Make the file what it must be; where several processes begin at once, SQLite does not wait by itself."""
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")  # a crash of the machine may cost the last moments, no more
            connection.executescript(_TABLE)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _next_step(error: sqlite3.Error) -> str:
    words = str(error)
    if "unable to open" in words:
        return "Make its folder, and see that this process may write there."
    if "readonly" in words:
        return "See that this process may write the file and its folder."
    if "full" in words:
        return "Make room on the disk."
    if "locked" in words:
        return "Another program holds the file; it must let go of it."
    if "not a database" in words or "malformed" in words:
        return "Move the file away; a new one is made."
    return "See whether the file is whole."
