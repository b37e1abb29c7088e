"""What should not leave the machine."""

from __future__ import annotations

import re

from poebook.client.conformance.evidence import Evidence, Rule, cut
from poebook.client.conformance.exchange import Exchange

_TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|File \\?\"[^\"]+\\?\", line \d+|\n\s+at \S+ \(\S+:\d+:\d+\)"
)
_EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b\(?['\":(]")
_SHORTEST_KEY = 6


def _words(one: Exchange) -> str:
    return one.body.decode("utf-8", "replace")


def _answers(evidence: Evidence) -> list[Exchange]:
    return list(evidence.exchanges.values())


def _traceback(evidence: Evidence) -> str | None:
    found = (one for one in _answers(evidence) if _TRACEBACK.search(_words(one)))
    return next((f"{one.says} is answered with a traceback." for one in found), None)


def _exception(evidence: Evidence) -> str | None:
    for one in _answers(evidence):
        said = _EXCEPTION.search(_failed_words(one))
        if said is not None and not _TRACEBACK.search(_words(one)):
            return f"{one.says} is answered with the name of an exception: {cut(said.group(), 60)}"
    return None


def _failed_words(one: Exchange) -> str:
    """What an answer says where it says that something went wrong."""
    if one.is_stream:
        return "\n".join(event.data.replace('\\"', '"') for event in one.events if event.name == "error")
    return _words(one) if one.status is not None and one.status >= 500 else ""


def _echoed(evidence: Evidence) -> str | None:
    key = evidence.key
    if key is None or len(key) < _SHORTEST_KEY:
        return None
    found = (one for one in _answers(evidence) if key in _words(one) or key in str(one.headers))
    return next((f"{one.says} is answered with the key in the answer." for one in found), None)


def _cookie(evidence: Evidence) -> str | None:
    return "The bot sets a cookie." if any("set-cookie" in one.headers for one in _answers(evidence)) else None


RULES = (
    Rule("hygiene.traceback", "error", _traceback, "Log it, and tell people one plain sentence."),
    Rule("hygiene.exception", "warning", _exception, "Log it, and tell people one plain sentence."),
    Rule("hygiene.key-echoed", "error", _echoed, "Never put the key of a request into anything that is sent."),
    Rule("hygiene.cookie", "info", _cookie, "Leave cookies out; Poe keeps none."),
)
