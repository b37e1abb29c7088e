"""A notebook that is run from beginning to end with nobody looking, and what it then holds."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from tests.keyless.hearing import hear

CELLS = (
    "%load_ext poebook\nimport poebook as fp",
    "%%poebot shout\ndef get_response(request):\n    return f'**{request.query[-1].content.upper()}**'",
    "fp.Chat('shout')",
    "fp.served()['shout'].conversation.ask('can you hear me?').text",
    "print(fp.served()['shout'].key)",
)


def test_a_notebook_that_was_run_as_a_script_holds_its_conversations(quiet_surroundings: None) -> None:
    notebook = _notebook()
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    key = notebook.cells.pop().outputs[0].text.strip()
    text = json.dumps(notebook, ensure_ascii=False)
    assert len(key) == 32
    assert key not in text
    assert text.count("CAN YOU HEAR ME?") == 3  # the answer, and the conversation as Markdown and as HTML
    assert text.count('"code":') == 1  # the program of two chats
    _, copy = notebook.cells[1].outputs
    assert copy.data["text/plain"] == "Conversation with shout"

    with_widgets = _page(notebook)
    del notebook.metadata["widgets"]
    for page in (with_widgets, _page(notebook)):
        assert "<strong>CAN YOU HEAR ME?</strong>" in page
        assert key not in page


def _notebook() -> Any:  # nbformat's own type, which knows no fields
    empty: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**empty, "id": f"cell-{number}", "source": text} for number, text in enumerate(CELLS)]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]


def _page(notebook: Any) -> str:
    html, _ = HTMLExporter().from_notebook_node(notebook)  # type: ignore[no-untyped-call]
    hear("a notebook and its page", [notebook, html])
    return str(html)
