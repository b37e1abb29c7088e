"""A pytest plugin: ``local_poe``, so that bots are tested as they will run on Poe, with no network.

It comes with poebook; nothing is to be set up::

    def test_the_orrery_asks_the_moon(local_poe):
        local_poe.add({"orrery": Orrery(), "moon": Moon()})
        local_poe.double("GPT-5", ["half full"])
        assert local_poe.ask("orrery", "How is the moon?").text == "half full"
        assert [entry.amount for entry in local_poe.ledger] == [12]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from poebook.runtime.local_poe import LocalPoe


@pytest.fixture
def local_poe(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPoe]:
    """A local Poe of the test's own; ``POE_BASE_URL`` and ``POE_API_KEY`` lead to it while the test runs."""
    from poebook.runtime.local_poe import LocalPoe

    monkeypatch.delenv("POE_API_KEY", raising=False)
    with LocalPoe() as poe:
        monkeypatch.setenv("POE_BASE_URL", poe.base_url)
        monkeypatch.setenv("POE_API_KEY", poe.api_key)
        yield poe
