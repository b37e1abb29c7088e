"""Bots named on the command line: ``module:Bot``, ``file.py`` or a folder."""

from __future__ import annotations

from poebook.runtime.service.targets import every_bot, one_bot
from poebook.server.bot import PoeBot

__all__ = ["every_bot", "load"]


def load(spec: str) -> PoeBot:
    """The one bot that *spec* names; the last one, where it holds several. Raises PoebookError."""
    return one_bot(spec)
