"""The last refusal of each shell, and the line below one that there is more to say of."""

from __future__ import annotations

import sys
from typing import Any
from weakref import WeakKeyDictionary

from IPython.core.error import UsageError

from poebook.errors import PoebookError
from poebook.notebook.sections import section_of
from poebook.notebook.shell import Shell

POINTER = "%poebot why tells more."
_EVENT = "post_run_cell"


class Refusals:
    """What was refused in one shell: ``last`` is what was said then."""

    def __init__(self) -> None:
        self.last: str | None = None

    def ran(self, result: Any) -> None:  # IPython's ExecutionResult
        """A cell has ended: if it was refused, and there is more to say of that, tell where."""
        if not isinstance(result.error_in_exec, (PoebookError, UsageError)):
            return
        self.last = str(result.error_in_exec)
        if section_of(self.last) is not None:
            print(POINTER, file=sys.stderr)


_refusals: WeakKeyDictionary[Shell, Refusals] = WeakKeyDictionary()


def last(shell: Shell) -> str | None:
    """What was said when something was refused in *shell* last; None before."""
    return _refusals[shell].last if shell in _refusals else None


def watch(shell: Shell) -> None:
    """Take note of what is refused in *shell* from now on."""
    if shell not in _refusals:
        one = _refusals[shell] = Refusals()
        shell.events.register(_EVENT, one.ran)


def forget(shell: Shell) -> None:
    """Take that back."""
    one = _refusals.pop(shell, None)
    if one is not None:
        shell.events.unregister(_EVENT, one.ran)
