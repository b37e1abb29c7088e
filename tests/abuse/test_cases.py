"""The cases that fastapi_poe is compared by: poebook stands each."""

from __future__ import annotations

import pytest

from tests.abuse.cases import Case, Outcome
from tests.abuse.one import CASES


@pytest.mark.parametrize("case", [case for case in CASES if not case.slow], ids=lambda case: case.name)
def test_poebook_stands(case: Case, found: dict[str, Outcome]) -> None:
    assert found[case.name].good, found[case.name].words
