"""A pytest plugin: tapes are tests, and ``local_poe`` tests bots as they will run on Poe, with no network.

It comes with poebook; nothing is to be set up::

    def test_the_orrery_asks_the_moon(local_poe):
        local_poe.add({"orrery": Orrery(), "moon": Moon()})
        local_poe.double("GPT-5", ["half full"])
        assert local_poe.ask("orrery", "How is the moon?").text == "half full"
        assert [entry.amount for entry in local_poe.ledger] == [12]

Each turn on a file ``NAME.tape.jsonl`` is a test: the bot is asked again, and what changed is shown. Which bot that
is says ``poebook_target`` in pytest's settings (``file.py:Bot``, ``module:Bot``, a folder with a ``bot.py``, a URL; one
a line, and ``NAME = bot.py:Bot`` for the tapes of one bot), or ``--poebook-target``; left out, it is that of a
``bot.py`` in pytest's root folder. The tape's first line says how it is compared: ``{"tape": 1, "compare": "loose"}``
by texts, ``"matchers": {"contains": "tide"}`` as ``fp.replay`` has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from poebook.runtime.local_poe import LocalPoe


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "the bot that tapes are played to: file.py:Bot, module:Bot, a folder with a bot.py, or a URL"
    parser.getgroup("poebook").addoption("--poebook-target", metavar="TARGET", help=words)
    parser.addini("poebook_target", f"{words}; NAME = TARGET for tapes of one bot alone", type="linelist", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not file_path.name.endswith(".tape.jsonl"):
        return None
    from poebook.pytest_tapes import TapeFile

    return TapeFile.from_parent(parent, path=file_path)


@pytest.fixture
def local_poe(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPoe]:
    """A local Poe of the test's own; ``POE_BASE_URL`` and ``POE_API_KEY`` lead to it while the test runs."""
    from poebook.runtime.local_poe import LocalPoe

    monkeypatch.delenv("POE_API_KEY", raising=False)
    with LocalPoe() as poe:
        monkeypatch.setenv("POE_BASE_URL", poe.base_url)
        monkeypatch.setenv("POE_API_KEY", poe.api_key)
        yield poe
