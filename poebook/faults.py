"""What an author is shown of an exception that their code raised. The public never sees any of it."""

from __future__ import annotations

import linecache
import re
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

_HERE = str(Path(__file__).parent)
_CELL = re.compile(r"ipykernel_\d+[/\\]|<ipython-input-(\d+)-")


@dataclass(frozen=True)
class Fault:
    """An exception as its author reads it: from their own first line on, without frames of poebook's.

    ``cell`` is the execution count of the notebook cell that raised (None outside a notebook), ``line`` the line
    in it (or in ``file``), counted as the author counts, the magic's own line included.

    >>> try:
    ...     {}["lisbon"]
    ... except KeyError as error:
    ...     Fault.of(error).summary
    "KeyError: 'lisbon'"
    """

    summary: str
    traceback: str
    file: str | None = None
    cell: int | None = None
    line: int | None = None

    @classmethod
    def of(cls, error: BaseException) -> Fault:
        """What there is to say about *error*."""
        own = author_frames(error.__traceback__)
        shown = traceback.TracebackException(type(error), error, own)
        for exception in _chain(shown):
            for frame in exception.stack:
                frame.filename = place(frame.filename)
        summary = "".join(shown.format_exception_only()).strip().splitlines()
        last = _author_line(error.__traceback__)
        file, line = last if last else (None, None)
        return cls(
            summary=summary[-1] if summary else type(error).__name__,
            traceback="".join(shown.format()).rstrip(),
            file=place(file) if file else None,
            cell=cell_number(file) if file else None,
            line=line,
        )

    def as_dict(self) -> dict[str, object]:
        """A form that JSON can hold."""
        return asdict(self)


def author_frames(tb: TracebackType | None) -> TracebackType | None:
    """*tb* from the author's first frame on; all of it where every frame is ours."""
    step = tb
    while step is not None and _is_machinery(step.tb_frame.f_code.co_filename):
        step = step.tb_next
    return step or tb


def cell_number(filename: str) -> int | None:
    """The execution count of the notebook cell compiled under *filename*, or None for an ordinary file."""
    named = _names.get(filename)
    if named is not None:
        return named
    old = re.search(r"<ipython-input-(\d+)-", filename)
    return int(old[1]) if old else None


def name_cell(filename: str, number: int) -> None:
    """Remember that *filename* holds the notebook cell with execution count *number*."""
    _names[filename] = number


def place(filename: str) -> str:
    """*filename* as a reader knows it: ``Cell In[3]`` for a cell, else the file's own name."""
    number = cell_number(filename)
    return f"Cell In[{number}]" if number is not None else filename


_names: dict[str, int] = {}


def _chain(shown: traceback.TracebackException) -> list[traceback.TracebackException]:
    """*shown* and all that it was raised from."""
    found: list[traceback.TracebackException] = []
    queue: list[traceback.TracebackException | None] = [shown]
    while queue:
        one = queue.pop()
        if one is not None and one not in found:
            found.append(one)
            queue += [one.__cause__, one.__context__, *(one.exceptions or [])]
            for frame in one.stack:  # read the source before the name is changed
                linecache.lazycache(frame.filename, {})
                _ = frame.line
    return found


def _author_line(tb: TracebackType | None) -> tuple[str, int] | None:
    """The innermost line of a cell; outside a notebook the innermost line that is not a library's."""
    frames = [(f.filename, f.lineno or 0) for f in traceback.extract_tb(tb)]
    cells = [f for f in frames if cell_number(f[0]) is not None]
    own = [f for f in frames if not _is_machinery(f[0])]
    return (cells or own or [None])[-1]


def _is_machinery(filename: str) -> bool:
    """Whether a frame belongs to poebook, to the standard library's async layer, or to a package beneath us."""
    if filename.startswith(_HERE):
        return True
    parts = Path(filename).parts
    return any(p in parts for p in ("site-packages", "asyncio", "concurrent")) or filename.endswith("threading.py")
