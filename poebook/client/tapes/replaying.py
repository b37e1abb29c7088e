"""Asking a bot again what it was asked when a tape was made."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from poebook.client import asking, nested
from poebook.client.answer import Answer, AnswerEvent
from poebook.client.portal import client_portal
from poebook.client.reading import AnswerReader
from poebook.client.tapes.comparing import compared
from poebook.client.tapes.keeping import Place, read_tape
from poebook.client.tapes.matchers import Matcher, checks_of
from poebook.client.tapes.outcome import Replay, ReplayTurn
from poebook.client.tapes.played import Played
from poebook.client.tapes.questions import Questions
from poebook.client.tapes.tape import Tape, TapeTurn
from poebook.client.targets import Target, resolve
from poebook.client.turns import fold_answer, fresh_answer
from poebook.errors import InvalidParameterError, PoebookError
from poebook.protocol import Attachment


def replay(
    tape: Place | Tape,
    target: object = None,
    *,
    strict: bool | None = None,
    matchers: Matcher = None,
    turns: Sequence[int] | None = None,
    key: str | None = None,
    timeout: float | None = 300.0,
) -> Replay:
    """Ask a bot again what it was asked on a tape, and compare; blocks, also inside a running loop.

    ``target`` is who is asked (see ``fp.Conversation``; left out: whom the tape names), ``key`` is for URLs.
    *strict*: events have to be equal, names and data, as do the questions to other bots. Otherwise the texts are
    compared by ``matchers``: ``{"same": True}`` (what is done without any: equal but for whitespace),
    ``{"contains": ...}``, ``{"regex": ...}``, ``{"numbers": TOLERANCE}``, a text, a callable, or a list of these; a
    mapping from turns' numbers, which count from 1, gives each its own. Left out, the tape's first line decides, else
    it is strict; ``matchers`` make it loose. ``turns`` are the numbers of those that are wanted. ``timeout`` is in
    seconds for each answer.

    The bots that the bot asks are answered from the tape, with no network, where its handler runs in this process; a
    question that is not on the tape gets an error. Uploads lead to the files of the tape then, and charges are paid.
    A bot that runs elsewhere asks whom it can reach, and the replay's ``notes`` say so. An answer that fails is a
    difference and no exception. Raises PoebookError when there is no tape, and UnknownTarget.

    >>> from poebook import Conversation, PoeBot
    >>> from poebook.client.tapes import Tape, turns_of
    >>> conversation = Conversation(PoeBot())
    >>> _ = conversation.ask("hi")
    >>> replay(Tape(turns_of(conversation)), PoeBot()).passed
    True
    """
    return Replaying(tape, target, strict=strict, matchers=matchers, turns=turns, key=key, timeout=timeout).run()


class Replaying:
    """A replay turn by turn, in one conversation that is new to the bot; the arguments are those of ``replay``.

    ``numbers`` are those of the turns that are asked.
    """

    def __init__(
        self,
        tape: Place | Tape,
        target: object = None,
        *,
        strict: bool | None = None,
        matchers: Matcher = None,
        turns: Sequence[int] | None = None,
        key: str | None = None,
        timeout: float | None = 300.0,
    ) -> None:
        self._tape = tape if isinstance(tape, Tape) else read_tape(Path(tape))
        self._target, self._key, self._timeout = target, key, timeout
        self._matchers = matchers if matchers is not None else self._tape.matchers
        _by_turn(self._matchers, 0)  # says what is wrong before anybody is asked
        self.strict = strict
        if self.strict is None:
            self.strict = self._matchers is None and self._tape.compare == "strict"
        self._turns = dict(_chosen(self._tape, target, turns))
        self.numbers = list(self._turns)
        self._questions: Questions | None = None

    def run(self) -> Replay:
        """All turns, in their order."""
        return client_portal().run(self._all())

    def turn(self, number: int) -> ReplayTurn:
        """One turn."""
        return client_portal().run(self._turn(number))

    async def _all(self) -> Replay:
        done = [await self._turn(number) for number in self.numbers]
        return Replay(self._tape.name, done[0].target, bool(self.strict), done, self._tape)

    async def _turn(self, number: int) -> ReplayTurn:
        if self._questions is None:
            self._questions = await asyncio.to_thread(Questions, list(self._turns.values()))
        turn, place = self._turns[number], self.numbers.index(number)
        target = self._target if self._target is not None else self._tape.target or turn.target
        who, ear = resolve(target, self._key), Played(turn.calls, turn.events)
        answer = await ask(who, self._questions.body(place), self._questions.id(place), ear, self._timeout)
        checks = None if self.strict else checks_of(_by_turn(self._matchers, number))
        return compared(number, turn, answer, ear, self._questions, checks, who)


async def ask(who: Target, body: bytes, id: str, ear: nested.Ear, timeout: float | None) -> Answer:
    """The answer to one request; how it failed is in it."""
    events: list[AnswerEvent] = []
    answer = Answer(who.name, message_id=id, events=events)
    reader, shown = AnswerReader(id), fresh_answer(id, 0)
    trouble: BaseException | None = None
    began = time.perf_counter()
    try:
        async with asyncio.timeout(timeout):
            with nested.expecting(id, who.name, ear):
                async for batch in asking.events(who, body):
                    s = time.perf_counter() - began
                    for sent in batch:
                        event, ops = reader.read(sent.event, sent.data, s, who.name)
                        if sent.event != "ping":
                            events.append(event)
                            answer.first_event_s = s if answer.first_event_s is None else answer.first_event_s
                        for op in ops:
                            fold_answer(shown, op)
                        if reader.error is not None:
                            break
                    if reader.error is not None:
                        break
    except TimeoutError:
        trouble = PoebookError(f"{who.name} took longer than {timeout:g} s.")
    except Exception as error:
        trouble = error
    answer.total_s, answer.event_count, answer.metadata = time.perf_counter() - began, reader.count, reader.metadata
    answer.state, answer.error, answer.note = asking.outcome(reader, who, trouble)
    answer.text, answer.content_type = shown["text"], shown["content_type"]
    answer.suggested_replies = list(shown["replies"])
    answer.attachments = [Attachment(**file) for file in shown["files"]]
    return answer


def _chosen(tape: Tape, target: object, turns: Sequence[int] | None) -> list[tuple[int, TapeTurn]]:
    """The turns that are asked again, each with its number on the tape. Raises PoebookError."""
    numbered = list(enumerate(tape.turns, 1))
    if target is not None and len(tape.targets) > 1:
        wanted = resolve(target).name if isinstance(target, str) else None
        whose = wanted if wanted in tape.targets else tape.target or tape.targets[0]
        numbered = [(number, turn) for number, turn in numbered if turn.target == whose]
    if turns is not None:
        missing = [number for number in turns if not 1 <= number <= len(tape.turns)]
        if missing:
            raise InvalidParameterError(f"The tape {tape.name} has turns 1 to {len(tape.turns)}, and no {missing[0]}.")
        numbered = [(number, turn) for number, turn in numbered if number in turns]
    if not numbered:
        raise PoebookError(f"There is no turn on the tape {tape.name}, so there is nothing to ask again.")
    return numbered


def _by_turn(matchers: Matcher, number: int) -> Any:
    """The matchers of the turn with this number. Raises InvalidParameterError for what are none."""
    if isinstance(matchers, Mapping) and matchers and all(str(name).isdigit() for name in matchers):
        by_number = {int(name): one for name, one in matchers.items()}
        for one in by_number.values():
            checks_of(one)
        return by_number.get(number, {"same": True})
    checks_of(matchers if matchers is not None else {"same": True})
    return matchers if matchers is not None else {"same": True}
