"""Files of a project, put into a folder without taking anything of anybody else's away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from poebook.errors import PoebookError
from poebook.version import __version__

_INSTEAD = "move it away, or export to a new folder."
MANIFEST = ".poebook-export.json"


class Folder:
    """A folder that an export is written to. Raises PoebookError where that would take something of others away.

    What an export wrote is known by a manifest with the digest of each file; *force* replaces such files, and no other:
    one that was changed since is its author's.
    """

    def __init__(self, path: Path, *, force: bool = False) -> None:
        self.path = path
        self._force = force
        self._before = self._manifest()
        self.written: dict[str, str] = {}
        if path.exists() and not path.is_dir():
            raise PoebookError(f"{path} is a file; name a folder to export to.")
        if self._before and not force:
            raise PoebookError(
                f"{path} holds an export already; --force (in Python force=True) replaces what it wrote."
            )

    def check(self, names: Mapping[str, object]) -> None:
        """Refuse to go on where a file of these *names* is somebody else's."""
        for name in names:
            file = self.path / name
            if not file.exists():
                continue
            if name not in self._before:
                raise PoebookError(f"{file} is there and no export wrote it; move it away, or export to a new folder.")
            if digest(file.read_bytes()) != self._before[name]:
                raise PoebookError(
                    f"{file} was changed since it was exported; move it away, or export to a new folder."
                )

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files by their names."""
        for name, content in files.items():
            raw = content.encode("utf-8") if isinstance(content, str) else content
            self._put(name, raw)
            self.written[name] = digest(raw)

    def finish(self, bot: str) -> None:
        """Remove what an earlier export wrote and this one did not, and keep account of this one."""
        for name, known in self._before.items():
            file = self.path / name
            if name not in self.written and file.is_file() and digest(file.read_bytes()) == known:
                file.unlink()
        content = {"poebook": __version__, "bot": bot, "files": dict(sorted(self.written.items()))}
        self._put(MANIFEST, f"{json.dumps(content, indent=1)}\n".encode())

    def _put(self, name: str, content: bytes) -> None:
        file = self.path / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise PoebookError(f"{file} cannot be written ({why}); export to a folder that is yours.") from None

    def _manifest(self) -> dict[str, str]:
        try:
            files = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))["files"]
            return {str(name): str(known) for name, known in files.items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return {}


def digest(content: bytes) -> str:
    """What a file's content is known by."""
    return hashlib.sha256(content).hexdigest()
