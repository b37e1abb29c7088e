"""gradio's and Panel's chat: each on a server of its own, its page in the browser that shows poebook's."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser

from tests.bench.page.texts import END
from tests.bench.page.watch import Seen, Watch
from tests.runner import environment
from tests.runner.places import ROOT, WORKSHOP

VENV = WORKSHOP / "rivals"
PACKAGES = ("gradio", "panel")
_PATIENCE = 60.0


@dataclass(frozen=True)
class Form:
    """One way to stream; ``scope`` selects what holds the answers."""

    name: str
    module: str
    path: str
    scope: str


FORMS = (
    Form("gradio, yields the text so far", "tests.bench.page.gradio_app", "/", "[data-testid=bot]"),
    Form("Panel, yields the text so far", "tests.bench.page.panel_app", "/yielding", "body"),
    Form("Panel, stream()", "tests.bench.page.panel_app", "/streaming", "body"),
)


def versions() -> dict[str, str]:
    """Of the packages, in an environment that is made when it is missing."""
    if not environment.ready(VENV, PACKAGES):
        environment.prepare(VENV, PACKAGES)
    ask = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    words = [str(environment.python(VENV)), "-c", ask, *PACKAGES]
    return dict(zip(PACKAGES, subprocess.check_output(words, text=True).split(), strict=True))


class Rivals:
    """Their servers, by module."""

    def __init__(self, browser: Browser, doors: dict[str, str]) -> None:
        self._browser = browser
        self._doors = doors

    def ask(self, form: Form, count: int) -> Seen:
        """Send *count* as the question, in a new page, and wait for its last event."""
        context = self._browser.new_context(viewport={"width": 1280, "height": 1400})
        try:
            page = context.new_page()
            page.goto(self._doors[form.module] + form.path)
            box = page.locator("textarea").first
            box.click(timeout=_PATIENCE * 1000)
            box.press_sequentially(str(count))
            page.wait_for_function("() => document.readyState === 'complete'")
            watch = Watch(page)
            watch.begin(form.scope, END)
            box.press("Enter")
            return watch.end()
        finally:
            context.close()


@contextmanager
def running(browser: Browser) -> Iterator[Rivals]:
    """With their servers, ready."""
    with ExitStack() as stack:
        doors = {module: stack.enter_context(_served(module)) for module in {form.module for form in FORMS}}
        yield Rivals(browser, doors)


@contextmanager
def _served(module: str) -> Iterator[str]:
    port = _free_port()
    env = os.environ | {"PYTHONPATH": str(ROOT), "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    words = [str(environment.python(VENV)), "-m", module, str(port)]
    log = (WORKSHOP / f"{module}.log").open("wb")
    process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            if httpx.get(url, follow_redirects=True).status_code < 500:
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None, f"{url} did not start"
        assert time.monotonic() < end, f"{url} does not answer"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
