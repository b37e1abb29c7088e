"""What is saved is served, if it can be served."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from poebook.runtime.service.changes import changes, looked_for
from tests.runtime.service.running import asked, running, streaming, until

SAYS = "def get_response(request):\n    return {!r}\n"
SLOW = (
    "import asyncio, os\nasync def get_response(request):\n    yield f'{os.getpid()} '\n    await asyncio.sleep(20)\n"
)


def test_a_saved_file_is_served_and_a_broken_one_leaves_what_was_there(folder: Path) -> None:
    bot = folder / "tides.py"
    bot.write_text(SLOW.replace("20", "4"))
    with running("tides.py", "--no-key", "--reload", folder=folder) as service:
        (stream,), wait = streaming(service.url, "hi", 1)
        until(lambda: stream.worker > 0, "the stream is under way")
        bot.write_text(SAYS.format("low"))
        service.wait_for("Reloaded: tides.")
        until(lambda: asked(service.url) == "low")
        bot.write_text("def get_response(request:\n")
        service.wait_for("That cannot be served, so what was there before goes on")
        assert 'tides.py", line 1' in service.told
        assert asked(service.url) == "low"
        before = service.told.count("Changed: tides.py.")
        bot.write_text("import time\ntime.sleep(600)\n")
        until(lambda: service.told.count("Changed: tides.py.") > before, service)
        bot.write_text(SAYS.format("high"))
        until(lambda: asked(service.url) == "high", service)
        wait()
        assert stream.whole, "what began before a change ends as it began"


def test_a_saved_notebook_is_served(folder: Path) -> None:
    def save(body: str) -> None:
        cell = {"cell_type": "code", "source": f"%%poebot tides\n{body}", "metadata": {}, "outputs": []}
        text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        (folder / "part").write_text(text)
        (folder / "part").rename(folder / "tides.ipynb")  # as Jupyter saves

    save(SAYS.format("low"))
    with running("tides.ipynb", "--no-key", "--reload", folder=folder) as service:
        assert asked(service.url) == "low"
        save(SAYS.format("high"))
        until(lambda: asked(service.url) == "high", service)


def test_what_is_broken_at_first_is_mended_by_the_next_save(folder: Path) -> None:
    bot = folder / "tides.py"
    bot.write_text("1 / 0\n")
    mended = Event()

    def mend(told: str) -> None:
        if "so nothing is served yet" in told and not mended.is_set():
            mended.set()
            bot.write_text(SAYS.format("high"))

    with running("tides.py", "--no-key", "--reload", folder=folder, meanwhile=mend) as service:
        assert asked(service.url) == "high"
        assert "ZeroDivisionError" in service.told


@pytest.fixture(params=["watchfiles", "without"])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Iterator[set[Path]]]]:
    still = Event()
    yield tmp_path, (changes([tmp_path], still) if request.param == "watchfiles" else looked_for([tmp_path], still))
    still.set()


def test_files_of_bots_are_told_apart_from_others(found: tuple[Path, Iterator[set[Path]]]) -> None:
    folder, told = found
    names = [".git/hook.py", "notes.txt", "__pycache__/a.py", "deep/er/bot.py", "book.ipynb"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    seen: set[Path] = set()

    over = Event()

    def keep_writing() -> None:
        number = 0
        while not over.wait(0.2):
            number += 1
            for name in names:
                (folder / name).write_text(str(number))

    writer = Thread(target=keep_writing, daemon=True)
    writer.start()
    try:
        while len(seen) < 2:
            seen |= next(told)
    finally:
        over.set()
        writer.join()
    assert seen == {folder / "deep/er/bot.py", folder / "book.ipynb"}
