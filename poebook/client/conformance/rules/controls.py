"""The parameter controls that a bot declares."""

from __future__ import annotations

from pydantic import ValidationError

from poebook.client.conformance.evidence import Evidence, Rule, cut
from poebook.client.conformance.rules.settings import faults_of
from poebook.protocol import ParameterControls
from poebook.protocol.panel import slips

_ROOM = "parameter_controls"


def _invalid(evidence: Evidence) -> str | None:
    for _, where, words in faults_of(evidence.settings or {}):
        if where.startswith(_ROOM):
            return f"{cut(where, 120)} is not as it should be: {words}."
    return None


def _dropped(evidence: Evidence) -> str | None:
    settings = evidence.settings or {}
    if not settings.get(_ROOM) or settings.get("response_version") == 2:
        return None
    return "The bot has parameter_controls but not response_version 2, so Poe drops them without a word."


def _slip(evidence: Evidence) -> str | None:
    try:
        panel = ParameterControls.model_validate((evidence.settings or {}).get(_ROOM))
    except ValidationError:
        return None
    return next(slips(panel), None)


RULES = (
    Rule("controls.invalid", "error", _invalid, "Build them from fp.ParameterControls, which checks them."),
    Rule("controls.dropped", "error", _dropped, "Send response_version 2 with them."),
    Rule("controls.slip", "error", _slip, "Mend the control; Poe may refuse the whole panel."),
)
