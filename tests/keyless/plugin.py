"""What pytest does with it: each test fails that let a key out, and the last one if the run as a whole did."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.keyless import hearing, knowing, looking
from tests.keyless.searching import Search


@pytest.fixture(scope="session", autouse=True)
def nothing_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """When all that the run started has ended, no file of it holds a key of any test."""
    with pytest.MonkeyPatch.context() as patch:
        knowing.learn_given()
        knowing.learn_made(patch)
        hearing.listen(patch)
        yield
    knowing.learn_kept()
    folder = tmp_path_factory.getbasetemp()
    told = [*_told_by(looking.files(folder)), *_too_open(folder)]
    assert not told, "\n".join(told)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test at its end when a key got out."""
    report = yield
    if report.when == "call":
        hearing.hear_processes()
    elif report.when == "teardown" and (told := "\n".join(_told(item, report))):
        if report.failed:
            report.sections.append(("Keys", told))
        else:
            report.outcome = "failed"
            report.longrepr = told
    return report


def _told(item: pytest.Item, report: pytest.TestReport) -> Iterator[str]:
    arguments: dict[str, Any] = getattr(item, "funcargs", {})
    folder = arguments.get("tmp_path")
    knowing.learn_kept(folder)
    yield from _told_by([(name, text.encode("utf-8", "replace")) for name, text in report.sections])
    yield from _told_by(hearing.heard())
    if isinstance(folder, Path):
        yield from _told_by(looking.files(folder))
        yield from _too_open(folder)


def _told_by(texts: Iterable[looking.Text]) -> Iterator[str]:
    """A sentence for each of the *texts* that holds a key."""
    search = Search(knowing.known)
    return (f"A key is in {what}." for what, text in texts if search.finds(text))


def _too_open(folder: Path) -> Iterator[str]:
    """A sentence for each place of keys below *folder* that others may read."""
    return (f"Others may read {path}, where a key is kept." for path in looking.too_open(folder))
