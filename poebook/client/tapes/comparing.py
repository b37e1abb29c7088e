"""What is another than it was: a recorded turn beside the answer of now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from poebook.client.answer import Answer
from poebook.client.tapes.matchers import Check
from poebook.client.tapes.outcome import ReplayTurn
from poebook.client.tapes.played import Played
from poebook.client.tapes.questions import Questions
from poebook.client.tapes.tape import TapeEvent, TapeTurn
from poebook.client.targets import Target


def compared(
    number: int,
    turn: TapeTurn,
    answer: Answer,
    played: Played,
    asked: Questions,
    checks: Sequence[Check] | None,
    who: Target,
) -> ReplayTurn:
    """The turn with what differs; *checks* are those of its text, None compares the events."""
    events = [TapeEvent(event.name, asked.as_recorded(event.raw), event.s) for event in answer.events]
    renamed = _files_renamed(turn.events, events)
    events = [TapeEvent(event.name, _replaced(event.data, renamed), event.s) for event in events]
    text = _replaced(asked.as_recorded(answer.text), renamed)
    stopped = turn.end == "stopped"
    if stopped:  # what came later was not waited for
        events, text = events[: len(turn.events)], text[: len(turn.text)] if checks is None else text
    differences = [f"{words}." for words in played.unexpected]
    calls = [f"It {words}." for words in [*played.differences, *played.left]] if played.is_here else []
    notes: list[str] = []
    differences += _ends(turn, answer) if not differences else []
    if checks is None:
        differences += calls
        if [_key(event) for event in events] != [_key(event) for event in turn.events]:
            differences.append(_events_differ(turn, events, text))
    else:
        notes += calls
        if not stopped:
            found = (check(text, turn.text) for check in checks)
            differences += [f"The text is another: {words}." for words in found if words is not None]
    if turn.calls and not played.is_here and answer.events:
        notes.append(
            f"{who.name} runs elsewhere, so the bots that it asks were not answered from the tape; they are where its "
            "process has POE_BASE_URL at what `poebook poe TAPE --key KEY` runs, with the key that it shows Poe."
        )
    notes += [
        f"{file.name} is too large for the tape, so {who.name} was given the address that it had."
        for file in turn.files
        if file.data is None and file.size is not None
    ]
    return ReplayTurn(number, who.name, turn, answer, text, tuple(events), tuple(differences), tuple(notes))


def _ends(turn: TapeTurn, answer: Answer) -> list[str]:
    """Whether it failed then and now."""
    if turn.end == "stopped" or (turn.end == "error") == (answer.error is not None):
        return []
    if answer.error is not None:
        return [f"It failed now, and did not before: {answer.error}"]
    return [f"It failed when the tape was made ({turn.error}), and does not any more."]


def _events_differ(turn: TapeTurn, events: Iterable[TapeEvent], text: str) -> str:
    then, now = [event.name for event in turn.events], [event.name for event in events]
    if text != turn.text:
        return "The text is another."
    if then != now:
        return f"The text is the same, by other events: {len(now)} of them, and there were {len(then)}."
    return "The text is the same, and the data of other events is not."


def _files_renamed(before: Sequence[TapeEvent], now: Sequence[TapeEvent]) -> dict[str, str]:
    """Where files of the same name and kind lie, and how the text refers to them: each upload makes that anew."""
    renamed: dict[str, str] = {}
    for old, new in zip(_files(before), _files(now), strict=False):
        if (old.get("name"), old.get("content_type")) == (new.get("name"), new.get("content_type")):
            for field in ("url", "inline_ref"):
                if old.get(field) and new.get(field) and old[field] != new[field]:
                    renamed[str(new[field])] = str(old[field])
    return renamed


def _files(events: Sequence[TapeEvent]) -> list[dict[str, Any]]:
    return [parsed for event in events if event.name == "file" and isinstance(parsed := event.parsed, dict)]


def _replaced(text: str, renamed: Mapping[str, str]) -> str:
    for now, before in renamed.items():
        text = text.replace(now, before)
    return text


def _key(event: TapeEvent) -> tuple[str, object]:
    return event.name, event.parsed
