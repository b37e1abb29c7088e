"""A bot that answers as somebody did on a tape."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

from poebook.client.tapes.tape import Tape, TapeCall, TapeEvent, TapeTurn, question_in
from poebook.errors import ServeError
from poebook.protocol import ErrorResponse, QueryRequest
from poebook.server.bot import PoeBot
from poebook.wire.sse import ServerSentEvent


class Given(NamedTuple):
    """An answer on a tape, to this question."""

    question: str
    events: Sequence[TapeEvent]
    error: str | None


class TapeAnswers:
    """The answers on a tape that *bot* gave, be it as the one that was recorded, or asked by that one.

    >>> from poebook.client.tapes.tape import TapeTurn
    >>> turn = TapeTurn("echo", {"query": [{"role": "user", "content": "hi"}]}, [])
    >>> [given.question for given in TapeAnswers(Tape([turn])).of("anybody")]
    ['hi']
    """

    def __init__(self, tape: Tape, bot: str | None = None) -> None:
        self._tape = tape
        self._bot = bot

    def of(self, name: str) -> list[Given]:
        """Those of the bot that was asked for, else of the one with this *name*, else of the only one recorded.

        Raises ServeError when there are none.
        """
        wanted = (self._bot or name).casefold()
        turns = self._tape.turns
        calls = [call for turn in turns for call in turn.calls]
        given = [_given(call) for call in calls if call.bot.casefold() == wanted]
        given = given or [_given(turn) for turn in turns if turn.target.casefold() == wanted]
        if not given and self._bot is None and len(self._tape.targets) == 1:
            given = [_given(turn) for turn in turns]
        if not given:
            known = dict.fromkeys([*self._tape.targets, *(call.bot for call in calls)])
            who = f"{', '.join(known)} did" if known else "nobody did"
            raise ServeError(f"{self._bot or name} has no answer on the tape {self._tape.name}; {who}.")
        return given


def bots_on(path: str | os.PathLike[str]) -> dict[str, TapeAnswers]:
    """The bots that the recorded one asked, by name, to stand in for them; the recorded ones where none was asked.

    Raises PoebookError when there is no such tape.
    """
    from poebook.client.tapes.keeping import read_tape

    tape = read_tape(path)
    asked = dict.fromkeys(call.bot for turn in tape.turns for call in turn.calls)
    return {name: TapeAnswers(tape, name) for name in asked or tape.targets}


class TapedBot(PoeBot):
    """Gives the answer to the same question, each in its turn; to another question the next one, at last the last."""

    def __init__(self, name: str, given: Sequence[Given]) -> None:
        super().__init__(bot_name=name)
        self._given = given
        self._left = list(given)

    async def get_response(self, request: QueryRequest) -> AsyncIterator[Any]:
        given = self._next(request.query[-1].content if request.query else "")
        for event in given.events:
            if event.name != "done":
                yield ServerSentEvent(event.name, event.data)
        if given.error is not None and all(event.name != "error" for event in given.events):
            yield ErrorResponse(text=given.error)

    def _next(self, question: str) -> Given:
        same = [one for one in self._left if one.question == question]
        again = [one for one in self._given if one.question == question]
        given = next(iter(same), None) or (again[-1] if again else next(iter(self._left), self._given[-1]))
        if given in self._left:
            self._left.remove(given)
        return given


def _given(answered: TapeTurn | TapeCall) -> Given:
    return Given(question_in(answered.request), answered.events, answered.error)
