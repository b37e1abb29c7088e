"""What Sphinx is told: the pages that are made from the code, and the table of contents behind the index."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from tests.manual.pages import MAKERS
from tests.manual.pages.writing import both_themes

MADE = "manual/made"
_CONTENTS = {
    "Tutorials": "[0-9][0-9]_*",
    "In a notebook": f"{MADE}/verbs/index {MADE}/events/index {MADE}/controls",
    "Elsewhere": f"{MADE}/commands manual/growing {MADE}/api/index",
    "When in doubt": f"manual/troubleshooting {MADE}/errors manual/comparison manual/speed manual/abuse "
    "manual/security manual/changes",
}


def setup(app: Any) -> dict[str, Any]:  # Sphinx's types are not ours to depend on
    """Called by Sphinx."""
    app.connect("builder-inited", _write)
    app.connect("source-read", _lead_on)
    app.connect("source-read", _show_pictures)
    return {"parallel_read_safe": True}


def _write(app: Any) -> None:
    """Write the made pages; those that say the same as before are left alone, so that Sphinx need not read them."""
    folder = Path(app.srcdir) / MADE
    made = {path: text for make in MAKERS for path, text in make().items()}
    for path in folder.rglob("*.md") if folder.exists() else ():
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _lead_on(app: Any, name: str, source: list[str]) -> None:
    """Put the table of contents behind the index, which is a notebook and has none."""
    if name != "index":
        return
    notebook = json.loads(source[0])
    trees = []
    measured = " ".join(sorted(path.stem for path in Path(app.srcdir).glob("*.md")))
    for caption, pages in {**_CONTENTS, **({"Measured": measured} if measured else {})}.items():
        listed = "\n".join(page for page in pages.split() if page)
        glob = ":glob:\n" if "*" in pages else ""
        trees.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n{glob}\n{listed}\n```")
    notebook["cells"].append({"cell_type": "markdown", "id": "contents", "metadata": {}, "source": "\n\n".join(trees)})
    source[0] = json.dumps(notebook)


_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(srcset|src|alt)="([^"]*)"')


def _show_pictures(app: Any, name: str, source: list[str]) -> None:
    """Make the tutorials' pictures for two themes pictures that follow the page's theme, which has a switch."""
    if Path(app.env.doc2path(name)).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _PICTURE.sub(_in_both_themes, "".join(cell["source"]))
    source[0] = json.dumps(notebook)


def _in_both_themes(found: re.Match[str]) -> str:
    told = dict(_ATTRIBUTE.findall(found[0]))
    return both_themes(told["src"], told["srcset"], told["alt"])


def clean(srcdir: Path) -> None:
    """Take the made pages away."""
    shutil.rmtree(srcdir / MADE, ignore_errors=True)
