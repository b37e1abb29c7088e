"""What buttons do: everything that changes a conversation, begun from any thread, with nobody waiting for the end."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from poebook.client.dialogue import Dialogue
from poebook.client.portal import Portal
from poebook.errors import PoebookError
from poebook.protocol import Attachment


class Commands:
    """Each returns at once; what comes of it is told to those who subscribed to the conversation."""

    def __init__(self, portal: Portal, dialogue: Dialogue) -> None:
        self._portal = portal
        self._dialogue = dialogue

    def send(self, text: str, attachments: Sequence[Attachment] = (), user: str | None = None) -> None:
        """Ask all targets."""
        self._begin(lambda: self._dialogue.ask(text, attachments, user=user))

    def edit(self, turn: str, text: str) -> None:
        """Ask *text* as another version of a shown question."""
        self._begin(lambda: self._dialogue.edit(self._dialogue.shown(turn), text))

    def regenerate(self, target: int | None = None) -> None:
        """Ask the last question again."""
        self._begin(lambda: self._dialogue.again(target))

    def resend(self, answer: str, body: str) -> None:
        """Send *body* in place of the request that a shown answer was given to."""
        self._begin(lambda: self._dialogue.resend(answer, body))

    def stop(self, target: int | None = None) -> None:
        """Stop the answers under way."""
        self._portal.call(self._dialogue.halt, target)

    def new(self) -> None:
        """Begin a new conversation."""
        self._begin(lambda: self._dialogue.clear())

    def undo(self) -> None:
        """Step back before the last question."""
        self._begin(lambda: self._dialogue.undo())

    def branch(self, turn: str, to: int) -> None:
        """Show another version of a shown question."""
        self._call(self._dialogue.branch, turn, to)

    def pick(self, turn: str, target: int | None) -> None:
        """Say whose answer to a shown question was the best."""
        self._call(self._dialogue.pick, turn, target)

    def parameters(self, values: dict[str, Any]) -> None:
        """What goes with the next question."""
        self._call(self._dialogue.set_parameters, values)

    def feedback(self, answer: str, feedback: str | None, reason: str | None = None) -> None:
        """Like or dislike an answer, or take that back."""
        self._begin(lambda: self._dialogue.feedback(answer, feedback, reason))

    def reaction(self, answer: str, reaction: str, on: bool = True) -> None:
        """React to an answer, or take that back."""
        self._begin(lambda: self._dialogue.reaction(answer, reaction, on))

    def trace(self, answer: str, start: int = 1) -> dict[str, Any] | None:
        """How an answer came about; on the portal's loop. None for one that is not known."""
        return self._dialogue.trace(answer, start)

    def refresh(self) -> None:
        """Ask the bots what they say of themselves."""
        self._begin(lambda: self._dialogue.introduce())

    def _begin(self, work: Callable[[], Awaitable[object]]) -> None:
        async def quietly() -> None:
            with contextlib.suppress(PoebookError):  # told as a change, and no news
                await work()

        self._portal.submit(quietly())

    def _call(self, work: Callable[..., object], *arguments: object) -> None:
        def quietly() -> None:
            with contextlib.suppress(PoebookError):
                work(*arguments)

        self._portal.call(quietly)
