"""One JupyterLab and one Chromium a run; a page of its own for every test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser import lab as jupyter
from tests.browser.desk import Desk, opened
from tests.browser.lab import Lab
from tests.browser.notebook import Notebook
from tests.elsewhere import Elsewhere, elsewhere
from tests.keyless.hearing import hear

OpenNotebook = Callable[..., Notebook]
_FAILURES = Path(__file__).resolve().parents[2] / ".poebook-tests" / "failures"
_numbers = itertools.count(1)


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


@pytest.fixture(scope="session")
def tabletop(browser: Browser, lab: Lab) -> Iterator[Desk]:
    with opened(browser, lab) as one:
        yield one


@pytest.fixture
def desk(tabletop: Desk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """JupyterLab with nothing open. Its console must stay free of errors; a picture is kept of a test that fails."""
    tabletop.errors.clear()
    yield tabletop
    hear("what the page shows", tabletop.page.content())
    if request.node.stash.get(_FAILED, True):
        tabletop.picture(_FAILURES / f"{request.node.name}.png")
        tabletop.lab.end_kernels()
        tabletop.clear()
    else:
        tabletop.tidy()
    assert tabletop.errors == [], "the console has errors"


@pytest.fixture
def open_notebook(desk: Desk) -> OpenNotebook:
    """``open_notebook(cell, cell, ...)`` writes a notebook, opens it and runs its first cell, which loads poebook."""

    def open_it(*cells: str) -> Notebook:
        name = desk.lab.write(f"notebook-{next(_numbers)}.ipynb", ["%load_ext poebook\nimport poebook as fp", *cells])
        notebook = Notebook.open(desk, name)
        notebook.run(0)
        return notebook

    return open_it
