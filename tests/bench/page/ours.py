"""poebook's works in the open notebook, one by one; each gives figures by name."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.bench.page import cells
from tests.bench.page.watch import Seen, Watch, keys_watched, slowest_key
from tests.browser.desk import Desk
from tests.browser.notebook import Notebook

Figures = dict[str, float]

_ANSWER = "[role=log][aria-label='Conversation with {}'] article"
# Which copy of the conversation stands beside the chat; it is made a moment after an answer has ended.
_EDITION = "Number(document.querySelector('.poebook-saved').dataset.edition)"
_ALL_THERE = "() => document.querySelectorAll('[role=log] article[aria-label=talk]').length === 250"


class Ours:
    """The notebook, run up to the place where measuring begins."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._page = desk, desk.page
        self._notebook = Notebook.open(desk, desk.lab.write(f"bench-{time.time_ns()}.ipynb", cells.CELLS))
        self._watch = Watch(desk.page)
        for number in (cells.SETUP, cells.BOT, cells.FLOOR, cells.TALK):
            self._notebook.run(number)
        self._chat = self._notebook.chat(cells.BOT)
        self._chat.box.wait_for()

    def floor(self) -> Figures:
        """10,000 events at once, as raw text in a ``<pre>``."""
        self._notebook.run(cells.NEW_FLOOR)
        expect(self._page.locator("pre.raw")).to_be_empty()
        button = self._notebook.cell(cells.FLOOR).get_by_role("button", name="Ask the floor")
        button.scroll_into_view_if_needed()
        self._watch.begin("pre.raw", cells.END, "click")
        button.click()
        return {"floor, s": self._watch.end().took}

    def burst(self) -> Figures:
        """The same in the chat."""
        seen = self._ask("10000 0")
        return {"burst, s": seen.took, "burst, longest stall ms": seen.longest}

    def paced(self) -> Figures:
        """10,000 events, 2,000 a second."""
        seen = self._ask("10000 2000")
        last = float(self._notebook.run(cells.ENDED).locator(".jp-OutputArea-output").last.inner_text())
        return {"paced, lag s": seen.seen - last, "paced, longest stall ms": seen.longest, "paced, busy": seen.busy}

    def short(self) -> Figures:
        """2,000 events at once; the median of five, as a tenth of a second strays by half beside all else."""
        return {"2,000 events, s": statistics.median(self._ask("2000 0").took for _ in range(5))}

    def long(self) -> Figures:
        """A conversation of 500 messages is opened, and something typed into it at once.

        What the rounds before left of theirs is put away first: some hundred megabytes together, which the browser
        would collect in one go of half a second or more, at a key as well as anywhere.
        """
        self._watch.tidy()
        self._watch.begin(_ANSWER.format("talk"), "Answer 250.")
        self._notebook.run(cells.OPEN)
        opened = self._watch.end()
        chat = self._notebook.chat(cells.OPEN)
        chat.box.focus()
        keys_watched(self._page)
        self._page.keyboard.type("A question that is typed at once.", delay=40)
        # By name and role Playwright would look at each message itself, a tenth of a second of the page's own time.
        self._page.wait_for_function(_ALL_THERE, polling=100)
        typed = slowest_key(self._page)
        keys_watched(self._page)
        self._page.keyboard.type(" And one typed when all stands there.", delay=40)
        after = slowest_key(self._page)
        chat.box.fill("")  # else the next round begins with it
        self._notebook.select(cells.OPEN)  # what the next work finds is the page without it
        self._desk.command("notebook:clear-cell-output")
        expect(self._page.get_by_role("log", name="Conversation with talk")).to_have_count(0)
        return {"500 messages, s": opened.took, "500 messages, slowest key ms": max(typed, after)}

    def _ask(self, words: str) -> Seen:
        chat = self._chat
        chat.box.scroll_into_view_if_needed()
        copied = self._page.evaluate(_EDITION) + 1
        if chat.messages("You").count():
            chat.button("New conversation").click()
            expect(chat.messages("You")).to_have_count(0)
            copied += 1
        chat.box.fill(words)
        self._watch.begin(_ANSWER.format("tide"), cells.END)
        chat.box.press("Enter")
        seen = self._watch.end()
        expect(chat.messages("tide").last).to_have_attribute("data-state", "done")
        self._page.wait_for_function(f"{_EDITION} >= {copied}", polling=100)  # else the next work has it to bear
        return seen


@contextmanager
def opened(desk: Desk) -> Iterator[Ours]:
    """For the time of the rounds."""
    yield Ours(desk)
    desk.tidy()
