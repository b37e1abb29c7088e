"""JupyterLab in one page that stays open: notebooks are opened and closed in it, its console is listened to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, TimeoutError

from tests.browser.lab import Lab
from tests.keyless.hearing import hear

PATIENCE = 30_000  # milliseconds; a wait ends with its condition

# What JupyterLab and Notebook complain of by themselves; nothing of ours.
_NOT_OURS = re.compile(
    r"favicon|Kernel is not running|ResizeObserver loop|Could not restore the debugger state"
    r"|widget model not found|Canceled future for create_subshell_request"  # of a kernel that is gone
    r"|reading 'schema'|'filebrowser:open-path' not registered"  # Notebook 7, without a file browser in its page
)


class Desk:
    """A page with JupyterLab in it."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.errors: list[str] = []  # of the console
        page.on("request", lambda request: hear("the address of a page's request", request.url))
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complain(str(error)))

    def clear(self) -> None:
        """Load JupyterLab anew, with nothing open."""
        self.page.goto(f"{self.lab.url}/lab?reset")
        self.page.wait_for_function("window.jupyterapp !== undefined")
        self.page.locator(".jp-Launcher").wait_for()

    def command(self, name: str, **arguments: str | bool) -> None:
        """Carry out one of JupyterLab's commands, as its menus and palette do."""
        self.page.evaluate("([name, args]) => { window.jupyterapp.commands.execute(name, args) }", [name, arguments])

    def refuse_kernel(self) -> None:
        """Answer that no kernel is wanted, as often as JupyterLab asks."""
        dialogs = self.page.get_by_role("dialog").filter(has_text="Select Kernel")
        dialogs.first.wait_for()
        while dialogs.count():
            left = dialogs.count() - 1
            self.page.keyboard.press("Escape")
            self.page.wait_for_function("n => document.querySelectorAll('.jp-Dialog').length <= n", arg=left)

    def tidy(self) -> None:
        """Close what is open and end the kernels."""
        self.page.evaluate(
            "async () => {"
            " await window.jupyterapp.commands.execute('docmanager:save-all');"
            " await window.jupyterapp.commands.execute('application:close-all'); }"
        )
        try:
            self.page.locator(".jp-Launcher").wait_for(timeout=5_000)  # it comes by itself when nothing else is open,
        except TimeoutError:  # but not always after a reload
            self.lab.end_kernels()
            self.clear()
        else:
            self.lab.end_kernels()

    def picture(self, path: Path) -> None:
        """Keep what is to be seen now."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def _hear(self, message: ConsoleMessage) -> None:
        hear("the page's console", message.text)
        if message.type == "error":
            self._complain(f"{message.text} ({message.location.get('url')})")

    def _complain(self, text: str) -> None:
        if not _NOT_OURS.search(text):
            self.errors.append(text)


@contextmanager
def opened(browser: Browser, lab: Lab, *, width: int = 1280, height: int = 1400, scale: int = 1) -> Iterator[Desk]:
    """A desk of that size in CSS pixels, with nothing on it."""
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
    context.set_default_timeout(PATIENCE)
    try:
        desk = Desk(context.new_page(), lab)
        desk.clear()
        yield desk
    finally:
        context.close()
