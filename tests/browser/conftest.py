"""One JupyterLab and one Chromium a run; a page of its own for every test."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser import chromium
from tests.browser import lab as jupyter
from tests.browser.lab import Lab
from tests.browser.notebook import PATIENCE, Notebook
from tests.elsewhere import Elsewhere, elsewhere

OpenNotebook = Callable[..., Notebook]
_FAILURES = Path(__file__).resolve().parents[2] / ".poebook-tests" / "failures"
_numbers = itertools.count(1)

# What JupyterLab and Notebook complain of by themselves; nothing of ours.
_NOT_OURS = re.compile(
    r"favicon|Kernel is not running|ResizeObserver loop"
    r"|reading 'schema'|'filebrowser:open-path' not registered"  # Notebook 7, without a file browser in its page
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's loop runs in the main thread, where coroutine tests want theirs."""
    here = str(Path(__file__).parent)
    items.sort(key=lambda item: str(item.path).startswith(here))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report is not None and report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def lab(quiet_surroundings: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyter.running(tmp_path_factory.mktemp("lab") / "home") as one:
        yield one


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.running() as one:
        yield one


@pytest.fixture(scope="session")
def parrot() -> Iterator[Elsewhere]:
    """A plain ``fastapi_poe`` bot in another process."""
    with elsewhere() as one:
        yield one


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose console must stay free of errors; of a test that fails a picture is kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not _NOT_OURS.search(message.text + str(message.location.get("url"))):
            errors.append(f"{message.text} ({message.location.get('url')})")

    page.on("console", listen)
    page.on("pageerror", lambda error: None if _NOT_OURS.search(str(error)) else errors.append(str(error)))
    yield page
    if request.node.stash.get(_FAILED, False):
        _FAILURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=_FAILURES / f"{request.node.name}.png")
    context.close()
    assert errors == [], "the console has errors"


@pytest.fixture
def open_notebook(page: Page, lab: Lab) -> Iterator[OpenNotebook]:
    """``open_notebook(cell, cell, ...)`` writes a notebook, opens it and runs its first cell, which loads poebook."""

    def open_it(*cells: str) -> Notebook:
        name = lab.write(f"notebook-{next(_numbers)}.ipynb", ["%load_ext poebook\nimport poebook as fp", *cells])
        notebook = Notebook.open(page, lab, name)
        notebook.run(0)
        return notebook

    yield open_it
    lab.end_kernels()
