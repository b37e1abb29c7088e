"""A real Redis server, and how it is stopped and started again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

PATIENCE = 20.0


class RedisServer:
    """On a free port of this machine, with its files in *folder*."""

    def __init__(self, folder: Path, password: str = "") -> None:
        assert shutil.which("redis-server"), "sudo apt-get install redis-server; python3 -m tests does it by itself"
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])
        self._folder = folder
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0" if self._password else self.open_url

    @property
    def open_url(self) -> str:
        """Without a password."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it listens."""
        options = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self._folder), "appendonly": "yes"}
        options |= {"requirepass": self._password} if self._password else {}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not self._listens():
            assert self._process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop as its service does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0
