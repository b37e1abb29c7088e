"""The chat in marimo, which shows widgets by anywidget in its own page."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from poebook.server.sockets import listening
from tests.browser.desk import PATIENCE
from tests.browser.notebook import Chat
from tests.runner import marimo

NOTEBOOK = """\
import marimo

app = marimo.App()


@app.cell
def _():
    import poebook as fp

    class Echo(fp.PoeBot):
        async def get_settings(self, setting):
            return fp.SettingsResponse(allow_attachments=True)

        async def get_response(self, request):
            said = request.query[-1]
            for word in said.content.split():
                yield word + " "
            for file in said.attachments:
                yield f"{file.name} {len(file.parsed_content)}"

    class Broken(fp.PoeBot):
        def get_response(self, request):
            raise ValueError("no tides today")

    one = fp.Chat(Echo())
    several = fp.Chat(Echo(), Broken())
    return one, several


@app.cell
def _(one):
    one


@app.cell
def _(one):
    one


@app.cell
def _(several):
    several
"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The notebook as marimo runs it: three cells with a chat each, two of which are the same."""
    if not marimo.python().exists():
        pytest.skip("`python3 -m tests marimo` makes its environment first")
    folder = tmp_path_factory.mktemp("marimo")
    (folder / "tides.py").write_text(NOTEBOOK)
    with _running(folder) as url:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        yield page
        page.close()


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[str]:
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
    options = ("--headless", "--no-token", "--host", "127.0.0.1", "--port", str(port))
    with open(folder / "marimo.log", "wb") as log:
        process = subprocess.Popen(
            [marimo.python(), "-m", "marimo", "run", "tides.py", *options],
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "POEBOOK_HOME": str(folder / "poebook")},
            stdout=log,
            stderr=log,
        )
        try:
            url, end = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE / 1000
            while not _answers(url):
                assert process.poll() is None, (folder / "marimo.log").read_text()
                assert time.monotonic() < end, (folder / "marimo.log").read_text()
                time.sleep(0.05)
            yield url
        finally:
            process.terminate()
            process.wait(PATIENCE / 1000)


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/health").is_success
    return False


def _chats(page: Page) -> list[Chat]:
    roots = page.locator(".poebook")
    expect(roots).to_have_count(3)
    return [Chat(roots.nth(number)) for number in range(3)]


def test_a_bot_is_asked_and_two_views_agree(page: Page) -> None:
    chat, other, _ = _chats(page)
    expect(chat.ask("high at noon", "Echo")).to_contain_text("high at noon")
    expect(chat.box).to_be_focused()
    expect(other.messages("Echo")).to_contain_text("high at noon")


def test_a_file_goes_with_a_question(page: Page, tmp_path: Path) -> None:
    (tmp_path / "heights.csv").write_text("hour,metres\n" * 100_000)
    chat = _chats(page)[0]
    chat.root.locator("input[type=file]").set_input_files(tmp_path / "heights.csv")
    expect(chat.button("Remove heights.csv")).to_be_visible()
    expect(chat.ask("look at", "Echo")).to_contain_text("look at heights.csv 1000000")


def test_several_bots_stand_side_by_side_and_an_error_says_where(page: Page) -> None:
    chat = _chats(page)[2]
    expect(chat.ask("low at six", "Echo")).to_contain_text("low at six")
    broken = chat.messages("Broken")
    expect(broken).to_have_attribute("data-state", "error")
    expect(broken).to_contain_text("ValueError: no tides today")
    expect(broken).to_contain_text("Raised in line")


def test_the_trace_opens(page: Page) -> None:
    chat = _chats(page)[0]
    chat.messages("Echo").first.get_by_role("button", name="Trace", exact=True).click()
    expect(chat.root.get_by_role("region", name="Trace")).to_contain_text("done")
