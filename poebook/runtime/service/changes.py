"""Changes of the files that bots are made of."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

SUFFIXES = (".py", ".ipynb")
_PASSED_BY = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env"})
_EVERY_S = 0.4


def changes(folders: Sequence[Path], still: threading.Event) -> Iterator[set[Path]]:
    """The files below *folders* that were changed, made or taken away, each time that some were, until *still* is set.

    By watchfiles where that is installed, else by looking at all of them again and again.
    """
    try:
        import watchfiles
    except ImportError:
        yield from looked_for(folders, still)
        return
    told = watchfiles.watch(
        *folders,
        watch_filter=lambda change, path: _counts(Path(path), folders),
        debounce=300,
        stop_event=still,
        raise_interrupt=False,
    )
    for found in told:
        yield {Path(path) for _, path in found}


def looked_for(
    folders: Sequence[Path], still: threading.Event, wait: Callable[[float], bool] | None = None
) -> Iterator[set[Path]]:
    """The same, without watchfiles; *wait* takes the seconds until the next look, and says whether it is the last."""
    wait = wait or still.wait
    before = _seen(folders)
    while not wait(_EVERY_S):
        now = _seen(folders)
        found = {file for file in before.keys() | now.keys() if before.get(file) != now.get(file)}
        before = now
        if found:
            yield found


def _seen(folders: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    found: dict[Path, tuple[int, int]] = {}
    for top in folders:
        for folder, below, names in os.walk(top):
            below[:] = [name for name in below if not _is_passed_by(name)]
            for name in names:
                if name.endswith(SUFFIXES):
                    file = Path(folder, name)
                    try:
                        status = file.stat()
                    except OSError:  # gone between the two
                        continue
                    found[file] = (status.st_mtime_ns, status.st_size)
    return found


def _counts(file: Path, folders: Sequence[Path]) -> bool:
    if file.suffix not in SUFFIXES:
        return False
    above = (file.relative_to(folder).parts[:-1] for folder in folders if file.is_relative_to(folder))
    return any(not any(map(_is_passed_by, parts)) for parts in above)


def _is_passed_by(name: str) -> bool:
    return name in _PASSED_BY or name.startswith(".")
