"""The chat below a cell, as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import bots
from tests.browser.conftest import OpenNotebook
from tests.browser.desk import PATIENCE
from tests.elsewhere import Elsewhere


def test_an_answer_streams_in_below_the_cell(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    expect(chat.log).to_have_accessible_name("Conversation with echo")
    answer = chat.ask("good morning to you", "echo")
    expect(answer).to_contain_text("good morning to you")
    expect(chat.messages("You")).to_have_text(re.compile("good morning to you"))
    expect(chat.box).to_have_value("")
    expect(chat.box).to_be_focused()


def test_the_card_shows_where_the_bot_is_and_hides_its_key(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO, "print(fp.served()['echo'].url)")
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = notebook.run(1)
    url = notebook.run(2).locator(".jp-OutputArea-output").inner_text().strip()
    expect(card).to_contain_text(url)
    expect(card).to_contain_text("Serving")
    chat = notebook.chat(1)
    chat.button("Copy key").click()
    expect(card).to_contain_text("Copied")
    key = notebook.page.evaluate("navigator.clipboard.readText()")
    assert len(key) == 32
    assert key not in notebook.page.content()


def test_stop_cancels_the_handler(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ENDLESS, "import time\nwhile not left: time.sleep(0.01)\nprint('it was cancelled')")
    notebook.run(1)
    chat = notebook.chat(1)
    chat.say("go on")
    answer = chat.messages("endless")
    expect(answer).to_have_attribute("data-state", "streaming")
    expect(answer).to_contain_text("one")
    chat.button("Stop").click()
    expect(answer).to_have_attribute("data-state", "stopped")
    expect(answer).to_contain_text("one")
    expect(notebook.run(2)).to_contain_text("it was cancelled")


def test_regenerate_asks_once_more_in_the_same_place(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.COUNTER)
    notebook.run(1)
    chat = notebook.chat(1)
    answer = chat.ask("hi", "counter")
    expect(answer).to_contain_text("answer 1, message 1")
    chat.button("Regenerate").click()
    expect(answer).to_contain_text("answer 2, message 1")
    expect(answer).to_have_attribute("data-state", "done")
    expect(chat.messages("counter")).to_have_count(1)


def test_a_suggested_reply_is_said_by_a_click(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.SUGGESTING)
    notebook.run(1)
    chat = notebook.chat(1)
    expect(chat.root).to_contain_text("I know the way.")
    chat.ask("hello", "guide")
    replies = chat.root.get_by_role("group", name="Suggested replies").get_by_role("button")
    expect(replies).to_have_text(["Which way is north?", "How far is it?"])
    replies.first.click()
    expect(chat.messages("guide").nth(1)).to_contain_text("You said Which way is north?.")
    expect(replies).to_have_text(["Which way is north?", "How far is it?"])


def test_an_exception_is_shown_with_its_cell_its_line_and_its_traceback(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.FALLIBLE)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.say("lisbon")
    answer = chat.messages("fallible")
    expect(answer).to_have_attribute("data-state", "error")
    expect(answer).to_contain_text("Looking it up.")
    expect(answer).to_contain_text("KeyError: 'lisbon'")
    expect(answer).to_contain_text(re.compile(r"cell 2, line 5"))
    answer.get_by_text("Traceback", exact=False).first.click()
    expect(answer).to_contain_text("Cell In[2], line 5")
    expect(chat.button("Retry")).to_have_count(0)


def test_a_mended_bot_answers_when_the_answer_is_regenerated(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.FALLIBLE)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.say("lisbon")
    answer = chat.messages("fallible")
    expect(answer).to_have_attribute("data-state", "error")
    notebook.write(1, bots.FALLIBLE.replace('"08:50"', '"08:50", "lisbon": "07:35"'))
    notebook.run(1)
    chat.button("Regenerate").click()
    expect(answer).to_have_attribute("data-state", "done")
    expect(answer).to_contain_text("07:35")


def test_retry_stands_where_the_bot_allows_it(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.BUSY)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.say("when is high water?")
    answer = chat.messages("busy")
    expect(answer).to_have_attribute("data-state", "error")
    expect(answer).to_contain_text("The tide tables are being copied.")
    chat.button("Retry").click()
    expect(answer).to_have_attribute("data-state", "done")
    expect(answer).to_contain_text("High water at noon.")


def test_a_new_conversation_begins_with_nothing_said(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.COUNTER)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("one", "counter")
    expect(chat.ask("two", "counter")).to_contain_text("message 3")
    chat.button("New conversation").click()
    expect(chat.messages("counter")).to_have_count(0)
    expect(chat.ask("three", "counter")).to_contain_text("message 1")


def test_two_bots_answer_side_by_side(open_notebook: OpenNotebook, parrot: Elsewhere) -> None:
    notebook = open_notebook(bots.ECHO, f"fp.Chat('echo', {parrot.url!r}, key='$PARROT_KEY')")
    notebook.run(1)
    notebook.run(2)
    chat = notebook.chat(2)
    expect(chat.box).to_have_accessible_name("Message all")
    chat.say("hello both")
    near = chat.root.get_by_role("article", name="echo")
    far = chat.root.get_by_role("article").filter(has_text="From elsewhere: hello both")
    expect(near).to_have_attribute("data-state", "done")
    expect(near).to_contain_text("hello both")
    expect(far).to_have_attribute("data-state", "done")
    left, right = near.bounding_box(), far.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 2
    assert parrot.key not in notebook.page.locator(".jp-OutputArea").nth(2).inner_html()


def test_who_cannot_be_asked_is_told_in_a_sentence_with_the_next_step(
    open_notebook: OpenNotebook, parrot: Elsewhere
) -> None:
    wrong, nowhere = "x" * 32, "http://127.0.0.1:9/nowhere"
    notebook = open_notebook(f"fp.Chat({parrot.url!r}, key={wrong!r})", f"fp.Chat({nowhere!r})")
    for number, told in (
        (1, r"refused the key\. Set it with key="),
        (2, r"Nothing answers at .*\. Is the server running"),
    ):
        notebook.run(number)
        chat = notebook.chat(number)
        chat.say("hello?")
        answer = chat.root.get_by_role("article").last
        expect(answer).to_have_attribute("data-state", "error")
        expect(answer).to_contain_text(re.compile(told))
        expect(answer).not_to_contain_text("Traceback")
        assert wrong not in chat.root.inner_html()


def test_running_the_cell_again_keeps_the_conversation_and_what_was_half_written(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("said before", "echo")
    chat.box.fill("half written")
    notebook.write(1, bots.ECHO.replace("text=word", "text=word.upper()"))
    notebook.run(1)
    expect(chat.box).to_have_value("half written", timeout=PATIENCE)
    expect(chat.messages("echo")).to_have_text([re.compile("said before")])
    chat.box.press("Enter")
    expect(chat.messages("echo").nth(1)).to_contain_text("HALF WRITTEN")


def test_the_conversation_in_the_chat_is_a_python_object(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO, "print([m.content.strip() for m in fp.served()['echo'].conversation.messages])")
    notebook.run(1)
    notebook.chat(1).ask("hello", "echo")
    expect(notebook.run(2)).to_contain_text("['hello', 'hello']")


def test_a_conversation_asked_in_a_cell_shows_in_its_chat(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        bots.ECHO, "talk = fp.Conversation('echo')\nfp.Chat(talk)", "answer = talk.ask('from a cell')"
    )
    for number in (1, 2, 3):
        notebook.run(number)
    expect(notebook.chat(2).messages("echo")).to_contain_text("from a cell")
