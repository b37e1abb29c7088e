"""Whether the right key opens, and no other."""

from __future__ import annotations

from poebook.client.conformance.evidence import Evidence, Rule, of
from poebook.client.conformance.exchange import Exchange

LENGTH = 32
_REFUSED = (401, 403)
_NEAR = ("shorter key", "longer key", "other case")


def _needed(evidence: Evidence) -> str | None:
    if evidence.key is not None or evidence.hello.status not in _REFUSED:
        return None
    return "The bot wants a key, and none was given to the check."


def _right_refused(evidence: Evidence) -> str | None:
    if evidence.key is None or evidence.hello.status not in _REFUSED:
        return None
    return f"The key is refused with the status {evidence.hello.status}."


def _open(evidence: Evidence) -> str | None:
    if evidence.key is None:
        return "The bot answers without a key."
    both = evidence.of("no key").ok and evidence.of("wrong key").ok
    return "The bot answers whatever the key is, and without one." if both else None


def _without(evidence: Evidence) -> str | None:
    alone = evidence.of("no key").ok and not evidence.of("wrong key").ok
    return "A wrong key is refused, but a question without any is answered." if alone else None


def _wrong(evidence: Evidence) -> str | None:
    alone = evidence.of("wrong key").ok and not evidence.of("no key").ok
    return "A question with a wrong key is answered." if alone else None


def _nearly(evidence: Evidence) -> str | None:
    if evidence.of("wrong key").ok:
        return None
    return next((f"{one.says} is answered." for one in map(evidence.of, _NEAR) if one.ok), None)


def _scheme(evidence: Evidence) -> str | None:
    if evidence.of("wrong key").ok or not evidence.of("other scheme").ok:
        return None
    return "The key is taken under the scheme Basic too."


def _odd(one: Exchange) -> str | None:
    broken = one.status is not None and one.status >= 500
    return f"A key that is not ASCII is answered with the status {one.status}." if broken else None


def _refusal(one: Exchange) -> str | None:
    if one.status is None or one.ok or one.status in _REFUSED or one.status == 429:
        return None
    return f"{one.says} is answered with the status {one.status} instead of 401."


def _challenge(one: Exchange) -> str | None:
    if one.status == 401 and "www-authenticate" not in one.headers:
        return "A refusal comes without the header WWW-Authenticate."
    return None


def _settings_open(evidence: Evidence) -> str | None:
    guarded = not evidence.of("no key").ok
    return "The settings are told without a key." if guarded and evidence.of("settings without key").ok else None


def _reports_open(evidence: Evidence) -> str | None:
    guarded = not evidence.of("no key").ok
    return "Reports are taken without a key." if guarded and evidence.of("report without key").ok else None


def _length(evidence: Evidence) -> str | None:
    if evidence.key is None or len(evidence.key) == LENGTH:
        return None
    return f"The key has {len(evidence.key)} characters; Poe's have {LENGTH}."


_COMPARE = "Compare the whole Authorization header with the key, in constant time, before anything else."

RULES = (
    Rule("keys.needed", "error", _needed, "Give the bot's access key, with --key or POE_ACCESS_KEY.", True),
    Rule("keys.right-refused", "error", _right_refused, "Give the server the key that Poe's page shows.", True),
    Rule("keys.open", "warning", _open, "Give the bot an access key; without one anybody can ask it, at your cost."),
    Rule("keys.none-accepted", "error", _without, _COMPARE),
    Rule("keys.wrong-accepted", "error", _wrong, _COMPARE),
    Rule("keys.near-accepted", "error", _nearly, _COMPARE),
    Rule("keys.scheme-ignored", "warning", _scheme, "Take the key after exactly `Bearer ` only."),
    Rule("keys.odd-fails", "warning", of("odd key", _odd), "Compare keys as bytes: compare_digest refuses such text."),
    Rule("keys.refusal-status", "warning", of("wrong key", _refusal), "Refuse with 401, so that Poe knows why."),
    Rule("keys.no-challenge", "info", of("wrong key", _challenge), "Send `WWW-Authenticate: Bearer` with a 401."),
    Rule("keys.settings-open", "error", _settings_open, "Ask for the key whatever the type of the request."),
    Rule("keys.reports-open", "warning", _reports_open, "Ask for the key whatever the type of the request."),
    Rule("keys.length", "info", _length, "Take the key of 32 characters that Poe's page for the bot makes."),
)
