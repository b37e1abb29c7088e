"""What stands around the box, as a person uses it: parameters, settings, who speaks, drafts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import bots
from tests.browser.conftest import OpenNotebook
from tests.browser.desk import PATIENCE


def test_what_is_set_goes_with_the_next_message_and_is_shown_with_it(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.SETTABLE)
    notebook.run(1)
    chat = notebook.chat(1)
    answer = chat.ask("as it is", "settable")
    expect(answer).to_contain_text('{"deep": false, "depth": 2, "detail": 3, "unit": "c"}')
    button = chat.button("Parameters")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    detail = chat.root.get_by_role("slider", name="Detail", exact=True)
    detail.press("ArrowRight")
    expect(detail).to_have_value("4")
    chat.root.get_by_role("combobox", name="Unit", exact=True).select_option(label="Fahrenheit")
    expect(chat.root.get_by_role("slider", name="Depth", exact=True)).to_have_count(0)
    chat.root.get_by_role("switch", name="Deep", exact=True).click()
    chat.root.get_by_role("slider", name="Depth", exact=True).press("End")
    chat.root.get_by_role("tab", name="Words").click()
    chat.root.get_by_role("textbox", name="Greeting", exact=True).fill("Good day")
    expect(chat.root.get_by_text("5 changed", exact=True)).to_be_visible()
    answer = chat.ask("with all that", "settable").last
    expect(answer).to_contain_text('{"deep": true, "depth": 9, "detail": 4, "greeting": "Good day", "unit": "f"}')
    said = chat.messages("You").last.get_by_role("group", name="Set for this message")
    expect(said).to_have_text(re.compile(r"Detail 4\s*Unit Fahrenheit\s*Deep on\s*Depth 9\s*Greeting Good day"))
    chat.button("Reset").click()
    expect(chat.root.get_by_text("changed")).to_have_count(0)
    answer = chat.ask("as it was", "settable").last
    expect(answer).to_contain_text('{"deep": false, "depth": 2, "detail": 3, "unit": "c"}')


def test_what_opens_below_the_edge_comes_into_view_with_the_box(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.SETTABLE)
    size = notebook.page.viewport_size
    assert size is not None
    notebook.page.set_viewport_size({"width": size["width"], "height": 640})
    try:
        notebook.run(1)
        chat = notebook.chat(1)
        for name in ("Parameters", "Settings"):
            chat.button(name).click()
            expect(chat.button(f"Close {name.lower()}")).to_be_in_viewport(ratio=1)
            expect(chat.box).to_be_in_viewport(ratio=1)
    finally:
        notebook.page.set_viewport_size(size)


def test_python_and_the_page_set_the_same_parameters(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        bots.SETTABLE,
        "conversation = fp.Conversation('settable')\nfp.Chat(conversation)",
        "conversation.parameters['detail'] = 5",
        "print(dict(conversation.parameters))",
    )
    notebook.run(1)
    notebook.run(2)
    chat = notebook.chat(2)
    chat.button("Parameters").click()
    detail = chat.root.get_by_role("slider", name="Detail", exact=True)
    expect(detail).to_have_value("3")
    notebook.run(3)
    expect(detail).to_have_value("5")
    detail.press("Home")
    expect(detail).to_have_value("0")
    chat.say("now")
    expect(chat.messages("settable")).to_have_attribute("data-state", "done", timeout=PATIENCE)
    expect(notebook.run(4)).to_contain_text("{'detail': 0}")


def test_the_settings_say_what_the_bot_declares_and_what_poe_assumes(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.SETTABLE)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.button("Settings").click()
    table = chat.root.get_by_role("table", name="Settings of settable")
    expect(table.get_by_role("row", name=re.compile("^allow_attachments"))).to_contain_text("false")
    expect(table.get_by_role("row", name=re.compile("^expand_text_attachments"))).to_contain_text("says nothingtrue")
    chat.page.keyboard.press("Escape")
    expect(table).to_have_count(0)
    expect(chat.button("Settings")).to_be_focused()
    expect(chat.button("Attach files")).to_have_count(0)


def test_settings_that_could_not_be_had_are_told_until_the_cell_is_mended(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.FORGETFUL, "chat = fp.served()['forgetful'].conversation\nprint(chat.troubles)")
    notebook.run(1)
    chat = notebook.chat(1)
    expect(chat.root.get_by_text("settings failed", exact=True)).to_be_visible()
    expect(chat.button("Settings")).to_have_accessible_description("settings failed")
    chat.button("Settings").click()
    panel = chat.root.get_by_role("region", name="Settings of forgetful")
    title = "The bot's settings could not be had: KeyError: '<b>introduction</b>'"
    expect(panel.get_by_text(title, exact=True)).to_be_visible()
    expect(panel).to_contain_text(re.compile(r"Raised in cell 2, line 4\. Mend the cell and run it again\."))
    panel.get_by_text("Traceback", exact=True).click()
    expect(panel.get_by_label("Traceback")).to_contain_text("introduction_message={}")
    panel.get_by_role("button", name="cell 2, line 4").click()
    expect(notebook.cell(1)).to_have_class(re.compile("jp-mod-active"))
    expect(notebook.run(2)).to_contain_text(title)
    notebook.write(1, bots.FORGETFUL.replace('{}["<b>introduction</b>"]', '"I forget nothing."'))
    notebook.run(1)
    expect(chat.root.get_by_text("settings failed")).to_have_count(0)
    expect(chat.log).to_contain_text("I forget nothing.")
    expect(panel).to_have_count(0)
    expect(notebook.run(2)).to_contain_text("{}")


def test_a_draft_outlives_the_cells_next_run_and_a_reload(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.box.fill("half a thought")
    notebook.run(1)
    expect(chat.box).to_have_value("half a thought")
    notebook.save()
    chat.page.reload()
    notebook.wait_for_kernel()
    expect(chat.box).to_have_value("half a thought", timeout=PATIENCE)
    chat.box.press("Enter")
    expect(chat.messages("echo")).to_contain_text("half a thought")
    notebook.run(1)
    expect(chat.box).to_have_value("")


def test_of_a_very_long_text_only_the_whole_has_a_direction(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)  # over that of each paragraph of a megabyte Chromium takes seconds a key
    notebook.run(1)
    box = notebook.chat(1).box
    box.focus()
    notebook.page.keyboard.insert_text("short")
    expect(box).to_have_css("unicode-bidi", "plaintext")
    box.evaluate(_DIRECTION_AT_INPUT)
    notebook.page.keyboard.insert_text("lorem ipsum " * 20_000)
    expect(box).to_have_attribute("data-direction", "normal")  # before the text is laid out
    expect(box).to_have_css("unicode-bidi", "normal")
    box.fill("short")
    expect(box).to_have_css("unicode-bidi", "plaintext")


_DIRECTION_AT_INPUT = """
box => box.addEventListener("beforeinput", () => { box.dataset.direction = getComputedStyle(box).unicodeBidi })
"""


def test_several_people_may_speak_where_the_bot_hears_them(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.HOST)
    notebook.run(1)
    chat = notebook.chat(1)
    speaker = chat.root.get_by_role("combobox", name="Speak as")
    speaker.select_option(label="Somebody else…")
    name = chat.root.get_by_role("textbox", name="Name of the new speaker")
    expect(name).to_be_focused()
    name.fill("Ada")
    name.press("Enter")
    expect(chat.ask("good evening", "host")).to_contain_text("Ada said good evening, of 1")
    expect(chat.messages("You")).to_contain_text("Ada")
    expect(speaker).to_have_value("Ada")
    speaker.select_option(label="Somebody else…")
    expect(name).to_be_focused()
    chat.box.click()  # who goes elsewhere is not called back
    expect(name).to_have_count(0)
    expect(chat.box).to_be_focused()
    speaker.select_option(label="You")
    expect(chat.ask("me too", "host").last).to_contain_text("somebody said me too, of 1")
