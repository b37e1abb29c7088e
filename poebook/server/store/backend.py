"""What a place to keep things must be able to do. Everything blocks; every method may be called from any thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Change = Callable[[str | None], str]


class Backend(Protocol):
    """Texts by key, each perhaps until some time."""

    def read(self, key: str) -> str | None:
        """The text; None where there is none, or none any more."""
        ...

    def write(self, key: str, text: str, expires_s: float | None) -> None:
        """Put *text* in the place of what was there."""
        ...

    def change(self, key: str, change: Change, expires_s: float | None) -> None:
        """Put what *change* makes of the text in its place, with nobody in between; it may be called again."""
        ...

    def remove(self, key: str) -> None:
        """Forget it."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
