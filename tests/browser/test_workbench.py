"""Work on a bot, as its author does it in the notebook: branches, opinions, comparisons, traces."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, expect

from tests.browser import bots
from tests.browser.conftest import OpenNotebook
from tests.browser.desk import PATIENCE, Desk
from tests.browser.notebook import Chat


def test_an_edited_question_starts_a_branch_and_the_old_one_stays(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.COUNTER)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("first", "counter")
    chat.ask("second", "counter")
    chat.messages("You").first.hover()
    chat.messages("You").first.get_by_role("button", name="Edit").click()
    edited = chat.root.get_by_role("textbox", name="Edit your message")
    expect(edited).to_be_focused()
    expect(edited).to_have_value("first")
    edited.fill("other")
    chat.messages("You").first.get_by_role("button", name="Send", exact=True).click()
    expect(chat.messages("You")).to_have_count(1)
    expect(chat.messages("counter")).to_have_text(re.compile("answer 3, message 1"), timeout=PATIENCE)
    expect(chat.messages("You")).to_contain_text("2 of 2")
    chat.button("Previous branch").click()
    expect(chat.messages("counter")).to_contain_text(["answer 1, message 1", "answer 2, message 3"])
    expect(chat.messages("You").first).to_contain_text("1 of 2")
    expect(chat.button("Previous branch")).to_be_focused()
    chat.button("Next branch").press("Enter")
    expect(chat.messages("counter")).to_have_count(1)


def test_arrow_up_edits_the_last_message_and_escape_leaves_it(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("good morning", "echo")
    chat.box.press("ArrowUp")
    edited = chat.root.get_by_role("textbox", name="Edit your message")
    expect(edited).to_be_focused()
    edited.press("Escape")
    expect(edited).to_have_count(0)
    expect(chat.box).to_be_focused()
    chat.box.press("ArrowUp")
    edited.fill("good night")
    edited.press("Enter")
    expect(chat.messages("echo")).to_contain_text("good night")
    expect(chat.box).to_be_focused()


def test_a_question_that_is_edited_further_up_is_shown_with_its_whole_frame(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.LENGTHY)
    notebook.run(1)
    chat = notebook.chat(1)
    answer = chat.ask("at length", "lengthy")
    chat.box.press("ArrowUp")
    edited = chat.root.get_by_role("textbox", name="Edit your message")
    expect(edited).to_be_focused()
    room = edited.evaluate(
        "box => box.form.getBoundingClientRect().top - box.closest('[role=log]').getBoundingClientRect().top"
    )
    assert room >= 2, "its upper edge is cut off"
    quiet = answer.get_by_text("Something is said here.").first.evaluate("node => getComputedStyle(node).color")
    expect(answer.get_by_role("heading", name="Part 0", exact=True)).to_have_css("color", quiet)


def test_regenerated_answers_are_branches_of_one_question(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.COUNTER)
    notebook.run(1)
    chat = notebook.chat(1)
    answer = chat.ask("hi", "counter")
    chat.button("Regenerate").click()
    expect(answer).to_contain_text("answer 2, message 1")
    expect(chat.messages("You")).to_contain_text("2 of 2")
    chat.button("Previous branch").click()
    expect(answer).to_contain_text("answer 1, message 1")


def test_undo_takes_the_last_question_back_into_the_box(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.COUNTER)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("one", "counter")
    chat.ask("two", "counter")
    chat.button("Undo").click()
    expect(chat.messages("You")).to_have_count(1)
    expect(chat.box).to_have_value("two")
    chat.box.press("Enter")
    expect(chat.messages("counter").last).to_contain_text("answer 3, message 3")
    expect(chat.messages("You").last).to_contain_text("2 of 2")


def test_opinions_reach_the_bot(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.LISTENING, "import time\nwhile len(heard) < 3: time.sleep(0.01)\nprint(heard)")
    notebook.run(1)
    chat = notebook.chat(1)
    answer = chat.ask("hi", "listening")
    answer.get_by_role("button", name="Like", exact=True).click()
    answer.get_by_role("button", name="Dislike", exact=True).click()
    why = answer.get_by_role("textbox", name="Why? (optional)")
    expect(why).to_be_focused()
    why.fill("too short")
    why.press("Enter")
    expect(answer).to_contain_text("Disliked: too short")
    expect(answer.get_by_role("button", name="Dislike", exact=True)).to_be_focused()
    answer.get_by_role("button", name="React", exact=True).press("Enter")
    expect(answer.get_by_role("menuitemcheckbox", name="Love")).to_be_focused()
    chat.page.keyboard.press("ArrowRight")
    chat.page.keyboard.press("Enter")
    expect(answer.get_by_role("button", name="Laugh", exact=True)).to_be_visible()
    said = notebook.run(2)
    expect(said).to_contain_text("['like', 'dislike', '😂']")
    expect(chat.ask("and why?", "listening")).to_contain_text("I know why: too short")


def test_the_best_of_several_answers_is_picked(open_notebook: OpenNotebook) -> None:
    both = "chat = fp.Chat('echo', 'counter')\nchat"
    notebook = open_notebook(bots.ECHO, bots.COUNTER, both, "chat.conversation.wins")
    notebook.run(1)
    notebook.run(2)
    notebook.run(3)
    chat = notebook.chat(3)
    chat.ask("hi", "echo")
    expect(chat.messages("counter")).to_have_attribute("data-state", "done")
    chat.messages("echo").get_by_role("button", name="Pick").click()
    expect(chat.messages("echo")).to_contain_text("1 win")
    chat.messages("counter").get_by_role("button", name="Pick").click()
    expect(chat.messages("counter")).to_contain_text("picked")
    expect(chat.messages("echo")).not_to_contain_text("1 win")
    expect(notebook.run(4)).to_contain_text("{'echo': 0, 'counter': 1}")


def test_an_answer_is_picked_while_another_is_still_coming(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO, bots.ENDLESS, "fp.Chat('echo', 'endless')")
    for number in (1, 2, 3):
        notebook.run(number)
    chat = notebook.chat(3)
    chat.ask("hi", "echo")
    expect(chat.messages("endless")).to_contain_text("one")
    chat.messages("echo").get_by_role("button", name="Pick").click()
    expect(chat.messages("echo")).to_contain_text("1 win")
    expect(chat.messages("endless")).to_have_attribute("data-state", "streaming")


def test_escape_on_the_button_of_a_trace_closes_it(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("hi", "echo")
    region = _traced(chat, "echo")
    button = chat.button("Trace")
    expect(button).to_be_focused()
    button.press("Escape")
    expect(region).to_have_count(0)
    expect(button).to_be_focused()


def _traced(chat: Chat, who: str) -> Locator:
    chat.messages(who).last.get_by_role("button", name="Trace").click()
    region = chat.root.get_by_role("region", name="Trace", exact=True)
    expect(region.get_by_role("slider")).to_be_visible()
    return region


def test_the_trace_shows_the_answer_as_it_stood_after_any_event(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    answer = chat.ask("one two three", "echo")
    region = _traced(chat, "echo")
    slider = region.get_by_role("slider")
    last = int(slider.input_value())
    events = region.get_by_role("listbox", name="Events").get_by_role("option")
    expect(events).to_have_count(last)
    expect(events.last).to_contain_text("done")
    text = answer.locator(".pb-text")
    expect(text).to_have_text(re.compile("one two three"))
    slider.press("Home")
    slider.press("ArrowRight")
    first = next(index for index, said in enumerate(events.all_inner_texts(), 1) if '"one ' in said)
    slider.fill(str(first))
    expect(text).to_have_text("one")
    expect(answer).to_contain_text(f"as it stood after event {first} of {last}")
    expect(region.get_by_role("tabpanel")).to_contain_text(re.compile(r'event: text\s*data: \{\s*"text": "one "'))
    slider.press("End")
    expect(text).to_have_text(re.compile("one two three"))
    slider.press("Escape")
    expect(region).to_have_count(0)
    expect(answer.get_by_role("button", name="Trace")).to_be_focused()


def test_the_trace_holds_the_request_without_the_key_and_sends_it_again(
    open_notebook: OpenNotebook, desk: Desk
) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("hello", "echo")
    region = _traced(chat, "echo")
    region.get_by_role("tab", name="Request").click()
    expect(region.get_by_role("tabpanel")).to_contain_text("POST http://127.0.0.1:")
    expect(region.get_by_role("tabpanel")).to_contain_text('"content": "hello"')
    region.get_by_role("button", name="Copy as curl").click()
    expect(region.get_by_role("button", name="Copied")).to_be_visible()
    command = notebook.page.evaluate("navigator.clipboard.readText()")
    assert "$POE_ACCESS_KEY" in command
    region.get_by_role("button", name="Edit request").click()
    body = region.get_by_role("textbox", name="Request body")
    expect(body).to_be_focused()
    sent = body.input_value()
    assert desk.lab.key("echo") not in command + sent
    body.fill(sent + "}")
    region.get_by_role("button", name="Send request").click()
    expect(region.get_by_role("alert")).to_contain_text("no JSON")
    body.fill(sent.replace('"hello"', '"other words"'))
    region.get_by_role("button", name="Send request").click()
    expect(chat.messages("echo")).to_contain_text("other words", timeout=PATIENCE)
    expect(chat.messages("You")).to_contain_text("2 of 2")


def test_the_trace_is_exported_as_json_lines(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("one two", "echo")
    region = _traced(chat, "echo")
    with notebook.page.expect_download() as download:
        region.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.endswith(".jsonl")
    lines = [json.loads(line) for line in download.value.path().read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines[:1] + lines[-1:]] == ["request", "end"]
    assert {"text": "one "} in [json.loads(line["data"]) for line in lines if line["kind"] == "event"]


def test_what_a_handler_prints_and_raises_stands_in_its_trace(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.TALKATIVE)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.say("hi")
    expect(chat.messages("talkative")).to_have_attribute("data-state", "error")
    region = _traced(chat, "talkative")
    panel = region.get_by_role("tabpanel")
    expect(panel).to_contain_text("about to fail")
    expect(panel).to_contain_text("ZeroDivisionError")
    expect(panel.get_by_text("Traceback (most recent call last)")).to_have_count(1)
    region.get_by_role("button", name=re.compile(r"cell 2, line \d")).click()
    expect(notebook.cell(1).locator(".cm-content")).to_be_focused()
    notebook.page.keyboard.insert_text("# here")
    assert "# here    1 / 0" in notebook.source(1)


def test_a_fork_goes_on_in_a_chat_of_its_own(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.COUNTER, "%poebot chat fork-1")
    notebook.run(1)
    chat = notebook.chat(1)
    chat.ask("one", "counter")
    chat.ask("two", "counter")
    chat.messages("You").first.hover()
    chat.messages("You").first.get_by_role("button", name="Fork").click()
    expect(chat.messages("You").first).to_contain_text("%poebot chat fork-1")
    notebook.run(2)
    fork = notebook.chat(2)
    expect(fork.messages("You")).to_have_text(["one"])
    fork.ask("three", "counter")
    expect(fork.messages("counter").last).to_contain_text("answer 3, message 3")
    expect(chat.messages("You")).to_have_count(2)


def test_the_trace_shows_which_bots_were_asked_and_what_they_took(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.DEAR, bots.ORRERY)
    notebook.run(1)
    notebook.run(2)
    chat = notebook.chat(2)
    answer = chat.ask("low tide", "orrery")
    expect(answer).to_contain_text("LOW TIDE")
    expect(answer).to_contain_text("tides.csv")
    expect(answer).to_contain_text("$0.01")
    region = _traced(chat, "orrery")
    region.get_by_role("tab", name="Calls").click()
    expect(region.get_by_role("tabpanel")).to_contain_text("dear")
    expect(region.get_by_role("tabpanel")).to_contain_text("$0.01")


def test_a_picture_that_a_bot_posts_is_shown_and_one_of_another_host_waits(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.PAINTER)
    notebook.run(1)
    answer = notebook.chat(1).ask("red", "painter")
    picture = answer.get_by_role("img", name="red.png")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)
    expect(answer.get_by_role("button", name="pictures.invalid")).to_be_visible()
