"""What is left of a chat in the notebook's file, and how it looks without a kernel."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser import bots
from tests.browser.conftest import OpenNotebook
from tests.browser.desk import PATIENCE, Desk
from tests.browser.notebook import Notebook

PICTURES = Path(__file__).resolve().parents[2] / ".poebook-tests" / "pictures"

TIDES = '''\
%%poebot tides
ANSWER = """# High water

At **noon**, says [the table](https://example.org/tides). <img src=x onerror="document.title = 'owned'">

| port | time |
|---|---:|
| Oslo | 08:50 |

```python
height = 1.2
```
"""
async def get_response(request):
    if request.query[-1].content == "fail":
        raise KeyError("lisbon")
    yield ANSWER
'''


# Each answer is more than a copy may have that is put in its place at once.
LONG = """\
%%poebot long
def get_response(request):
    return "A long line.\\n\\n" * 5000 + f"That was {request.query[-1].content}."
"""


def copies(notebook: Notebook, number: int) -> Locator:
    """What stands beside the chats of a cell for who has no kernel, whether it is seen or not."""
    return notebook.cell(number).locator(".poebook-saved")


def saved(notebook: Notebook, desk: Desk) -> str:
    """What is in the notebook's file after a save."""
    return write(notebook, desk).read_text()


def write(notebook: Notebook, desk: Desk) -> Path:
    """The notebook's file, just saved."""
    notebook.save()
    tab = notebook.page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current")
    return desk.lab.folder / tab.inner_text().strip()


def open_without_kernel(desk: Desk, text: str) -> Notebook:
    """Open a notebook of this content as if it came from elsewhere: not trusted, and without a kernel."""
    document = json.loads(text)
    document["metadata"] = {}
    (desk.lab.folder / "from-elsewhere.ipynb").write_text(json.dumps(document))
    desk.command("docmanager:open", path="from-elsewhere.ipynb", factory="Notebook")
    desk.refuse_kernel()
    return Notebook(desk.page, desk.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-cell"))


def test_a_saved_notebook_shows_the_conversations_without_a_kernel(open_notebook: OpenNotebook, desk: Desk) -> None:
    notebook = open_notebook(TIDES, "fp.Chat('tides')", "# The notebook's own heading")
    notebook.run(1)
    notebook.run(2)
    first, second = notebook.chat(1), notebook.chat(2)
    first.ask("When is it <high>?", "tides")
    first.say("fail")
    expect(first.messages("tides").nth(1)).to_have_attribute("data-state", "error")
    second.ask("And where?", "tides")
    expect(copies(notebook, 1)).to_contain_text("KeyError")
    expect(copies(notebook, 2)).to_contain_text("And where?")
    expect(copies(notebook, 1)).to_be_hidden()
    expect(copies(notebook, 2)).to_be_hidden()
    expect(second.box).to_be_focused()
    text = saved(notebook, desk)
    key = desk.lab.key("tides")
    assert len(key) == 32
    assert key not in text
    assert "_esm" not in text
    assert len(text) < 10_000

    desk.tidy()
    notebook = open_without_kernel(desk, text)
    shown = copies(notebook, 1)
    expect(shown).to_be_visible()
    expect(shown).to_contain_text("This is the conversation as it was saved; run the cell to go on.")
    expect(shown.locator("blockquote").first).to_have_text("When is it <high>?")
    expect(shown.get_by_role("heading")).to_have_text(["High water"])
    expect(shown.get_by_role("row")).to_have_text([re.compile("port"), re.compile("Oslo")])
    expect(shown.locator("pre")).to_have_text("height = 1.2\n")
    expect(shown.get_by_role("link")).to_have_attribute("href", "https://example.org/tides")
    expect(shown).to_contain_text("KeyError: 'lisbon'")
    expect(shown.locator("img")).to_have_count(0)
    expect(copies(notebook, 2)).to_contain_text("And where?")
    assert "owned" not in notebook.page.title()
    desk.picture(PICTURES / "saved.png")
    desk.command("toc:show-panel")
    contents = notebook.page.locator(".jp-TableOfContents-tree")
    expect(contents).to_contain_text("The notebook's own heading")
    expect(contents).not_to_contain_text("High water")
    desk.command("filebrowser:activate")


def test_a_save_right_after_an_answer_has_it(open_notebook: OpenNotebook, desk: Desk) -> None:
    notebook = open_notebook(bots.ECHO, LONG)
    notebook.run(1)
    notebook.run(2)
    for number, name, said in ((1, "echo", "saved at once"), (2, "long", "That was saved at once.")):
        notebook.chat(number).ask("saved at once", name)
        path = write(notebook, desk)
        deadline = time.monotonic() + 10
        while said not in path.read_text():
            assert time.monotonic() < deadline
            notebook.page.wait_for_timeout(100)
        expect(notebook.page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def test_in_a_fresh_kernel_the_conversation_stands_until_the_cell_is_run(
    open_notebook: OpenNotebook, desk: Desk
) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    notebook.chat(1).ask("before", "echo")
    expect(copies(notebook, 1)).to_contain_text("before")
    saved(notebook, desk)
    name = notebook.page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current").inner_text().strip()
    desk.tidy()
    notebook = Notebook.open(desk, name)
    expect(copies(notebook, 1)).to_be_visible()
    expect(copies(notebook, 1)).to_contain_text("before")
    expect(notebook.cell(1).get_by_text(re.compile("widget", re.IGNORECASE))).to_be_hidden()
    desk.picture(PICTURES / "saved-fresh-kernel.png")
    notebook.run(0)
    notebook.run(1)
    expect(notebook.chat(1).log).to_be_visible()
    notebook.chat(1).ask("after", "echo")
    expect(copies(notebook, 1)).to_be_hidden()
    expect(copies(notebook, 1)).to_contain_text("after")


def test_what_is_said_after_a_reload_is_saved_too(open_notebook: OpenNotebook, desk: Desk) -> None:
    notebook = open_notebook(bots.ECHO)
    notebook.run(1)
    notebook.chat(1).ask("before the reload", "echo")
    expect(copies(notebook, 1)).to_contain_text("before the reload")
    notebook.save()
    notebook.page.reload()
    notebook.wait_for_kernel()
    expect(copies(notebook, 1)).to_be_hidden()
    expect(notebook.chat(1).messages("echo")).to_have_text([re.compile("before the reload")])
    notebook.chat(1).ask("said after it", "echo")
    expect(copies(notebook, 1)).to_contain_text("said after it")
    assert "said after it" in saved(notebook, desk)


def test_a_long_copy_waits_until_nobody_does_anything_but_not_when_the_notebook_is_saved(
    open_notebook: OpenNotebook, desk: Desk
) -> None:
    notebook = open_notebook(LONG)
    notebook.run(1)
    chat, page = notebook.chat(1), notebook.page
    tab = page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current")
    chat.ask("first", "long")
    expect(copies(notebook, 1)).to_contain_text("That was first.")
    notebook.save()
    chat.ask("second", "long")
    expect(tab).to_have_class(re.compile("jp-mod-dirty"))
    expect(copies(notebook, 1)).not_to_contain_text("That was second.")
    assert "That was second." in saved(notebook, desk)
    expect(copies(notebook, 1)).to_contain_text("That was second.")


def test_a_cell_that_is_run_again_and_two_views_keep_one_copy_each(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.ECHO, "chat = fp.Chat('echo')\ndisplay(chat, chat)")
    for number in (1, 1, 2, 2):
        notebook.run(number)
    notebook.chat(1).ask("hello", "echo")
    expect(copies(notebook, 1)).to_have_count(1)
    expect(copies(notebook, 1)).to_contain_text("hello")
    boxes = notebook.cell(2).get_by_role("textbox", name="Message echo")
    expect(boxes).to_have_count(2)
    boxes.first.fill("to both")
    boxes.first.press("Enter")
    expect(copies(notebook, 2)).to_have_text([re.compile("to both")] * 2)
    expect(copies(notebook, 2).locator("visible=true")).to_have_count(0)
    expect(copies(notebook, 1)).not_to_contain_text("to both")


def test_a_kernel_that_is_killed_in_mid_answer_leaves_the_question_and_what_was_answered(
    open_notebook: OpenNotebook, desk: Desk
) -> None:
    notebook = open_notebook(bots.SLOW)
    process = re.search(r"in process (\d+)", notebook.run(1).inner_text())
    assert process is not None
    chat = notebook.chat(1)
    chat.say("How much of it?")
    expect(chat.messages("slow")).to_contain_text("And more.", timeout=PATIENCE)
    expect(copies(notebook, 1)).not_to_contain_text("How much of it?")
    os.kill(int(process[1]), signal.SIGKILL)
    expect(chat.root).to_contain_text("The kernel is gone.", timeout=PATIENCE)
    expect(copies(notebook, 1)).to_contain_text("How much of it?")
    notebook.page.get_by_role("dialog").get_by_role("button", name="Ok").click(timeout=PATIENCE)
    text = saved(notebook, desk)
    desk.tidy()
    notebook = open_without_kernel(desk, text)
    shown = copies(notebook, 1)
    expect(shown).to_be_visible()
    expect(shown.locator("blockquote")).to_have_text("How much of it?")
    expect(shown).to_contain_text("unfinished")
    expect(shown.locator("strong", has_text="Half")).to_be_visible()


def test_when_the_kernel_is_gone_the_chat_stays_and_after_a_reload_its_copy(
    open_notebook: OpenNotebook, desk: Desk
) -> None:
    notebook = open_notebook(bots.ECHO, bots.ENDLESS)
    notebook.run(1)
    notebook.run(2)
    notebook.chat(1).ask("last words", "echo")
    expect(copies(notebook, 1)).to_contain_text("last words")
    notebook.chat(2).say("go on")
    cut_off = notebook.chat(2).messages("endless")
    expect(cut_off).to_contain_text("one")
    notebook.save()
    desk.command("kernelmenu:shutdown")
    expect(notebook.chat(1).root).to_contain_text("The kernel is gone.")
    expect(notebook.chat(1).messages("echo")).to_contain_text("last words")
    expect(copies(notebook, 1)).to_be_hidden()
    expect(cut_off).to_have_attribute("data-state", "stopped")
    expect(notebook.chat(2).button("Stop")).to_have_count(0)
    notebook.page.reload()
    expect(copies(notebook, 1)).to_be_visible(timeout=PATIENCE)
    expect(copies(notebook, 1)).to_contain_text("last words")
    desk.clear()  # the notebook has no kernel to be closed with
