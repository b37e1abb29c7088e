"""Whether a bot server is to be found at the address."""

from __future__ import annotations

from urllib.parse import urlsplit

from poebook.client.conformance.evidence import Evidence, Rule, of
from poebook.client.conformance.exchange import Exchange
from poebook.client.refusals import place

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _no_connection(one: Exchange) -> str | None:
    return one.trouble if one.fate == "unreachable" else None


def _certificate(one: Exchange) -> str | None:
    return one.trouble if one.fate == "untrusted" else None


def _no_answer(one: Exchange) -> str | None:
    return "A plain question was not answered at all." if one.fate == "late" and one.status is None else None


def _redirect(one: Exchange) -> str | None:
    if one.status is None or not 300 <= one.status < 400:
        return None
    return f"The address leads on to {place(one.headers.get('location', '')) or 'nowhere'} (status {one.status})."


def _no_bot(one: Exchange) -> str | None:
    return f"A question is answered with the status {one.status}." if one.status in (404, 405, 410) else None


def _gateway(one: Exchange) -> str | None:
    if one.status not in (502, 503, 504):
        return None
    return f"Something before the bot answers for it, with the status {one.status}."


def _too_many(evidence: Evidence) -> str | None:
    number = sum(one.status == 429 for one in evidence.exchanges.values())
    return f"{number} of the check's own requests were refused as too many (status 429)." if number else None


def _interstitial(one: Exchange) -> str | None:
    return "A question is answered with a web page." if one.ok and one.kind == "text/html" else None


def _plain_http(evidence: Evidence) -> str | None:
    parts = urlsplit(evidence.url)
    if parts.scheme == "https" or parts.hostname in LOOPBACK:
        return None
    return f"{place(evidence.url)} is not https."


def _unfinished(evidence: Evidence) -> str | None:
    left = [one.says for one in evidence.exchanges.values() if one.fate == "unasked"]
    return f"Time ran out before these were asked: {', '.join(left[:3])} and others." if left else None


RULES = (
    Rule("reach.no-connection", "error", of("hello", _no_connection), "Start the server, and check the address.", True),
    Rule("reach.certificate", "error", of("hello", _certificate), "Poe wants a certificate that all trust.", True),
    Rule("reach.no-answer", "error", of("hello", _no_answer), "Look whether the handler waits for something.", True),
    Rule("reach.redirect", "error", of("hello", _redirect), "Register the address that it leads to.", True),
    Rule("reach.no-bot", "error", of("hello", _no_bot), "Check the path; a bot answers POST there.", True),
    Rule(
        "reach.gateway",
        "error",
        of("hello", _gateway),
        "The proxy or tunnel is up and the bot behind it is not: start it, or point the proxy at its port.",
        True,
    ),
    Rule(
        "reach.interstitial",
        "error",
        of("hello", _interstitial),
        "A tunnel or proxy puts a page before the bot; take a way that passes POSTs through as they are.",
        True,
    ),
    Rule("reach.plain-http", "error", _plain_http, "Poe asks https addresses only; put a certificate before it."),
    Rule("reach.too-many", "warning", _too_many, "Allow Poe's rate: 500 requests a minute and more."),
    Rule("reach.unfinished", "info", _unfinished, "Give the check more time to have all of it."),
)
