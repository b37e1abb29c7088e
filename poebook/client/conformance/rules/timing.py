"""How long things take, and how much comes."""

from __future__ import annotations

from itertools import pairwise

from poebook.client.conformance.evidence import Evidence, Rule

_ALONE = ("hello", "busy", "after")  # questions that are not asked beside many others
_LUMP_EVENTS = 5
_LUMP_S = 0.02  # events that a server made one after the other do not all arrive within this
_LUMP_WAIT_S = 1.0


def _first(evidence: Evidence) -> str | None:
    most = evidence.limits.first_event_s
    for one in map(evidence.of, _ALONE):
        if not one.is_stream:
            continue
        at = one.events[0].at_s if one.events else one.total_s if one.fate == "late" else 0.0
        if at > most:
            return f"The first event of an answer came after {at:.1f} s; Poe waits {most:g} s."
    return None


def _whole(evidence: Evidence) -> str | None:
    most = evidence.limits.answer_s
    late = next((one for one in evidence.streams if one.total_s > most), None)
    return f"An answer was not done after {most:g} s." if late else None


def _lump(evidence: Evidence) -> str | None:
    for one in evidence.wholes:
        events = [event for event in one.events if event.name != "ping"]
        if len(events) < _LUMP_EVENTS or one.headers_s < _LUMP_WAIT_S:
            continue
        took = events[-1].at_s - one.headers_s
        if took < _LUMP_S:
            return f"After {one.headers_s:.1f} s of nothing, {len(events)} events came within {1000 * took:.0f} ms."
    return None


def _silence(evidence: Evidence) -> str | None:
    most = evidence.limits.silence_s
    for one in evidence.streams:
        marks = [one.headers_s, *one.arrivals]
        gap = max((after - before for before, after in pairwise(marks)), default=0.0)
        if gap > most:
            return f"An answer was silent for {gap:.1f} s."
    return None


def _events(evidence: Evidence) -> str | None:
    most = evidence.limits.events
    many = next((len(one.events) for one in evidence.streams if len(one.events) > most), None)
    return f"An answer has {many} events; Poe takes {most}." if many else None


def _characters(evidence: Evidence) -> str | None:
    most = evidence.limits.characters
    many = next((len(one.text) for one in evidence.streams if len(one.text) > most), None)
    return f"An answer has {many} characters; Poe takes {most}." if many else None


def _blocked(evidence: Evidence) -> str | None:
    busy, beside = evidence.of("busy"), evidence.of("beside")
    if beside.fate != "whole" or not busy.is_stream:
        return None
    ended = busy.began + busy.total_s - beside.began
    waited = beside.total_s > 0.3 and ended > 0.3 and beside.total_s >= ended - 0.05
    alone = evidence.of("settings").total_s
    if not waited or alone > beside.total_s / 2:
        return None
    return f"A settings request waited {beside.total_s:.1f} s until the answer before it was done."


def _settings(evidence: Evidence) -> str | None:
    took, most = evidence.of("settings").total_s, evidence.limits.settings_s
    return f"The settings took {took:.1f} s." if took > most else None


RULES = (
    Rule(
        "time.first-event",
        "error",
        _first,
        "Send something at once, if only an empty text, and let the work follow it.",
    ),
    Rule("time.answer", "error", _whole, "End sooner, or do the long work elsewhere and let people ask for it."),
    Rule(
        "time.lump",
        "warning",
        _lump,
        "Something gathers the answer: send events as they are made, and turn the proxy's buffering off.",
    ),
    Rule("time.silence", "warning", _silence, "Send a comment line every 15 s, so that proxies keep the connection."),
    Rule("time.blocked", "warning", _blocked, "Do not block the event loop: await, or give the work to a thread."),
    Rule("time.settings", "warning", _settings, "Answer settings from memory."),
    Rule("limits.events", "error", _events, "Gather small texts into fewer events."),
    Rule("limits.characters", "error", _characters, "Answer in fewer words, or with a file."),
)
