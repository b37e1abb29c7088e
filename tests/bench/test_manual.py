"""The manual's page on speed says what was measured, of all that is measured."""

from __future__ import annotations

from tests.bench import kept, manual
from tests.bench.page.goals import GOALS
from tests.bench.works import WORKS


def test_the_page_says_what_was_measured_last() -> None:
    found = kept.read()
    assert [work.name for work in WORKS if work.name not in found["works"]] == []
    assert [goal.title for goal in GOALS if goal.title not in found["chat"]] == []
    assert manual.PATH.read_text(encoding="utf-8") == manual.rendered(found), "python3 -m tests.bench --keep writes it."


def test_what_is_missed_has_its_reason() -> None:
    assert [work.name for work in WORKS if not work.why and manual.missed(kept.read(), work)] == []
