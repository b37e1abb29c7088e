"""The notebooks that are kept with their outputs: where they are, and how they are read and written."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
TUTORIALS = sorted(FOLDER.glob("[0-9]*.ipynb"))
SAID = "poebook"  # what a cell's metadata calls what is said in the chat below it
RANDOM = "random"  # the tag of a cell whose output is another each time

Notebook = Any  # nbformat's nodes have no types


def read(path: Path) -> Notebook:
    """The notebook in *path*."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # it has no types


def write(path: Path, notebook: Notebook) -> None:
    """Write *notebook* as JupyterLab would."""
    nbformat.validate(notebook)
    text = json.dumps(json.loads(nbformat.writes(notebook)), indent=1, ensure_ascii=False, sort_keys=True)  # type: ignore[no-untyped-call]  # it has no types
    path.write_text(text + "\n", encoding="utf-8")


def code_cells(notebook: Notebook) -> list[Notebook]:
    """The cells that can be run."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def said(cell: Notebook) -> list[str | dict[str, Any]]:
    """What somebody says in the chat below the cell: texts, or the arguments of ``Conversation.ask``."""
    found: list[str | dict[str, Any]] = cell["metadata"].get(SAID, {}).get("said", [])
    return found


def with_chats() -> list[Path]:
    """The tutorials in which somebody says something in a chat."""
    return [path for path in TUTORIALS if any(map(said, code_cells(read(path))))]


def is_random(cell: Notebook) -> bool:
    """Whether the cell says of itself that its output is another each time."""
    return RANDOM in cell["metadata"].get("tags", [])


def bot(cell: Notebook) -> str | None:
    """The name that the cell serves a bot under, if it does."""
    found = re.match(r"%%poebot (\w+)", cell["source"])
    return found[1] if found else None


def copy_data(folder: Path) -> None:
    """Copy to *folder* what the tutorials read: everything beside them that is data."""
    for path in FOLDER.iterdir():
        if path.suffix in (".csv", ".txt", ".jsonl", ".json"):
            shutil.copy(path, folder)
