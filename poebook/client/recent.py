"""The last answers that anybody here was given, for a look at how they came about."""

from __future__ import annotations

from collections import deque

from poebook.client.answer import Answer
from poebook.client.trace import Asked

_KEPT = 20

_answers: deque[tuple[Asked, Answer]] = deque(maxlen=_KEPT)


def remember(asked: Asked, answer: Answer) -> None:
    """An answer has ended."""
    _answers.append((asked, answer))


def every(name: str) -> list[tuple[Asked, Answer]]:
    """The answers of the target with this name of late, oldest first."""
    return [(asked, answer) for asked, answer in list(_answers) if name in (asked.target.name, asked.target.spec)]


def last(name: str | None = None) -> tuple[Asked, Answer] | None:
    """The last answer, or the last one of the target with this name; None where there was none of late."""
    for asked, answer in reversed(list(_answers)):
        if name is None or name in (asked.target.name, asked.target.spec):
            return asked, answer
    return None
