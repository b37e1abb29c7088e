"""Bots that stand in for others: a function, a text, answers in turn, answers by question, answers from a tape."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from poebook.client.tapes.tape import SUFFIX
from poebook.errors import ServeError
from poebook.protocol import QueryRequest
from poebook.runtime.bots import instance_of
from poebook.runtime.taped import TapeAnswers, TapedBot
from poebook.server.bot import PoeBot
from poebook.server.functions import bot_from_functions
from poebook.standin.faults import Faults

Answer = Any  # a str, a response, an exception that is raised, or a list of these


class Double:
    """Stands in for a bot that is not here.

    *answers* is a function like ``get_response``, a ``PoeBot``, one answer, a list of answers that come in turn (the
    last one again and again), or a mapping from what is asked to what is answered. An answer is a text, a response,
    an exception, or a list of these. The path of a tape (``NAME.tape.jsonl``) stands for what the bot answered there,
    see ``from_tape``. *faults* (see ``poebook.standin.faults.KINDS``) befall the first questions in
    order; with a *seed* they come by chance.

    >>> from poebook import Double, LocalPoe
    >>> poe = LocalPoe(doubles={"GPT-5": Double(["first", "second"], faults=[None, "429"])})
    >>> poe.names
    ['GPT-5']
    """

    def __init__(
        self, answers: object, *, faults: Sequence[str | None] = (), seed: int | None = None, chance: float = 0.25
    ) -> None:
        self.answers = answers
        self.faults = Faults(faults, seed=seed, chance=chance) if faults else None

    @classmethod
    def from_tape(
        cls,
        path: str | os.PathLike[str],
        bot: str | None = None,
        *,
        faults: Sequence[str | None] = (),
        seed: int | None = None,
        chance: float = 0.25,
    ) -> Double:
        """A double that answers as *bot* did on a tape, event by event; the same question gets the same answer.

        *bot* may be one that the recorded bot asked; left out, it is the one that the double stands in for, else the
        one that was recorded. Another question gets the next answer that was not given yet, at last the last one.
        Raises PoebookError when there is no such tape, and ServeError, once it stands in, when the bot is not on it.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from poebook import Conversation, Double, LocalPoe, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> with TemporaryDirectory() as folder:
        ...     with conversation.record(Path(folder) / "hello.tape.jsonl") as recording:
        ...         _ = conversation.ask("hi")
        ...     double = Double.from_tape(recording.path)
        >>> with LocalPoe(doubles={"greeter": double}) as poe:
        ...     poe.ask("greeter", "hi").text
        'hello'
        """
        from poebook.client.tapes.keeping import read_tape

        return cls(TapeAnswers(read_tape(path), bot), faults=faults, seed=seed, chance=chance)


def bot_of(answers: object, name: str) -> PoeBot:
    """The bot that answers so. Raises ServeError."""
    if isinstance(answers, PoeBot) or (isinstance(answers, type) and issubclass(answers, PoeBot)):
        return instance_of(answers)
    if isinstance(answers, os.PathLike) or (isinstance(answers, str) and answers.endswith(SUFFIX)):
        answers = Double.from_tape(answers).answers
    if isinstance(answers, TapeAnswers):
        return TapedBot(name, answers.of(name))
    if isinstance(answers, Mapping):
        return _Script(name, lambda question, turn: _recorded(answers, question, name))
    if isinstance(answers, list | tuple):
        if not answers:
            raise ServeError(f"The double of {name} has no answers; give it at least one.")
        return _Script(name, lambda question, turn: answers[min(turn, len(answers) - 1)])
    if callable(answers) and not isinstance(answers, type):
        return bot_from_functions({"get_response": answers}, name)
    return _Script(name, lambda question, turn: answers)


class _Script(PoeBot):
    def __init__(self, name: str, answer: Callable[[str, int], Answer]) -> None:
        super().__init__(bot_name=name)
        self._answer = answer
        self._turn = 0

    async def get_response(self, request: QueryRequest) -> AsyncIterator[Any]:
        turn, self._turn = self._turn, self._turn + 1
        answer = self._answer(request.query[-1].content, turn)
        for part in answer if isinstance(answer, list | tuple) else [answer]:
            if isinstance(part, BaseException):
                raise part
            yield part


def _recorded(answers: Mapping[Any, Answer], question: str, name: str) -> Answer:
    if question in answers:
        return answers[question]
    if "*" in answers:
        return answers["*"]
    return LookupError(f"The double of {name} has no answer to {question!r}; the key '*' answers everything else.")
