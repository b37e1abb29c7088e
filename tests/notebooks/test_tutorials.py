"""Every tutorial runs from its first cell to its last, and is kept as its reader should find it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
TUTORIALS = sorted(FOLDER.glob("*.ipynb"))


def code_cells(notebook: Any) -> list[Any]:  # nbformat's nodes have no types
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_without_an_error(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # it has no types
    client = NotebookClient(notebook, kernel_name="python3", timeout=60, resources={"metadata": {"path": str(FOLDER)}})
    asyncio.run(client.async_execute())
    for cell in code_cells(notebook):
        kinds = [output["output_type"] for output in cell["outputs"]]
        assert "error" not in kinds
        assert not [output for output in cell["outputs"] if output.get("name") == "stderr"], cell["outputs"]


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_is_kept_without_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells(notebook))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_the_first_notebook_is_there() -> None:
    assert TUTORIALS[0].name == "00_first_bot.ipynb"
