"""What becomes of the types of requests, and of bodies that are not as they should be."""

from __future__ import annotations

from poebook.client.conformance.evidence import Evidence, Rule, of
from poebook.client.conformance.exchange import Exchange

_REPORTS = ("feedback", "reaction", "error report")
_ODD_BODIES = ("not json", "no fields")


def _answered(one: Exchange) -> str | None:
    return "A request of an unknown type is answered with 200." if one.ok else None


def _unknown_fails(one: Exchange) -> str | None:
    if one.status is None or one.status < 500 or one.status == 501:
        return None
    return f"A request of an unknown type is answered with the status {one.status}."


def _unknown_status(one: Exchange) -> str | None:
    if one.status is None or not 400 <= one.status < 500 or one.status == 429:
        return None
    return f"A request of an unknown type is answered with {one.status} instead of 501."


def _fails(one: Exchange) -> str | None:
    if one.status in (None, 200, 501, 429):
        return None
    return f"{one.says} is answered with the status {one.status}."


def _unsupported(evidence: Evidence) -> str | None:
    left = [one.says.lower() for one in map(evidence.of, _REPORTS) if one.status == 501]
    return f"The bot does not take these: {', '.join(left)}." if left else None


def _odd_feedback(evidence: Evidence) -> str | None:
    return _fails(evidence.of("odd feedback")) if evidence.of("feedback").ok else None


def _later(evidence: Evidence) -> str | None:
    return evidence.of("unknown fields").failure() if evidence.well else None


def _newer(evidence: Evidence) -> str | None:
    return evidence.of("newer version").failure() if evidence.well else None


def _odd_role(evidence: Evidence) -> str | None:
    return evidence.of("odd role").failure() if evidence.well else None


def _odd_body(evidence: Evidence) -> str | None:
    found = (one for one in map(evidence.of, _ODD_BODIES) if one.status is not None and one.status >= 500)
    return next((f"{one.says} is answered with the status {one.status}." for one in found), None)


def _odd_body_taken(evidence: Evidence) -> str | None:
    return next((f"{one.says} is answered with 200." for one in map(evidence.of, _ODD_BODIES) if one.ok), None)


def _page(one: Exchange) -> str | None:
    if one.status in (None, 200):
        return None
    return f"Whoever opens the address in a browser sees the status {one.status}."


_IGNORE = "Ignore what you do not know: Poe adds fields without notice."

RULES = (
    Rule("types.unknown-answered", "warning", of("unknown type", _answered), "Answer other types with 501."),
    Rule("types.unknown-fails", "warning", of("unknown type", _unknown_fails), "Answer other types with 501."),
    Rule("types.unknown-status", "info", of("unknown type", _unknown_status), "Answer other types with 501."),
    Rule("types.feedback-fails", "warning", of("feedback", _fails), "Answer report_feedback with 200 and {}."),
    Rule("types.reaction-fails", "warning", of("reaction", _fails), "Answer report_reaction with 200 and {}."),
    Rule("types.error-report-fails", "warning", of("error report", _fails), "Answer report_error with 200 and {}."),
    Rule("types.reports-unsupported", "info", _unsupported, "Answer them with {} to learn what people think of it."),
    Rule("types.odd-feedback", "info", _odd_feedback, "Take feedback types that you do not know: more may come."),
    Rule("types.unknown-fields", "error", _later, _IGNORE),
    Rule("types.newer-version", "warning", _newer, "Do not compare the version; later ones only add to it."),
    Rule("types.odd-role", "info", _odd_role, "Leave out messages of roles that you do not know."),
    Rule("types.odd-body-fails", "info", _odd_body, "Answer bodies that cannot be read with 400 and a reason."),
    Rule("types.odd-body-taken", "warning", _odd_body_taken, "Answer bodies that cannot be read with 400."),
    Rule("types.no-page", "info", of("page", _page), "Answer GET with a line that says that the bot runs."),
)
