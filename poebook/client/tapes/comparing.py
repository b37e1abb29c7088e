"""What is another than it was: a recorded turn beside the answer of now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    text = asked.as_recorded(answer.text)
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
            f"{who.name} runs elsewhere, so the bots that it asks were not answered from the tape; let its process "
            "have POE_BASE_URL at a fp.LocalPoe whose doubles are made by fp.Double.from_tape."
        )
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


def _key(event: TapeEvent) -> tuple[str, object]:
    return event.name, event.parsed
