"""The cells of a notebook, in the order in which they ran."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from poebook.errors import AuthorFault, PoebookError, UnknownTarget
from poebook.export.magics import BotLine, Plain, plain
from poebook.faults import Fault


@dataclass(frozen=True)
class Cell:
    """A code cell: its number, and its source as its author wrote it, magics and all.

    ``label`` is what reports call it. ``stopped_at`` is the line at which it raised, counted from 1, or 0 where that
    is not known; None says that it ran to its end.

    >>> Cell(3, "%%poebot echo\\nclass Echo: ...").name
    'echo'
    """

    number: int
    source: str
    label: str = ""
    stopped_at: int | None = None

    @cached_property
    def plain(self) -> Plain:
        """The cell as Python, line by line."""
        return plain(self.source)

    @property
    def bot(self) -> BotLine | None:
        """The line of ``%%poebot``: ``name``, ``introduction`` and ``path``; None for another cell."""
        return self.plain.bot

    @property
    def name(self) -> str | None:
        """The name on the line of ``%%poebot``."""
        return self.bot.name if self.bot is not None else None

    @property
    def options(self) -> dict[str, str]:
        """The options of that line that matter outside a notebook: ``introduction`` and ``path``, as far as given."""
        said = {"introduction": self.bot.introduction, "path": self.bot.path} if self.bot is not None else {}
        return {name: value for name, value in said.items() if value is not None}

    def __str__(self) -> str:
        return self.label or f"cell {self.number}"


def cells_of(path: str | Path) -> list[Cell]:
    """The code cells of a notebook, or a ``.py`` file as the one cell that it is. Raises PoebookError,
    and AuthorFault for a file that does not compile.

    Cells of a notebook that was run as a whole come in the order in which they ran, and bear the numbers that stand
    beside them; else they come, and are counted from 1, as they stand.

    >>> cells_of("notebooks/00_first_bot.ipynb")[1].name
    'glyph'
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnknownTarget(f"There is no file {file}.") from None
    except (OSError, UnicodeDecodeError):
        raise PoebookError(f"{file} cannot be read.") from None
    if file.suffix != ".ipynb":
        _compile(text, file)
        return [Cell(1, text, file.name)]
    try:
        content = json.loads(text)
        found = [
            (_source(cell), cell.get("execution_count")) for cell in content["cells"] if cell["cell_type"] == "code"
        ]
        language = content.get("metadata", {}).get("kernelspec", {}).get("language", "python")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PoebookError(f"{file} is no notebook that can be read; Jupyter's own format 4 is.") from None
    if language != "python":
        raise PoebookError(f"{file} is a notebook of {language}; bots are written in Python.")
    written = [(source, count) for source, count in found if source.strip()]
    counts = [count for _, count in written if isinstance(count, int)]
    if written and len(set(counts)) == len(written):
        return [Cell(count, source, f"cell [{count}]") for source, count in sorted(written, key=lambda one: one[1])]
    return [Cell(n, source, f"code cell {n}") for n, (source, _) in enumerate(found, 1) if source.strip()]


def _compile(text: str, file: Path) -> None:
    try:
        compile(text, str(file), "exec", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError) as error:  # the second for a null byte
        raise AuthorFault(Fault.of(error).traceback) from None


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
