"""The proof of an export: a fresh process is asked what the notebook was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from poebook.client.tapes import Tape, TapeEvent, TapeTurn, replay, write_tape
from poebook.errors import PoebookError
from poebook.export.apart import apart
from poebook.export.comparing import Event, compared
from poebook.export.verdict import TurnVerdict, Verdict
from poebook.protocol import ProtocolMessage

SECONDS = 60.0  # for a process to start; what answers took in the notebook is added three times over
_TIMES = 2  # often enough to see that a bot answers otherwise each time
_GREETING = "Hello"  # what is asked where nothing was


def prove(
    project: Path,
    name: str,
    tape: Tape,
    *,
    environment: Mapping[str, str],
    settings: Mapping[str, Any] | None,
    live: str | None = None,
) -> tuple[Verdict, list[TapeTurn]]:
    """Ask the bot in *project* what stands on *tape*, in a process of its own, and compare.

    *environment* holds the secrets, as far as they are known; *settings* are what the notebook's bot declares, *live*
    is a target that asks that bot itself. The turns are those of the tape, with the notebook's answers of now where it
    answers otherwise than it did.
    """
    turns = list(tape.turns)
    played = Tape(turns or [_greeting(name)], target=name)
    took = sum(turn.total_s or 0 for turn in turns)
    with TemporaryDirectory() as aside:
        written = Path(aside) / "asked.tape.jsonl"
        write_tape(written, played)
        job = {"do": "again", "file": str((project / "bot.py").resolve()), "name": name, "tape": str(written)}
        done = apart(
            {**job, "times": _TIMES, "seconds": SECONDS},
            folder=project,
            environment=environment,
            seconds=SECONDS + 3 * _TIMES * took,
        )
    if "failed" in done:
        says = f"A fresh process could not use bot.py: {done['summary']}"
        detail = done["failed"] if done["failed"].strip() not in says else ""  # a traceback; else it is said already
        return Verdict("failed", says, detail=detail), turns
    rounds = [[_events(turn) for turn in one] for one in done["rounds"]]
    errors = [turn["error"] for turn in done["rounds"][0]]
    if not turns:
        return _started(name, rounds, errors), []
    found, final = [], []
    for place, turn in enumerate(turns):
        then, now = [(event.name, event.data) for event in turn.events], [one[place] for one in rounds]
        one = compared(turn.question, then, now, None, errors[place])
        if one.outcome != "alike" and live is not None:
            one = compared(turn.question, then, now, _live(live, played, place + 1), errors[place])
            if one.outcome == "alike":
                turn = replace(
                    turn, events=[TapeEvent(name, data, 0.0) for name, data in now[0]], end="done", error=None
                )
        found.append(one)
        final.append(turn)
    return _summed(found, _settings_differ(settings, done["settings"])), final


def _live(target: str, tape: Tape, number: int) -> list[Event] | None:
    """What the notebook's bot answers to a question of the tape now."""
    try:
        (turn,) = replay(tape, target, strict=True, turns=[number], timeout=SECONDS).turns
    except PoebookError:
        return None
    return [(event.name, event.data) for event in turn.events]


def _events(turn: Mapping[str, Any]) -> list[Event]:
    return [(name, data) for name, data in turn["events"]]


def _greeting(name: str) -> TapeTurn:
    message = ProtocolMessage(role="user", content=_GREETING).model_dump(mode="json")
    ids = {"user_id": "u-greeting", "conversation_id": "c-greeting", "message_id": "m-greeting"}
    return TapeTurn(name, {"version": "1.2", "type": "query", "query": [message], **ids})


def _started(name: str, rounds: Sequence[Sequence[Sequence[Event]]], errors: Sequence[str | None]) -> Verdict:
    if errors[0] is not None:
        says = f"A fresh process starts {name}, which answers “{_GREETING}” with an error: {errors[0]}"
        return Verdict("failed", says)
    says = (
        f"A fresh process starts {name}, and it answers “{_GREETING}”. Nothing has been asked in the notebook, so "
        "there is nothing to compare with; ask it something there, or give questions with --ask."
    )
    return Verdict("started", says)


def _settings_differ(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[str]:
    """The settings that are declared otherwise."""
    if then is None or now is None:
        return []
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))


def _summed(found: Sequence[TurnVerdict], settings: Sequence[str]) -> Verdict:
    count = len(found)
    questions = f"{count} question{'' if count == 1 else 's'}"
    changed = [turn for turn in found if turn.outcome == "differs"]
    if settings and not changed:
        says = f"A fresh process answers {questions} as the notebook did, but declares other settings: "
        return Verdict("differs", f"{says}{', '.join(settings)}.", found)
    if changed:
        how = "the one question" if count == 1 else f"{len(changed)} of {questions}"
        more = f" It declares other settings, too: {', '.join(settings)}." if settings else ""
        return Verdict("differs", f"A fresh process answers {how} otherwise than the notebook did.{more}", found)
    varied = sum(turn.outcome == "shape" for turn in found)
    if varied:
        says = f"A fresh process answers {questions} as the notebook did; {varied} by the form of the answer alone, as "
        return Verdict("shape", f"{says}the bot answers otherwise each time.", found)
    return Verdict("alike", f"A fresh process answers {questions} as the notebook did, event by event.", found)
