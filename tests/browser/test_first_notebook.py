"""The first notebook, walked through as its text says."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import lab as jupyter
from tests.browser.desk import PATIENCE, Desk
from tests.browser.notebook import Notebook

TUTORIAL = Path(__file__).resolve().parents[2] / "notebooks" / "00_first_bot.ipynb"

# Where its cells are, counted with the text between them.
LOAD, GLYPH, UTF8, ASK, FIGURES, COLUMNS, STATUS = 1, 3, 6, 8, 9, 11, 13


def test_the_first_notebook_can_be_walked_through(desk: Desk) -> None:
    shutil.copy(TUTORIAL, desk.lab.folder)
    notebook = Notebook.open(desk, TUTORIAL.name)
    notebook.run(LOAD)

    notebook.run(GLYPH)
    glyph = notebook.chat(GLYPH)
    expect(glyph.root).to_contain_text("Send me some characters")
    answer = glyph.ask("☃♞é", "glyph")
    expect(answer.get_by_role("row").filter(has_text="U+2603")).to_contain_text("snowman")
    expect(answer.get_by_role("row")).to_have_count(4)

    changed = notebook.source(GLYPH) + '        yield fp.PartialResponse(text="☕ or ♨?", is_suggested_reply=True)\n'
    notebook.write(GLYPH, changed)
    notebook.run(GLYPH)
    expect(glyph.messages("glyph")).to_have_count(1)
    glyph.ask("é", "glyph")
    glyph.button("☕ or ♨?").click()
    expect(glyph.messages("glyph").nth(2)).to_contain_text("hot beverage")

    notebook.run(UTF8)
    expect(notebook.chat(UTF8).ask("é", "utf8")).to_contain_text("c3 a9")

    expect(notebook.run(ASK)).to_contain_text("black chess knight")
    expect(notebook.run(FIGURES)).to_contain_text("events, the first after")

    notebook.run(COLUMNS)
    both = notebook.chat(COLUMNS)
    both.say("♞")
    expect(both.messages("glyph")).to_contain_text("black chess knight")
    expect(both.messages("utf8")).to_contain_text("e2 99 9e")

    expect(notebook.run(STATUS)).to_contain_text("glyph")


@pytest.mark.parametrize("name", ["index.ipynb", "07_compare.ipynb"])
def test_a_notebook_shows_its_recording(desk: Desk, name: str) -> None:
    shutil.copy(TUTORIAL.parent / name, desk.lab.folder)
    shutil.copytree(TUTORIAL.parent / "images", desk.lab.folder / "images", dirs_exist_ok=True)
    notebook = Notebook.open(desk, name)
    recording = notebook.cell(0).get_by_role("img", name=re.compile("^A recording: "))
    expect(recording).to_be_visible()
    expect(recording).to_have_js_property("complete", True)
    assert recording.evaluate("image => image.naturalWidth") > 600


def test_poebook_lab_opens_on_the_first_notebook(browser: Browser, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "poebook"), "lab"]
    with jupyter.started(command, tmp_path, TUTORIAL.parent) as lab:
        context = browser.new_context()
        page = context.new_page()
        page.goto(lab.url)
        expect(page.get_by_role("tab", name=TUTORIAL.name)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("heading", name="Your first bot")).to_be_visible(timeout=PATIENCE)
        context.close()
