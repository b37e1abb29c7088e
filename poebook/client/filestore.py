"""The bytes of attached files, in a temporary folder of this process, for as long as somebody holds them."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import threading
import weakref
from contextlib import suppress
from pathlib import Path

_NAME_LENGTH = 200
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class StoredFile:
    """A file on disk under an id that cannot be guessed; it is deleted when nobody holds this object any more.

    >>> file = store.create("tides.csv", "text/csv")
    >>> file.append(b"1,2")
    >>> file.size, file.read(), store.find(file.id) is file
    (3, b'1,2', True)
    """

    def __init__(self, path: Path, name: str, content_type: str) -> None:
        self.id = path.name
        self.path = path
        self.name = name
        self.content_type = content_type
        self.size = 0  # bytes
        weakref.finalize(self, _delete, path, os.getpid())

    def append(self, data: bytes | memoryview) -> None:
        """Add *data* to its end."""
        with self.path.open("ab") as file:
            file.write(data)
        self.size += len(data)

    def copy_from(self, path: Path) -> None:
        """Take the bytes of another file."""
        shutil.copyfile(path, self.path)
        self.size = self.path.stat().st_size

    def read(self) -> bytes:
        """All its bytes."""
        return self.path.read_bytes()

    def __repr__(self) -> str:
        return f"<StoredFile {self.name}, {self.size} bytes>"


class FileStore:
    """Where files are kept; a folder only its user can read, deleted with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._pid = 0
        self._files: weakref.WeakValueDictionary[str, StoredFile] = weakref.WeakValueDictionary()

    def create(self, name: str, content_type: str) -> StoredFile:
        """An empty file."""
        path = self._place() / secrets.token_hex(16)
        path.touch(mode=0o600, exist_ok=False)
        file = StoredFile(path, safe_name(name), content_type)
        self._files[file.id] = file
        return file

    def find(self, id: str) -> StoredFile | None:
        """The file with this id, if somebody still holds it."""
        return self._files.get(id)

    def _place(self) -> Path:
        with self._lock:
            if self._folder is None or self._pid != os.getpid():  # a forked child has a folder of its own
                self._pid = os.getpid()
                self._folder = Path(tempfile.mkdtemp(prefix="poebook-"))
                weakref.finalize(self, _delete, self._folder, self._pid)
            return self._folder


def safe_name(name: str) -> str:
    """A file's name without folders and signs that nobody sees, not too long.

    >>> safe_name("../../etc/pass\\nwd"), safe_name("  ")
    ('pass wd', 'file')
    """
    bare = _BAD.sub(" ", name.replace("\\", "/").rpartition("/")[2]).strip()
    if bare in ("", ".", ".."):
        return "file"
    stem, dot, suffix = bare.rpartition(".")
    if len(bare) > _NAME_LENGTH and dot and len(suffix) < 20:
        return f"{stem[: _NAME_LENGTH - len(suffix) - 1]}.{suffix}"
    return bare[:_NAME_LENGTH]


def _delete(path: Path, pid: int) -> None:
    if pid != os.getpid():
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # one system keeps what is being read; the folder goes later
            path.unlink(missing_ok=True)


store = FileStore()
