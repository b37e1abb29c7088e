"""Short recordings in a real JupyterLab, light and dark, for ``notebooks/images``: ``python3 -m tests recordings``."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Locator, expect

from tests.browser import chromium
from tests.browser import lab as jupyter
from tests.browser.desk import Desk, opened
from tests.browser.notebook import Chat, Notebook
from tests.film import Film

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
IMAGES = NOTEBOOKS / "images"
REST = 2.5  # seconds of the last frame, to read it

LOAD = "%load_ext poebook\nimport poebook as fp"

# The bot of the first tutorial, not in such a hurry: it can be seen to stream.
GLYPH = """\
%%poebot glyph --introduction "Send me some characters, and I tell you their names."
import asyncio, unicodedata

async def get_response(request):
    yield "| | code | name |\\n|---|---|---|\\n"
    for character in request.query[-1].content:
        await asyncio.sleep(0.35)
        name = unicodedata.name(character, "no name of its own").lower()
        yield f"| {character} | U+{ord(character):04X} | {name} |\\n"
"""


def comparison() -> tuple[str, str, str]:
    """The cells of the tutorial on comparing that make its bots and chat, and what is asked there."""
    cells = json.loads((NOTEBOOKS / "07_compare.ipynb").read_text(encoding="utf-8"))["cells"]
    bots, chat = (next(cell for cell in cells if cell["id"] == name) for name in ("bots", "chat"))
    return "".join(bots["source"]), "".join(chat["source"]), chat["metadata"]["poebook"]["said"][0]


@dataclass(frozen=True)
class Recording:
    """A notebook, and what is done in it: before anybody looks, and then."""

    name: str
    cells: tuple[str, ...]
    prepare: Callable[[Notebook, Desk], None]
    act: Callable[[Notebook, Film], None]
    height: int


def _answers(chat: Chat) -> Locator:
    return chat.root.locator('[data-state="done"]')


def _ready(notebook: Notebook, film: Film, number: int) -> Chat:
    """Run the cell of that number and watch its chat appear."""
    film.watch(0.5)
    notebook.run(number, wait=False)
    chat = notebook.chat(number)
    film.until(chat.box.is_visible)
    film.watch(0.5)
    return chat


def _load(notebook: Notebook, desk: Desk) -> None:
    notebook.run(0)
    notebook.select(1)


def _first(notebook: Notebook, film: Film) -> None:
    chat = _ready(notebook, film, 1)
    film.type(chat.box, "☃♞éΩ")
    film.until(lambda: chat.messages("glyph").and_(_answers(chat)).count() > 0)
    film.watch(0.3)


def _serve(notebook: Notebook, desk: Desk) -> None:
    notebook.run(0)
    notebook.run(1)
    notebook.select(1)
    desk.command("notebook:hide-cell-code")  # it is long, and stands in the tutorial
    notebook.select(2)
    notebook.cell(0).scroll_into_view_if_needed()


def _compare(notebook: Notebook, film: Film) -> None:
    chat = _ready(notebook, film, 2)
    film.type(chat.box, comparison()[2], at_once=4)
    film.until(lambda: all(chat.messages(name).and_(_answers(chat)).count() for name in _COMPARED))
    film.watch(0.3)


_COMPARED = ("short", "chatty", "thoughtful")


def recordings() -> tuple[Recording, ...]:
    """What is recorded, each in light and in dark."""
    bots, chat, _ = comparison()
    return (
        Recording("first-bot", (LOAD, GLYPH), _load, _first, height=980),
        Recording("compare", (LOAD, bots, chat), _serve, _compare, height=700),
    )


def record(desk: Desk, recording: Recording, theme: str) -> Path:
    """Make *recording* in *theme* (``light`` or ``dark``)."""
    desk.command("apputils:change-theme", theme=f"JupyterLab {theme.capitalize()}")
    expect(desk.page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
    desk.page.set_viewport_size({"width": 1050, "height": recording.height})
    notebook = Notebook.open(desk, desk.lab.write(f"{recording.name}-{theme}.ipynb", list(recording.cells)))
    recording.prepare(notebook, desk)
    desk.page.mouse.move(2, 2)
    film = Film(desk.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-NotebookPanel-notebook"))
    recording.act(notebook, film)
    path = IMAGES / f"{recording.name}-{theme}.webp"
    film.keep(path, rest=REST)
    desk.tidy()
    return path


def main() -> None:
    """Make every recording and print where it is."""
    with ExitStack() as stack:
        lab = stack.enter_context(jupyter.running(Path(stack.enter_context(TemporaryDirectory())) / "lab"))
        browser = stack.enter_context(chromium.running())
        desk = stack.enter_context(opened(browser, lab))
        desk.command("application:toggle-left-area")  # the file browser gives its room to the notebook
        for recording in recordings():
            for theme in ("light", "dark"):
                path = record(desk, recording, theme)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
