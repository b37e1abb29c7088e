"""The cases that fastapi_poe is compared by: poebook stands each, and the manual's page says what came of it."""

from __future__ import annotations

import pytest

from tests.abuse import page
from tests.abuse.cases import OURS, Case, Outcome
from tests.abuse.one import CASES, outcomes

_QUICK = [case for case in CASES if not case.slow]
_STALE = "run `.poebook-tests/venv/bin/python -m tests.abuse`"


@pytest.fixture(scope="module")
def found() -> dict[str, Outcome]:
    """What came of each: servers' cases in one process, clients' in another."""
    by_side = [[case for case in _QUICK if case.side == side] for side in ("server", "client")]
    return {name: one for cases in by_side for name, one in outcomes(cases, OURS, deadline_s=400).items()}


@pytest.mark.parametrize("case", _QUICK, ids=lambda case: case.name)
def test_poebook_stands(case: Case, found: dict[str, Outcome]) -> None:
    assert found[case.name].good, found[case.name].words


def test_the_page_of_the_manual_names_every_case() -> None:
    assert list(page.read()) == [case.title for case in CASES], _STALE


@pytest.mark.parametrize("case", _QUICK, ids=lambda case: case.name)
def test_the_page_of_the_manual_says_what_poebook_does(case: Case, found: dict[str, Outcome]) -> None:
    assert page.read()[case.title][0] == page.shown(found[case.name]), _STALE
