"""Where a bot is taken from: a notebook that runs, or a file."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from poebook.client.conversation import Conversation
from poebook.client.tapes import Tape, TapeTurn, read_tape, turns_of
from poebook.errors import PoebookError, UnknownTarget
from poebook.export.apart import apart
from poebook.export.asking import settings_of
from poebook.export.kernel import Kernel, kernel
from poebook.export.notebooks import Cell, cells_of
from poebook.export.proof import SECONDS


@dataclass(frozen=True)
class Asked:
    """What there is to compare with: the turns, what the bot declares, and a target that asks the bot itself."""

    turns: Sequence[TapeTurn] = ()
    settings: Mapping[str, Any] | None = None
    live: str | None = None


class Origin(Protocol):
    """Cells, and the bot in them that is meant."""

    cells: list[Cell]
    name: str | None
    folder: Path
    label: str
    place: str  # what a name is written behind, to mean another bot

    def text(self, name: str) -> str | None:
        """The text that a name is bound to, where that is known."""

    def asked(self, name: str, questions: Sequence[str], environment: Mapping[str, str]) -> Asked:
        """What the bot *name* was asked and answered, *questions* last."""


def origin_of(target: object) -> Origin:
    """What *target* names: a bot that is served here, or ``notebook.ipynb[:NAME]``, or ``file.py[:Bot]``.

    Raises UnknownTarget.
    """
    words = str(getattr(target, "name", target)) if not isinstance(target, Path) else str(target)
    place, _, name = words.rpartition(":") if _names_one(words) else (words, "", "")
    if Path(place).suffix in (".ipynb", ".py"):
        return FromFile(Path(place), name or None)
    here = kernel()
    if here is None:
        raise UnknownTarget(
            f"{words} is no file, and no notebook runs here; name a file, as in notebook.ipynb:{words} or bots.py:Bot."
        )
    return FromKernel(here, words.removeprefix("local:"))


def _names_one(words: str) -> bool:
    place, colon, name = words.rpartition(":")
    return bool(colon) and Path(place).suffix in (".ipynb", ".py") and "/" not in name


class FromKernel:
    """The cells that ran in the notebook here."""

    label = "the notebook"
    place = "notebook.ipynb"

    def __init__(self, here: Kernel, name: str) -> None:
        self._here = here
        self.name: str | None = name
        self.folder = Path.cwd()
        self.cells = here.cells()

    def text(self, name: str) -> str | None:
        return self._here.text(name)

    def asked(self, name: str, questions: Sequence[str], environment: Mapping[str, str]) -> Asked:
        since = self._here.since(name)
        if since is None:
            if questions:
                raise PoebookError(f"{name} is not served, so it cannot be asked; run its cell, or serve it, first.")
            return Asked()
        target, turns, anew = f"local:{name}", list[TapeTurn](), list[str]()
        for turn in self._here.asked(name):
            if turn.at >= since.isoformat(timespec="seconds"):
                turns.append(turn)
            elif not turn.files:  # an older version's answer
                anew.append(turn.question)
        for question in [*dict.fromkeys(anew), *questions]:
            conversation = Conversation(target)
            with contextlib.suppress(PoebookError):  # how it failed is on the tape
                conversation.ask(question)
            turns += turns_of(conversation)
        return Asked(turns, settings_of(target), target)


class FromFile:
    """The cells of a file."""

    def __init__(self, file: Path, name: str | None) -> None:
        self.name = name
        self.cells = cells_of(file)
        self.folder = file.resolve().parent
        self.label = file.name
        self.place = str(file)
        self._module = "__main__" if file.suffix == ".ipynb" else file.stem  # as whoever starts it would see it

    def text(self, name: str) -> str | None:
        return None

    def asked(self, name: str, questions: Sequence[str], environment: Mapping[str, str]) -> Asked:
        """The whole notebook is run in a process of its own, as far as that goes, where there is something to ask."""
        if not questions:
            return Asked()
        with TemporaryDirectory() as aside:
            tape = Path(aside) / "asked.tape.jsonl"
            cells = [{"number": cell.number, "source": cell.source, "label": cell.label} for cell in self.cells]
            job = {"do": "record", "cells": cells, "name": name, "questions": list(questions), "tape": str(tape)}
            job |= {"module": self._module}
            done = apart(job, folder=self.folder, environment=environment, seconds=2 * SECONDS)
            if "failed" in done:
                raise PoebookError(f"{self.label} could not be run to ask its bot: {done['summary']}")
            return Asked(read_tape(tape).turns, done["settings"])


def tape_of(asked: Asked, name: str) -> Tape:
    """The turns as a tape."""
    return Tape(asked.turns, name="conversation", target=name)
