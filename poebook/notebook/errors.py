"""How errors are told below a cell: ours as one sentence, the author's from their own first line on."""

from __future__ import annotations

import traceback
from types import TracebackType

from IPython.core.error import UsageError

from poebook.client.portal import tell_interrupts
from poebook.errors import PoebookError
from poebook.faults import cell_number, is_machinery
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


def tell_shortly(shell: Shell) -> None:
    """Let *shell* show poebook's errors, and interrupts of its calls, by the author's own lines, in any cell."""
    PoebookError._render_traceback_ = lambda error: _rendered(shell, error)  # type: ignore[attr-defined]  # as above

    tell_interrupts(lambda interrupt: setattr(interrupt, "_render_traceback_", lambda: _rendered(shell, interrupt)))


def tell_at_length() -> None:
    """Take that back."""
    if hasattr(PoebookError, "_render_traceback_"):
        del PoebookError._render_traceback_
    tell_interrupts(None)


def _rendered(shell: Shell, error: BaseException) -> list[str]:
    tb = _authors(error.__traceback__, to_the_end=not isinstance(error, (PoebookError, KeyboardInterrupt)))
    if isinstance(error, SyntaxError):
        frames = [] if _is_of_a_cell(error) else traceback.extract_tb(tb)
        return list(shell.SyntaxTB.structured_traceback(type(error), error, frames))
    if isinstance(error, BaseExceptionGroup):
        return "".join(traceback.format_exception(type(error), error, tb)).splitlines()
    if isinstance(error, PoebookError):  # its sentence says all that its causes would
        error = type(type(error).__name__, (Exception,), {"__module__": "__main__"})(str(error))
    if tb is None:
        return list(shell.InteractiveTB.get_exception_only(type(error), error))
    return list(shell.InteractiveTB.structured_traceback(type(error), error, tb, tb_offset=0))


def _authors(tb: TracebackType | None, *, to_the_end: bool) -> TracebackType | None:
    """*tb* from the first frame of a cell on, without one from the author's first; None where no frame is theirs.

    Unless *to_the_end*, it ends with the author's last.
    """
    frames = []
    while tb is not None:
        frames.append(tb)
        tb = tb.tb_next
    files = [one.tb_frame.f_code.co_filename for one in frames]
    own = [i for i, file in enumerate(files) if cell_number(file) is not None]
    own += [i for i, file in enumerate(files) if not own and not is_machinery(file)]
    if not own:
        return None
    if to_the_end:
        return frames[own[0]]
    last = max(i for i, file in enumerate(files) if i >= own[0] and not is_machinery(file))
    shown: TracebackType | None = None
    for one in reversed(frames[own[0] : last + 1]):
        shown = TracebackType(shown, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return shown


def _is_of_a_cell(error: SyntaxError) -> bool:
    """Whether the cell itself does not compile, rather than something that it runs."""
    return cell_number(error.filename or "") is not None
