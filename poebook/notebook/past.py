"""What ran in this notebook, and what its bots were asked: for whoever takes a bot out of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary, ref

from poebook.client import recent
from poebook.client.tapes import TapeTurn, turns_of
from poebook.client.tapes.taking import made
from poebook.export.kernel import set_kernel
from poebook.export.notebooks import Cell
from poebook.faults import cell_number
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served

_EVENT = "post_run_cell"


class Past:
    """Cells as they ran, with the line at which one raised; see ``poebook.export.kernel``."""

    def __init__(self, shell: Shell) -> None:
        self._of = ref(shell)
        self._stopped: dict[int, int] = {}
        self._unread: set[int] = set()  # cells that were no Python, of which nothing ran

    def ran(self, result: Any) -> None:  # IPython's ExecutionResult
        """A cell has ended."""
        number = getattr(result, "execution_count", None)
        if number is None:
            return
        if result.error_before_exec is not None:
            self._unread.add(number)
        elif result.error_in_exec is not None:
            self._stopped[number] = _line(result.error_in_exec, number)

    @property
    def _shell(self) -> Shell | None:
        return self._of()

    def cells(self) -> list[Cell]:
        history = self._shell.history_manager if self._shell is not None else None
        raw = list(history.input_hist_raw) if history is not None else []
        before = set(getattr(history, "exceptions", ()))  # of cells that ran before poebook was loaded
        found = []
        for number, source in enumerate(raw):
            if number == 0 or not source.strip() or number in self._unread:
                continue
            stopped = self._stopped.get(number, 0 if number in before else None)
            if number == len(raw) - 1 and stopped is None:
                stopped = _running(number)
            found.append(Cell(number, source, f"cell [{number}]", stopped))
        return found

    def text(self, name: str) -> str | None:
        value = self._shell.user_ns.get(name) if self._shell is not None else None
        return value if isinstance(value, str) else None

    def since(self, bot: str) -> datetime | None:
        one = served().get(bot)
        return one.since if one is not None else None

    def asked(self, bot: str) -> Sequence[TapeTurn]:
        one = served().get(bot)
        turns = [turn for chat in one.conversations.values() for turn in turns_of(chat)] if one is not None else []
        turns += [made(asked, answer) for asked, answer in recent.every(bot) if asked.target.kind == "local"]
        by_id = {turn.id: turn for turn in reversed(turns) if turn.target == bot and turn.end != "stopped"}
        in_order = list(reversed(by_id.values()))
        return sorted(in_order, key=lambda turn: turn.at)  # which is to the second: what came first stays first


_pasts: WeakKeyDictionary[Shell, Past] = WeakKeyDictionary()


def watch(shell: Shell) -> None:
    """Take note of what runs in *shell* from now on."""
    if shell in _pasts:
        return
    past = _pasts[shell] = Past(shell)
    shell.events.register(_EVENT, past.ran)
    set_kernel(past)


def forget(shell: Shell) -> None:
    """Take that back."""
    past = _pasts.pop(shell, None)
    if past is not None:
        shell.events.unregister(_EVENT, past.ran)
        set_kernel(None)


def _line(error: BaseException, number: int) -> int:
    """The line of the cell at which it raised; 0 where that cannot be told."""
    found, tb = 0, error.__traceback__
    while tb is not None:
        code = tb.tb_frame.f_code
        if code.co_name == "<module>" and cell_number(code.co_filename) == number:
            found = tb.tb_lineno
        tb = tb.tb_next
    return found


def _running(number: int) -> int | None:
    """The line that the cell, which runs now, has come to; None when it does not run."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name in ("<module>", "<cell>") and cell_number(frame.f_code.co_filename) == number:
            return frame.f_lineno
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return None
