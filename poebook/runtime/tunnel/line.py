"""What a provider opens: a way from a public address to a port of this machine, for as long as it holds."""

from __future__ import annotations

import threading
from typing import Protocol


class Line(Protocol):
    """``url`` has no slash at its end; bots stand below it, each at its path."""

    @property
    def url(self) -> str: ...

    def wait(self, seconds: float) -> str | None:
        """Why the line has ended, as a sentence; None after *seconds* in which it held."""

    def close(self) -> None:
        """End it, and everything that it started. Called twice, it does nothing."""


class Fixed:
    """An address that leads here whatever we do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._closed = threading.Event()

    def wait(self, seconds: float) -> str | None:
        self._closed.wait(seconds)
        return None

    def close(self) -> None:
        self._closed.set()
