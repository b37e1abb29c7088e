"""Files handed to the local Poe, behind addresses that end."""

from __future__ import annotations

import secrets
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from poebook.client.documents.kinds import UNKNOWN, bare_type, content_type_of

_PIECE = 256 * 1024


class TooLarge(ValueError):
    """A file is larger than what is taken."""


class Expired(LookupError):
    """A file's address lives no more."""


@dataclass(frozen=True)
class Kept:
    """A file that was handed over; ``expires`` is in the clock's seconds, None for never."""

    id: str
    name: str
    content_type: str
    size: int
    path: Path
    expires: float | None

    @property
    def place(self) -> str:
        """The end of its address."""
        return f"files/{self.id}/{quote(self.name, safe='')}"


def kind_of(name: str, start: bytes, said: str | None = None) -> str:
    """The content type of a file: by its name, else its first bytes, else what its sender *said*.

    >>> kind_of("tides.csv", b""), kind_of("chart", b"%PDF-1.7"), kind_of("chart", b"", "image/webp; q=1")
    ('text/csv', 'application/pdf', 'image/webp')
    """
    known = content_type_of(name, start)
    return known if known != UNKNOWN or not said else bare_type(said)


class FileBox:
    """Keeps files in a folder of its own until it is closed."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def keep(
        self, name: str, source: BinaryIO, *, said: str | None, expires: float | None, most: int | None = None
    ) -> Kept:
        """Copy *source* whole, or nothing of it. Raises TooLarge."""
        id = secrets.token_urlsafe(24)
        path = self._place() / id
        size, start = 0, b""
        try:
            with path.open("wb") as out:
                while piece := source.read(_PIECE):
                    start = start or piece[:16]
                    size += len(piece)
                    if most is not None and size > most:
                        raise TooLarge(f"{name} is larger than {most:,} bytes, which is the most that is taken.")
                    out.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        kept = Kept(id, name, kind_of(name, start, said), size, path, expires)
        self._kept[id] = kept
        return kept

    def sweep(self, now: float) -> None:
        """Let go of the bytes of files whose time is over."""
        for kept in list(self._kept.values()):
            if kept.expires is not None and now >= kept.expires:
                kept.path.unlink(missing_ok=True)

    def find(self, id: str, now: float) -> Kept | None:
        """The file with this id. Raises Expired, and lets go of the bytes, when its time is over."""
        kept = self._kept.get(id)
        if kept is not None and kept.expires is not None and now >= kept.expires:
            kept.path.unlink(missing_ok=True)
            raise Expired(f"The address of {kept.name} has expired.")
        return kept

    def __len__(self) -> int:
        """How many files lie in the folder."""
        return sum(1 for kept in self._kept.values() if kept.path.exists())

    def close(self) -> None:
        """Remove the folder."""
        with self._lock:
            folder, self._folder = self._folder, None
        self._kept.clear()
        if folder is not None:
            folder.cleanup()

    def _place(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="poebook-files-")
            return Path(self._folder.name)
