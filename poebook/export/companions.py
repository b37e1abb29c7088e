"""Files that a bot opens, taken along where they are there and small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from poebook.export.problem import Problem

LARGEST = 5_000_000  # bytes of one file
MOST = 200  # files of a folder


@dataclass
class Companions:
    """``files`` come along, by their relative paths; ``problems`` say what does not, and why."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def companions(opened: Mapping[str, str], mentioned: Mapping[str, str], folder: Path) -> Companions:
    """The files in *folder* that are opened or mentioned, each with its cell."""
    found = Companions()
    for name, cell in {**mentioned, **opened}.items():
        path = folder / name
        if not _inside(path, folder):
            says = f"it opens `{name}`, which lies outside the notebook's folder; take it along yourself."
            found.problems.append(Problem("file", cell, says))
            continue
        inside = list(_files(path))
        if not inside and name in opened:
            says = f"it opens `{name}`, which is not in the notebook's folder now; put it beside bot.py."
            found.problems.append(Problem("file", cell, says))
        elif len(inside) > MOST or any(one.stat().st_size > LARGEST for one in inside):
            says = f"`{name}` is too large to come along; put it beside bot.py."
            found.problems.append(Problem("file", cell, says))
        else:
            found.files |= {one.relative_to(folder).as_posix(): one.read_bytes() for one in inside}
    return found


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for one in sorted(path.rglob("*")):
            hidden = any(part.startswith((".", "__pycache__")) for part in one.relative_to(path).parts)
            if one.is_file() and not hidden:
                yield one


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
