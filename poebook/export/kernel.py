"""What a running notebook knows, for an export from it: handed in by the floor that has the notebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from poebook.client.tapes import TapeTurn
from poebook.export.notebooks import Cell


class Kernel(Protocol):
    """A notebook that runs."""

    def cells(self) -> list[Cell]:
        """The cells that ran, in order."""

    def text(self, name: str) -> str | None:
        """The text that the name is bound to, if it is one; for secrets, which the proof has to know."""

    def since(self, bot: str) -> datetime | None:
        """Since when the bot's present version has been served; None where no such bot is."""

    def asked(self, bot: str) -> Sequence[TapeTurn]:
        """What the bot was asked of late, by its chat or from a cell, oldest first."""


_kernel: Kernel | None = None


def set_kernel(kernel: Kernel | None) -> None:
    """Let exports by name be made from *kernel*."""
    global _kernel
    _kernel = kernel


def kernel() -> Kernel | None:
    """The notebook that runs here, if one does."""
    return _kernel
