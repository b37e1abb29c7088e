"""A tutorial, carried out in a kernel of its own as its reader would: each cell, and what is said in the chats."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

from tests.keyless.hearing import hear
from tests.keyless.knowing import learn
from tests.keyless.looking import files
from tests.notebooks import tutorials
from tests.notebooks.tutorials import Notebook

_FOREIGN = ("POE_", "NGROK_", "POEBOOK_HOME", "JUPYTER", "IPYTHON", "COLUMNS", "LINES")
_SAY = """\
import poebook as _poebook
for _said in {said!r}:
    {conversation}.ask(**_said)
del _poebook, _said
"""


class Played:
    """A notebook with the outputs of this run, and the keys that were made in it."""

    def __init__(self, notebook: Notebook, keys: list[str]) -> None:
        self.notebook = notebook
        self.keys = keys


def play(path: Path, limit: float = 120, *, somebody_chats: bool = True) -> Played:
    """Run the notebook in *path*, each cell for at most *limit* seconds; *somebody_chats* as the tutorial foresees.

    It runs in a folder of its own with the tutorials' data, and without keys. Raises nbclient's CellExecutionError.
    """
    notebook = tutorials.read(path)
    with _room() as (folder, home):
        asyncio.run(_carry_out(notebook, folder, surroundings(home), limit, somebody_chats))
        keys = [key.read_text(encoding="ascii").strip() for key in (home / "poebook" / "keys").glob("*.key")]
        for key in keys:
            learn(key)
        for text in files(folder):
            hear(*text)
    hear(f"the notebook {path.name}", notebook)
    return Played(notebook, keys)


@contextmanager
def _room() -> Iterator[tuple[Path, Path]]:
    with TemporaryDirectory() as name:
        folder, home = Path(name, "notebooks"), Path(name, "home")
        folder.mkdir()
        home.mkdir()
        tutorials.copy_data(folder)
        yield folder, home


# Packages that the tests have, and whoever follows the README or Binder has not.
_NOT_THERE = ("pandas", "matplotlib", "fastapi_poe", "openai", "pypdf", "docx", "openpyxl", "pptx", "pyngrok", "ray")


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a kernel that has what the extra ``notebook`` installs, and nothing of whoever starts it.

    What is kept goes to *home*.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    hidden = home / "hidden"
    hidden.mkdir(exist_ok=True)
    for package in _NOT_THERE:
        (hidden / f"{package}.py").write_text(
            f"raise ModuleNotFoundError('No module named {package}', name='{package}')"
        )
    path = os.pathsep.join([str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        **kept,
        "POEBOOK_HOME": str(home / "poebook"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": path,
    }


async def _carry_out(
    notebook: Notebook, folder: Path, surroundings: dict[str, str], limit: float, somebody_chats: bool
) -> None:
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=limit,
        startup_timeout=180,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    async with client.async_setup_kernel(env=surroundings):
        for number, cell in enumerate(list(notebook["cells"])):
            await client.async_execute_cell(cell, number)
            if somebody_chats and (texts := tutorials.said(cell)):
                await _say(client, cell, texts)


async def _say(client: NotebookClient, cell: Notebook, texts: list[str | dict[str, object]]) -> None:
    """Have somebody say *texts* in the chat below the cell; what the notebook keeps of the chat changes with it."""
    name = tutorials.bot(cell)
    conversation = f"_poebook.served()[{name!r}].conversation" if name else "_.conversation"
    said = [{"text": text} if isinstance(text, str) else _whole(text) for text in texts]
    made: Notebook = nbformat.v4
    hidden = made.new_code_cell(_SAY.format(said=said, conversation=conversation))
    cells = client.nb["cells"]
    cells.append(hidden)
    await client.async_execute_cell(hidden, len(cells) - 1, store_history=False)
    cells.pop()
    assert not hidden["outputs"], hidden["outputs"]


def _whole(said: dict[str, object]) -> dict[str, object]:
    """The arguments of ``Conversation.ask``; JSON has no pairs, which is what files are: a name and a text."""
    files = said.get("attachments", [])
    assert isinstance(files, list)
    return {**said, "attachments": [tuple(file) for file in files]}
