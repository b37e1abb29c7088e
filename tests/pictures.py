"""Pictures of the chat in a real JupyterLab, light and dark: ``python3 -m tests pictures``.

The first scene is the README's and goes to ``notebooks/images``; the others, for whoever changes the look, go to
``.poebook-tests/pictures``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser import lab as jupyter
from tests.browser.desk import Desk, opened
from tests.browser.notebook import Notebook

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "notebooks" / "images"
WORKSHOP = ROOT / ".poebook-tests" / "pictures"

LOAD = "%load_ext poebook\nimport poebook as fp"

GUIDE = '''\
%%poebot almanac --introduction "I know when the sun rises and sets. Ask me about a place and a date."
async def get_response(request):
    yield """Oslo gains **an hour and three quarters** of daylight in January, slowly at first and then
by almost five minutes a day.

| Date | Daylight | Gain since the row above |
|---|---|---|
| 1 January | 5 h 59 min | |
| 11 January | 6 h 20 min | 21 min |
| 21 January | 6 h 56 min | 36 min |
| 31 January | 7 h 42 min | 46 min |

The figures leave refraction out; `day_length` gives them for any latitude:

```python
from math import acos, cos, radians, tan

def day_length(latitude: float, day: int) -> float:
    # Hours of daylight on a day of the year, refraction left out.
    tilt = -23.44 * cos(radians(360 / 365 * (day + 10)))
    x = -tan(radians(latitude)) * tan(radians(tilt))
    return 24 / 180 * 57.2958 * acos(max(-1.0, min(1.0, x)))  # hours
```

1. Near the poles `x` leaves the range from -1 to 1: midnight sun, or polar night.
2. At the equator it stays near 0, and so the days are all alike.
"""
    yield fp.PartialResponse(text="Explain the formula", is_suggested_reply=True)
    yield fp.PartialResponse(text="The same for Tromsø", is_suggested_reply=True)
'''

FAILING = """\
%%poebot tides
high_water = {"oslo": "11:40"}

async def get_response(request):
    yield "Let me look it up.\\n\\n"
    yield high_water[request.query[-1].content.lower()]
"""


def first_notebook() -> list[str]:
    """The cells of the first notebook that define its bots."""
    cells = json.loads((ROOT / "notebooks" / "00_first_bot.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if "".join(cell["source"]).startswith("%%poebot")]


@dataclass(frozen=True)
class Scene:
    """A notebook and what happens in it before the picture is taken."""

    name: str
    folder: Path
    cells: tuple[str, ...]
    act: Callable[[Notebook], None]
    height: int = 830


def _glyph(notebook: Notebook) -> None:
    answer = notebook.chat(1).ask("☃♞é", "glyph")
    expect(answer.get_by_role("row").last).to_be_visible()


def _columns(notebook: Notebook) -> None:
    chat = notebook.chat(3)
    chat.say("☃♞é")
    for name in ("glyph", "utf8"):
        expect(chat.messages(name).last).to_have_attribute("data-state", "done")


def _long(notebook: Notebook) -> None:
    notebook.chat(1).ask("How does the length of the day in Oslo change through January?", "almanac")


def _failing(notebook: Notebook) -> None:
    chat = notebook.chat(1)
    chat.say("Lisbon")
    expect(chat.messages("tides").last).to_have_attribute("data-state", "error")


def scenes() -> tuple[Scene, ...]:
    """What is drawn, each in light and in dark."""
    glyph, utf8 = first_notebook()[:2]
    return (
        Scene("chat", README, (LOAD, glyph), _glyph),
        Scene("empty", WORKSHOP, (LOAD, glyph), lambda notebook: None, height=560),
        Scene("columns", WORKSHOP, (LOAD, glyph, utf8, 'fp.Chat("glyph", "utf8")'), _columns, height=1900),
        Scene("long", WORKSHOP, (LOAD, GUIDE), _long, height=1700),
        Scene("failing", WORKSHOP, (LOAD, FAILING), _failing, height=760),
    )


def draw(desk: Desk, scene: Scene, theme: str) -> Path:
    """Act *scene* in *theme* (``light`` or ``dark``) and take its picture."""
    desk.command("apputils:change-theme", theme=f"JupyterLab {theme.capitalize()}")
    desk.page.set_viewport_size({"width": 1100, "height": scene.height})
    notebook = Notebook.open(desk, desk.lab.write(f"{scene.name}-{theme}.ipynb", list(scene.cells)))
    desk.page.get_by_role("tab", name="Launcher").locator(".lm-TabBar-tabCloseIcon").click()
    for number in range(len(scene.cells)):
        notebook.run(number)
    scene.act(notebook)
    notebook.save()
    notebook.rest()
    path = scene.folder / f"{scene.name}-{theme}.png"
    desk.picture(path)
    desk.tidy()
    return path


def main() -> None:
    """Draw every scene and print where each picture is."""
    with ExitStack() as stack:
        lab = stack.enter_context(jupyter.running(Path(stack.enter_context(TemporaryDirectory())) / "lab"))
        browser = stack.enter_context(chromium.running())
        desk = stack.enter_context(opened(browser, lab, scale=2))
        desk.command("application:toggle-left-area")  # the file browser gives its room to the notebook
        for scene in scenes():
            for theme in ("light", "dark"):
                print(draw(desk, scene, theme).relative_to(ROOT), flush=True)


if __name__ == "__main__":
    main()
