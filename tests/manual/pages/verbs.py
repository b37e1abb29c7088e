"""A page a verb of ``%poebot``, from what its help says, and an example as a kernel carries it out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

from poebook.notebook import cellmagic, linemagic
from poebook.notebook.commands import VERBS
from poebook.notebook.commands.verb import Verb
from tests.manual.pages.writing import contents, fence
from tests.notebooks import outputs
from tests.notebooks.playing import surroundings
from tests.notebooks.tutorials import Notebook

_ABOUT = (
    "`%%poebot` makes a cell a bot; `%poebot` shows what runs, and does things with it. `%poebot help VERB` says in a "
    "notebook what these pages say, and Tab completes verbs, names and options."
)
_BEFORE = "%poebot stop --all"
_ECHO = """\
%%poebot echo --no-chat
def get_response(request):
    print("asked:", request.query[-1].content)
    return request.query[-1].content
"""
_PORT = '_port = fp.served()["echo"].url.split(":")[2].split("/")[0]'
_HOME = "~/.local/share/poebook"


def pages() -> dict[str, str]:
    shown = asyncio.run(_carried_out([verb for verb in VERBS.values() if verb.example]))
    made = {f"verbs/{verb.name}.md": _page(verb, shown.get(verb.name, [])) for verb in VERBS.values()}
    cell = f"# `%%poebot`: a cell that is a bot\n\n{fence(cellmagic.manual(), 'text')}\n"
    line = f"# `%poebot`\n\n{fence(linemagic.manual(), 'text')}\n"
    return {
        "verbs/index.md": contents("Magics", _ABOUT, ["cell", "line", *VERBS]),
        "verbs/cell.md": cell,
        "verbs/line.md": line,
        **made,
    }


def _page(verb: Verb, shown: list[tuple[str, str]]) -> str:
    summary = verb.help[:1].upper() + verb.help[1:]
    parts = [f"# `%poebot {verb.name}`", fence(verb.line, "text"), f"{summary}.", _code(verb.more)]
    if shown:
        parts.append("## For example")
    for cell, said in shown:
        parts.append(fence(cell, "ipython3"))
        if said:
            parts.append(fence(said, "text"))
    return "\n\n".join(part for part in parts if part) + "\n"


def _code(text: str) -> str:
    """Markdown in which what looks like an option or a placeholder is not taken for anything else."""
    return text.replace("--", "\\-\\-").replace("[", "\\[").replace("*", "\\*").replace("_", "\\_") if text else ""


async def _carried_out(verbs: list[Verb]) -> dict[str, list[tuple[str, str]]]:
    """Each verb's cells with what they print, in one kernel; each begins with a bot ``echo`` of its own."""
    made: Notebook = nbformat.v4
    cells, owners = [made.new_code_cell("%load_ext poebook\nimport poebook as fp")], [""]
    for verb in verbs:
        for text in (_BEFORE, _ECHO, _PORT):
            cells.append(made.new_code_cell(text))
            owners.append("")
        for text in verb.example:
            cells.append(made.new_code_cell(text.replace(":8080", ":{_port}")))
            owners.append(verb.name)
    notebook = made.new_notebook(cells=cells)
    with TemporaryDirectory() as name:
        home = Path(name)
        client = NotebookClient(
            notebook, kernel_name="python3", timeout=300, startup_timeout=180, resources={"metadata": {"path": name}}
        )
        async with client.async_setup_kernel(env=surroundings(home)):
            for number, cell in enumerate(notebook["cells"]):
                await client.async_execute_cell(cell, number)
        outputs.settle(notebook)
        shown: dict[str, list[tuple[str, str]]] = {}
        for cell, owner in zip(notebook["cells"], owners, strict=True):
            if owner:
                said = _said(cell).replace(str(home / "poebook"), _HOME)
                shown.setdefault(owner, []).append((cell["source"].replace("{_port}", "8080"), said))
    return shown


def _said(cell: Notebook) -> str:
    texts = [output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]]
    return "\n".join(text.rstrip() for text in texts if text.strip())
