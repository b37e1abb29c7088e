"""Where bots fetch the files that are attached; a floor above says it, as ``set_directory`` does for bots."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from poebook.client.filestore import StoredFile

_ABOVE = "poebook.runtime.registry"  # hosts files once it is imported


class FileHost(Protocol):
    """Something that serves stored files."""

    def file_url(self, file: StoredFile, *, outside: bool) -> str:
        """Where *file* can be fetched for as long as it is held; the server is started if need be.

        From *outside* this machine it is the public address, if there is one.
        """
        ...


_host: FileHost | None = None


def set_file_host(host: FileHost) -> None:
    """Let *host* serve the files that are attached."""
    global _host
    _host = host


def file_url(file: StoredFile, *, outside: bool = False) -> str:
    """Where a bot on this machine, or *outside*, fetches *file*. Blocks until the server runs. Raises ServeError."""
    if _host is None:
        import_module(_ABOVE)
    assert _host is not None, "the registry of served bots hosts files"
    return _host.file_url(file, outside=outside)
