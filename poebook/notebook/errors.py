"""How errors are told below a cell: ours as one sentence, the author's from their own first line on."""

from __future__ import annotations

import traceback
from types import TracebackType
from typing import Any

from IPython.core.error import UsageError

from poebook.errors import PoebookError
from poebook.faults import author_frames, cell_number
from poebook.notebook.shell import Shell


def usage(error: object) -> UsageError:
    """*error*'s sentence, to be shown without a traceback."""
    sentence = " ".join(str(error).split())
    return UsageError(sentence if sentence.endswith((".", "?", "!")) else f"{sentence}.")


def as_author_reads_it(shell: Shell, error: BaseException) -> BaseException:
    """What to raise so that IPython shows *error* as if the cell had been run by itself.

    Where IPython lets it, that is *error* with a rendering of its own; else an exception that bears its name.
    """
    lines = _rendered(shell, error)
    if not isinstance(error, (SyntaxError, BaseExceptionGroup, UsageError)):
        try:
            error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]  # IPython asks for it by this name
        except Exception:
            pass
        else:
            return error
    shown = type(type(error).__name__, (Exception,), {"_render_traceback_": lambda self: lines})(str(error))
    assert isinstance(shown, Exception)
    return shown


def is_ours(error: BaseException) -> bool:
    """Whether *error* is a sentence of poebook's about how it is used, not raised by the author's own code."""
    if not isinstance(error, PoebookError):
        return False
    return not any(cell_number(frame.filename) is not None for frame in traceback.extract_tb(error.__traceback__))


def from_first_cell(tb: TracebackType | None) -> TracebackType | None:
    """*tb* from the first frame of a cell on; without one, from the author's first frame on."""
    step = tb
    while step is not None and cell_number(step.tb_frame.f_code.co_filename) is None:
        step = step.tb_next
    return step or author_frames(tb)


def _rendered(shell: Shell, error: BaseException) -> list[str]:
    tb = from_first_cell(error.__traceback__)
    if isinstance(error, SyntaxError):
        frames = [] if _is_of_a_cell(error) else traceback.extract_tb(tb)
        return _lines(shell.SyntaxTB.structured_traceback(type(error), error, frames))
    if isinstance(error, BaseExceptionGroup):
        return "".join(traceback.format_exception(type(error), error, tb)).splitlines()
    return _lines(shell.InteractiveTB.structured_traceback(type(error), error, tb, tb_offset=0))


def _is_of_a_cell(error: SyntaxError) -> bool:
    """Whether the cell itself does not compile, rather than something that it runs."""
    return cell_number(error.filename or "") is not None


def _lines(rendered: Any) -> list[str]:  # IPython's own types differ by version
    return list(rendered)
