"""A notebook as a person sees it: cells to run and change, and the chats below them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import PATIENCE, Desk
from tests.browser.lab import Lab

_RAN = re.compile(r"\[\d+\]:")


class Notebook:
    """One notebook in one page of the browser."""

    def __init__(self, page: Page, cells: Locator) -> None:
        self.page = page
        self._cells = cells

    @classmethod
    def open(cls, desk: Desk, name: str) -> Notebook:
        """Open *name* in JupyterLab and wait for its kernel."""
        desk.command("docmanager:open", path=name, factory="Notebook")
        notebook = cls(desk.page, desk.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-cell"))
        notebook.wait_for_kernel()
        desk.lab.wait_for_kernel(name)
        return notebook

    @classmethod
    def open_classic(cls, page: Page, lab: Lab, name: str) -> Notebook:
        """Open *name* in Notebook 7."""
        page.goto(f"{lab.url}/notebooks/{name}")
        notebook = cls(page, page.locator(".jp-NotebookPanel .jp-Notebook-cell"))
        notebook._cells.first.wait_for(timeout=PATIENCE)
        indicator = page.locator(".jp-Notebook-ExecutionIndicator").first
        expect(indicator).to_have_attribute("data-status", "idle", timeout=PATIENCE)
        lab.wait_for_kernel(name)
        return notebook

    def wait_for_kernel(self) -> None:
        """Wait until the status bar says that the kernel is idle."""
        self._cells.first.wait_for(timeout=PATIENCE)
        expect(self.page.get_by_text(re.compile(r"\| Idle$"))).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator(".jp-NotebookPanel .jp-Spinner")).to_have_count(0, timeout=PATIENCE)

    def cell(self, number: int) -> Locator:
        """The cell of that number, counted from 0, Markdown cells too."""
        return self._cells.nth(number)

    def run(self, number: int, *, wait: bool = True) -> Locator:
        """Run a cell as Ctrl+Enter does; its outputs are given when it is over."""
        cell = self.cell(number)
        self._enter(cell)
        self.page.keyboard.press("Control+Enter")
        if wait:
            self.wait(number)
        return cell

    def wait(self, number: int) -> Locator:
        """Wait until a cell that was run is over."""
        cell = self.cell(number)
        expect(cell.locator(".jp-InputPrompt")).to_have_text(_RAN, timeout=PATIENCE)
        return cell

    def select(self, number: int) -> None:
        """Make a cell the one that commands are about."""
        self._enter(self.cell(number))
        self.page.keyboard.press("Escape")

    def write(self, number: int, text: str) -> None:
        """Put *text* in the place of what a cell says."""
        self._enter(self.cell(number))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def source(self, number: int) -> str:
        """What a cell says now, with a line break at its end."""
        lines = self.cell(number).locator(".cm-line").all_inner_texts()
        return "".join(line.rstrip("\n") + "\n" for line in lines)

    def save(self) -> None:
        """Save the notebook as its menu does."""
        self.page.get_by_role("menuitem", name="File", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile("^Save Notebook")).first.click()
        expect(self.page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0, timeout=PATIENCE)

    def rest(self) -> None:
        """Take the pointer and the focus away from everything, for a picture."""
        self.page.mouse.move(2, 2)
        self.page.evaluate("document.activeElement && document.activeElement.blur()")

    def chat(self, number: int) -> Chat:
        """The chat below a cell."""
        return Chat(self.cell(number).locator(".jp-OutputArea").first)

    def _enter(self, cell: Locator) -> None:
        cell.scroll_into_view_if_needed(timeout=PATIENCE)
        cell.locator(".cm-content").first.click(position={"x": 4, "y": 8}, timeout=PATIENCE)


class Chat:
    """A card and its chat, reached by the names that assistive technology sees."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.page = root.page

    @property
    def log(self) -> Locator:
        return self.root.get_by_role("log")

    @property
    def box(self) -> Locator:
        return self.root.get_by_role("textbox", name=re.compile("^Message "))

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def messages(self, who: str) -> Locator:
        """The messages of ``You``, or of a bot by its name."""
        return self.root.get_by_role("article", name=who, exact=True)

    def say(self, text: str) -> None:
        """Type *text* and press Enter."""
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str, who: str) -> Locator:
        """Say *text* and wait for *who* to have answered it; the answer."""
        said = self.messages("You").count()
        self.say(text)
        expect(self.messages("You")).to_have_count(said + 1)
        answer = self.messages(who).last
        expect(answer).to_have_attribute("data-state", "done", timeout=PATIENCE)
        return answer
