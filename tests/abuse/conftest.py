"""What came of the cases with poebook, found out once."""

from __future__ import annotations

import pytest

from tests.abuse.cases import OURS, Outcome
from tests.abuse.one import CASES, outcomes


@pytest.fixture(scope="session")
def found() -> dict[str, Outcome]:
    """What came of each quick case: servers' cases in one process, clients' in another."""
    quick = [[case for case in CASES if case.side == side and not case.slow] for side in ("server", "client")]
    return {name: one for cases in quick for name, one in outcomes(cases, OURS, deadline_s=400).items()}
