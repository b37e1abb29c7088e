"""The chat in its surroundings: a busy kernel, the notebook's keys, a reload, themes, another front end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import bots
from tests.browser.conftest import OpenNotebook
from tests.browser.desk import Desk
from tests.browser.notebook import Notebook

PICTURES = Path(__file__).resolve().parents[2] / ".poebook-tests" / "pictures"


@pytest.mark.parametrize("work", ["time.sleep(0.01)", "sum(range(10_000))"], ids=["sleeps", "computes"])
def test_the_chat_answers_while_a_cell_runs(open_notebook: OpenNotebook, desk: Desk, work: str) -> None:
    busy = f"import os, time\nprint('busy', flush=True)\nwhile not os.path.exists('enough'): {work}"
    notebook = open_notebook(bots.ECHO, busy)
    notebook.run(1)
    chat = notebook.chat(1)
    cell = notebook.run(2, wait=False)
    try:
        expect(cell).to_contain_text("busy\n")
        expect(chat.ask("are you there?", "echo")).to_contain_text("are you there?")
        expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:")
    finally:
        (desk.lab.folder / "enough").touch()
        notebook.wait(2)
        (desk.lab.folder / "enough").unlink()


def test_keys_in_the_box_stay_in_the_box(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO, "1 + 1")
    notebook.run(1)
    chat = notebook.chat(1)
    prompt = notebook.cell(1).locator(".jp-InputPrompt")
    expect(prompt).to_have_text("[2]:")
    chat.box.click()
    keyboard = notebook.page.keyboard
    keyboard.type("abx dd")
    keyboard.press("Shift+Enter")
    keyboard.type("second line")
    keyboard.press("ArrowUp")
    expect(chat.box).to_have_value("abx dd\nsecond line")
    expect(chat.box).to_be_focused()
    keyboard.press("Enter")
    expect(chat.messages("echo")).to_contain_text("abx dd second line")
    expect(prompt).to_have_text("[2]:")
    expect(notebook.page.locator(".jp-Notebook-cell")).to_have_count(3)


def test_escape_stops_the_answer(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ENDLESS)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.say("go on")
    expect(chat.messages("endless")).to_have_attribute("data-state", "streaming")
    chat.box.press("Escape")
    expect(chat.messages("endless")).to_have_attribute("data-state", "stopped")


def test_a_double_click_on_send_asks_once_and_stops_nothing(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ENDLESS)
    notebook.run(1)
    chat, page = notebook.chat(1), notebook.page
    chat.box.fill("go on")
    chat.button("Send").click()
    chat.button("Stop").hover()  # it takes the place of Send, where the second click falls
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    expect(chat.box).to_be_focused()
    chat.box.fill("a draft")
    expect(chat.messages("endless")).to_have_attribute("data-state", "streaming")
    expect(chat.messages("You")).to_have_count(1)
    chat.button("Stop").click()
    expect(chat.messages("endless")).to_have_attribute("data-state", "stopped")


def test_a_press_beside_the_controls_is_for_the_box(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    notebook.rest()
    chat.root.locator(".pb-keys").click()
    expect(chat.box).to_be_focused()
    chat.button("Send").click(force=True)  # there is nothing to send yet
    expect(chat.box).to_be_focused()


def test_a_reload_keeps_the_conversation(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    notebook.chat(1).ask("before the reload", "echo")
    notebook.save()
    notebook.page.reload()
    notebook.wait_for_kernel()
    chat = notebook.chat(1)
    expect(chat.messages("You")).to_have_text([re.compile("before the reload")])
    expect(chat.messages("echo")).to_have_text([re.compile("before the reload")])
    expect(chat.ask("after it", "echo")).to_contain_text("after it")


def test_the_chat_follows_the_theme_while_it_is_shown(open_notebook: OpenNotebook, desk: Desk) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    answer = notebook.chat(1).ask("what colour am I?", "echo")
    brightness = {}
    for theme in ("Dark", "Light"):
        desk.command("apputils:change-theme", theme=f"JupyterLab {theme}")
        expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "Light").lower())
        colour = answer.evaluate("node => getComputedStyle(node).color")
        brightness[theme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
        desk.picture(PICTURES / f"theme-{theme.lower()}.png")
    assert brightness["Dark"] > 3 * 128 > brightness["Light"]


def test_notebook_7_shows_the_same_chat(desk: Desk) -> None:
    name = desk.lab.write("classic.ipynb", ["%load_ext poebook\nimport poebook as fp", bots.ECHO])
    page = desk.page.context.new_page()
    other = Desk(page, desk.lab)
    notebook = Notebook.open_classic(page, desk.lab, name)
    notebook.run(0)
    notebook.run(1)
    expect(notebook.chat(1).ask("hello, Notebook", "echo")).to_contain_text("hello, Notebook")
    page.close()
    assert other.errors == []
