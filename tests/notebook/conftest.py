"""A real IPython shell for each test, driven as a person drives it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from poebook.notebook import showing
from poebook.notebook.refused import POINTER
from poebook.runtime.registry import stop_all
from tests.keyless.hearing import hear


@dataclass
class Cell:
    """A cell that ran: what stands below it."""

    stdout: str
    stderr: str
    displays: list[dict[str, Any]] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def text(self) -> str:
        """All that can be read as plain text."""
        return self.stdout + "".join(str(shown.get("text/plain", "")) + "\n" for shown in self.displays)

    @property
    def said(self) -> list[str]:
        """The lines of stdout and stderr that say something, without the one that points to more."""
        lines = [line for line in (self.stdout + self.stderr).splitlines() if line.strip()]
        return lines[:-1] if self.points else lines

    @property
    def points(self) -> bool:
        """Whether the last line says where there is more to read."""
        return self.stderr.splitlines()[-1:] == [POINTER]


class Notebook:
    """A shell with poebook loaded."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    @property
    def names(self) -> dict[str, Any]:
        names: dict[str, Any] = self.shell.user_ns
        return names

    def run(self, code: str) -> Cell:
        """Run a cell, whatever comes of it."""
        with capture_output() as captured:
            result = self.shell.run_cell(code, store_history=True)  # type: ignore[no-untyped-call]
        displays = [shown.data for shown in captured.outputs]
        hear("what stands below a cell", [captured.stdout, captured.stderr, displays])
        return Cell(captured.stdout, captured.stderr, displays, result.error_before_exec or result.error_in_exec)

    def ok(self, code: str) -> Cell:
        """Run a cell that must not fail."""
        cell = self.run(code)
        assert cell.error is None, cell.stdout + cell.stderr
        return cell

    def wrong(self, code: str) -> str:
        """Run a cell that is used wrongly; the one sentence that says so."""
        cell = self.run(code)
        assert cell.error is not None
        (line,) = cell.said
        kind, _, sentence = line.partition(": ")
        assert kind == "UsageError"
        assert sentence.endswith((".", "?")), sentence
        return sentence


class ZMQInteractiveShell(InteractiveShell):
    """Named like a kernel's, which is how a place with a front end is known."""


def _shell(kind: type[InteractiveShell]) -> Iterator[Notebook]:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    main, hook = sys.modules["__main__"], sys.displayhook
    kind.clear_instance()
    InteractiveShell.clear_instance()
    shell = kind.instance(config=config)
    try:
        notebook = Notebook(shell)
        notebook.ok("%load_ext poebook")
        yield notebook
    finally:
        stop_all()
        showing._chats.clear()
        kind.clear_instance()
        sys.modules["__main__"], sys.displayhook = main, hook


@pytest.fixture
def terminal() -> Iterator[Notebook]:
    """Plain IPython."""
    yield from _shell(InteractiveShell)


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """A shell whose outputs somebody looks at in a front end."""
    yield from _shell(ZMQInteractiveShell)
