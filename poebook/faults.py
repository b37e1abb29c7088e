"""What an author is shown of an exception that their code raised. The public never sees any of it."""

from __future__ import annotations

import os
import re
import sysconfig
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from poebook.errors import PoebookError

_HERE = str(Path(__file__).parent)
_STANDARD = os.path.join(sysconfig.get_path("stdlib"), "")
_CELL_LINE = re.compile(r'File "(Cell In\[\d+\])", line')  # a cell is no file; IPython leaves the word out, too


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
        if isinstance(error, PoebookError) and not _has_own_frame(error.__traceback__):
            return cls(summary=str(error), traceback=str(error))  # a slip that is told in words, and raised by us
        frames = author_frames(error.__traceback__)
        if isinstance(error, SyntaxError) and not _has_own_frame(frames):
            frames = None  # the file that does not compile is named by the error itself
        shown = traceback.TracebackException(type(error), error, frames)
        for one in _family(shown):
            _without_our_door(one.stack)
            _rename(one.stack)
        frame = _last_own_frame(error.__traceback__)
        return cls(
            summary=_summary(error, "".join(_headline(shown))),
            traceback=_CELL_LINE.sub(r"\1, line", "".join(shown.format())).rstrip(),
            file=place(frame.filename) if frame else None,
            cell=cell_number(frame.filename) if frame else None,
            line=frame.lineno if frame else None,
        )

    def as_dict(self) -> dict[str, object]:
        """A form that JSON can hold."""
        return asdict(self)


def about(request: object) -> str:
    """What a fault is found by: the id of the answer that was to be made, else what kind of request it was."""
    return str(getattr(request, "message_id", "") or getattr(request, "type", "") or "")


def author_frames(tb: TracebackType | None) -> TracebackType | None:
    """*tb* from the author's first frame on; all of it where every frame is ours."""
    step = tb
    while step is not None and is_machinery(step.tb_frame.f_code.co_filename):
        step = step.tb_next
    return step or tb


def cell_number(filename: str) -> int | None:
    """The execution count of the notebook cell compiled under *filename*, or None for an ordinary file."""
    for names in (_names, *_known):
        if filename in names:
            return names[filename]
    terminal = re.match(r"<ipython-input-(\d+)-", filename)
    return int(terminal[1]) if terminal else None


def name_cell(filename: str, number: int) -> None:
    """Remember that *filename* holds the notebook cell with execution count *number*."""
    _names[filename] = number


def know_cells(names: Mapping[str, int]) -> None:
    """Take the numbers of cells from *names*, too, which a shell keeps and goes on filling."""
    if not any(one is names for one in _known):
        _known.append(names)


def place(filename: str) -> str:
    """*filename* as a reader knows it: ``Cell In[3]`` for a cell, else the file's own name."""
    number = cell_number(filename)
    return f"Cell In[{number}]" if number is not None else filename


_names: dict[str, int] = {}
_known: list[Mapping[str, int]] = []


def _family(shown: traceback.TracebackException) -> list[traceback.TracebackException]:
    """*shown* and all that it came from."""
    found: list[traceback.TracebackException] = []
    left: list[traceback.TracebackException | None] = [shown]
    while left:
        one = left.pop()
        if one is not None and not any(one is other for other in found):
            found.append(one)
            left += [one.__cause__, one.__context__, *(one.exceptions or [])]
    return found


def _headline(shown: traceback.TracebackException) -> list[str]:
    """The exception's own lines; a syntax error's without its source."""
    return list(shown.format_exception_only())


def _summary(error: BaseException, headline: str) -> str:
    """An exception in one line: how its own words begin, or, of a syntax error, what they end with."""
    if type(error).__name__ == "ValidationError" and (slip := _first_slip(error)):
        return slip
    lines = [line.strip() for line in headline.splitlines() if line.strip()]
    if isinstance(error, SyntaxError):
        return lines[-1]
    return " ".join(lines[: 2 if lines[0].endswith(":") else 1])


def _first_slip(error: BaseException) -> str | None:
    """The field that pydantic takes exception to, and why."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return None
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return "ValidationError: " + (f"{place}: {first['msg']}" if place else first["msg"])


def _without_our_door(stack: traceback.StackSummary) -> None:
    """A name that poebook has not is missed by the author's line, not by ours."""
    if len(stack) > 1 and (stack[-1].filename, stack[-1].name) == (os.path.join(_HERE, "__init__.py"), "__getattr__"):
        del stack[-1]


def _rename(stack: traceback.StackSummary) -> None:
    """Call cells by their numbers; the source lines are read before, under the name they are kept by."""
    for frame in stack:
        _ = frame.line
        frame.filename = place(frame.filename)


def _last_own_frame(tb: TracebackType | None) -> traceback.FrameSummary | None:
    """The innermost line of a cell; outside a notebook the innermost line that is not a library's."""
    frames = traceback.extract_tb(tb)
    cells = [frame for frame in frames if cell_number(frame.filename) is not None]
    own = [frame for frame in frames if not is_machinery(frame.filename)]
    return next(reversed(cells or own), None)


def _has_own_frame(tb: TracebackType | None) -> bool:
    return any(not is_machinery(frame.filename) for frame in traceback.extract_tb(tb))


def is_machinery(filename: str) -> bool:
    """Whether a file is poebook's, of the standard library, or of an installed package."""
    return filename.startswith((_HERE, "<frozen ", _STANDARD)) or "site-packages" in Path(filename).parts
