"""How fast an answer appears, in a real JupyterLab and Chromium: ``python3 -m tests.bench.page``.

One bot sends 10,000 events, 60,000 characters of Markdown, in a burst and at 2,000 a second; a bare widget shows the
same as raw text, by the same kernel and in the same browser, and is the floor.
"""

from __future__ import annotations

import json
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser import lab as jupyter
from tests.browser.desk import Desk, opened
from tests.browser.notebook import Notebook

_SETUP = """
%load_ext poebook
import poebook as fp, asyncio, time
PARAGRAPH = "Low *water* at **04:12**, `5 dm`; the [harbour](https://a.example/) keeps its lights on until nine. "
BLOCK = "## Tide\\n\\n" + PARAGRAPH * 3 + "\\n\\n- one\\n- two\\n\\n```python\\nprint(1)\\n```\\n\\n"
TEXT = (BLOCK * 200)[:60_000 - 4]
PIECES = [TEXT[i : i + 6] for i in range(0, len(TEXT), 6)]
ended = 0.0
"""
_BOT = """
%%poebot tide
async def get_response(request):
    global ended
    pace = float(request.query[-1].content)
    start = time.perf_counter()
    for number, piece in enumerate(PIECES):
        yield piece
        if pace and number % 20 == 0:
            await asyncio.sleep(max(0.0, start + number / pace - time.perf_counter()))
    ended = time.time()
    yield "FINE"
"""
_FLOOR = """
import anywidget
class Raw(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const pre = document.createElement("pre"); pre.className = "raw"; el.append(pre);
        model.on("msg:custom", (m) => pre.append(m)); } }'''
raw = Raw()
raw
"""
_SEND = """
begun, batch, due = time.time(), [], time.perf_counter() + 0.02
for piece in [*PIECES, "FINE"]:
    batch.append(piece)
    if time.perf_counter() > due:
        raw.send("".join(batch)); batch = []; due = time.perf_counter() + 0.02
raw.send("".join(batch))
print(begun)
"""
_WATCH = """
(selector) => {
  window.bench = { stalls: [], seen: null };
  window.benchStalls?.disconnect();
  window.benchStalls = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.bench.stalls.push(entry.duration);
  });
  window.benchStalls.observe({ type: "longtask" });
  const look = () => {
    const shown = [...document.querySelectorAll(selector)].at(-1);
    if (shown?.textContent.includes("FINE")) window.bench.seen = Date.now() / 1000;
    else requestAnimationFrame(look);
  };
  look();
}
"""


def _watched(page: Page, selector: str) -> None:
    page.evaluate(_WATCH, selector)


def _seen(page: Page) -> dict[str, Any]:
    page.wait_for_function("window.bench.seen !== null", timeout=60_000)
    found: dict[str, Any] = page.evaluate("window.bench")
    return found


def _ask(notebook: Notebook, page: Page, words: str) -> tuple[float, dict[str, Any]]:
    """Ask the bot; when the question was sent, and what the page saw."""
    chat = notebook.chat(1)
    if chat.messages("You").count():
        chat.button("New conversation").click()
        expect(chat.messages("You")).to_have_count(0)
    _watched(page, "[role=log] article")
    begun = time.time()
    chat.say(words)
    return begun, _seen(page)


def _ended(notebook: Notebook) -> float:
    return float(notebook.run(4).locator(".jp-OutputArea-output").last.inner_text())


def measure(desk: Desk) -> dict[str, float]:
    """One round."""
    cells = [textwrap.dedent(cell).strip() for cell in (_SETUP, _BOT, _FLOOR, _SEND, "print(ended)")]
    notebook = Notebook.open(desk, desk.lab.write(f"bench-{time.time_ns()}.ipynb", cells))
    page = desk.page
    for number in range(3):
        notebook.run(number)
    notebook.chat(1).box.wait_for()
    _watched(page, "pre.raw")
    notebook.run(3, wait=False)
    floor = _seen(page)
    begun = float(notebook.wait(3).locator(".jp-OutputArea-output").last.inner_text())
    figures = {"floor, s": floor["seen"] - begun}
    asked, burst = _ask(notebook, page, "0")
    figures |= {"burst, s": burst["seen"] - asked, "burst, longest stall ms": max(burst["stalls"], default=0)}
    asked, paced = _ask(notebook, page, "2000")
    figures |= {
        "paced: last character after last event, s": paced["seen"] - _ended(notebook),
        "paced, longest stall ms": max(paced["stalls"], default=0),
        "paced, share of stalls": sum(paced["stalls"]) / 1000 / (paced["seen"] - asked),
    }
    figures["burst against the floor"] = figures["burst, s"] / figures["floor, s"]
    desk.tidy()
    return figures


def main(rounds: int = 3) -> None:
    """Print the figures of each round."""
    with (
        tempfile.TemporaryDirectory() as home,
        jupyter.running(Path(home) / "home") as lab,
        chromium.running() as browser,
        opened(browser, lab) as desk,
    ):
        for _ in range(rounds):
            print(json.dumps({name: round(value, 3) for name, value in measure(desk).items()}, indent=1), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
