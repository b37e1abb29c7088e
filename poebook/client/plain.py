"""An answer as plain text while it comes, for terminals and for outputs that can only be added to."""

from __future__ import annotations

from collections.abc import Callable

from poebook.client.answer import Answer, AnswerEvent
from poebook.client.conversation import Conversation
from poebook.client.portal import client_portal


def ask_plainly(conversation: Conversation, text: str, write: Callable[[str], object]) -> list[Answer]:
    """Ask, hand each piece of text to *write* as it comes, and give the answers in the order of the targets.

    Several targets are asked one after the other's text can be told apart: each answer is written whole, below its
    bot's name. What takes the place of earlier text begins on a new line.
    """
    if len(conversation.targets) > 1:
        answers: list[Answer] = conversation.ask(text)
        for answer in answers:
            write(f"{answer.target}:\n{answer.text}\n\n")
        return answers
    pen = _Pen(write)
    for event in client_portal().iterate(conversation.stream(text)):
        pen.take(event)
    answer = conversation.answers[conversation.targets[0]]
    pen.end(answer)
    return [answer]


class _Pen:
    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._at_start = True

    def take(self, event: AnswerEvent) -> None:
        if event.name == "replace_response":
            self._line()
        if event.name in ("text", "replace_response") and event.text:
            self._write(event.text)
            self._at_start = event.text.endswith("\n")

    def end(self, answer: Answer) -> None:
        """What stands below the text."""
        self._line()
        for file in answer.attachments:
            self._write(f"{file.name}: {file.url}\n")
        for reply in answer.suggested_replies:
            self._write(f"> {reply}\n")
        if answer.note:
            self._write(f"{answer.note}\n")

    def _line(self) -> None:
        if not self._at_start:
            self._write("\n")
            self._at_start = True
