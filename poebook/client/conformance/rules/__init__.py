"""The table of all rules, in the order in which they are looked at: the gates first."""

from __future__ import annotations

from poebook.client.conformance.evidence import Rule
from poebook.client.conformance.rules import (
    controls,
    events,
    framing,
    hygiene,
    keys,
    questions,
    reach,
    settings,
    timing,
    types,
)

RULES: tuple[Rule, ...] = tuple(
    rule
    for room in (reach, keys, types, framing, events, timing, questions, settings, controls, hygiene)
    for rule in room.RULES
)
