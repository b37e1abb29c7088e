"""Identifiers have Poe's form."""

import re

import pytest

from poebook.wire.ids import new_id


@pytest.mark.parametrize("kind", ["m", "u", "c", "d"])
def test_an_identifier_has_poes_form(kind: str) -> None:
    made = {new_id(kind) for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"[a-z]{1,3}-[a-z0-9=]{32}", one) for one in made)
