"""The files that a run leaves: what they say, and whose they are."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

Text = tuple[str, bytes]  # what it is, in words for the report, and what it says
_TYPED = "history.sqlite"  # where IPython keeps what was typed: who types a key has put it there
_COMPILED = ".pyc"  # its source is looked at; what there is `"o" * 32` is a key here, by chance another test's


def files(folder: Path) -> Iterator[Text]:
    """All that is written below *folder*, but the keys where they are kept."""
    for file in _below(folder):
        if not _keeps_a_key(file) and file.name != _TYPED and file.suffix != _COMPILED:
            try:
                yield f"the file {file.relative_to(folder)}", file.read_bytes()
            except OSError:  # gone meanwhile
                continue


def too_open(folder: Path) -> Iterator[str]:
    """The files of keys below *folder* that others than their owner may read, and the folders of such files."""
    if os.name == "posix":
        for file in _below(folder):
            if _keeps_a_key(file):
                for path, mode in ((file, 0o600), (file.parent, 0o700)):
                    if stat.S_IMODE(path.stat().st_mode) != mode:
                        yield str(path.relative_to(folder))


def _keeps_a_key(file: Path) -> bool:
    """Also one that is half written: the name of such a file begins with a dot and goes on after ".key"."""
    return file.parent.name == "keys" and ".key" in file.name


def _below(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place, name)
            if not file.is_symlink() and file.is_file():
                yield file
