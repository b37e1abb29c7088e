"""What buttons do: everything that changes a conversation, begun from any thread, with nobody waiting for the end."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from poebook.client.desk import refused_by
from poebook.client.dialogue import Dialogue
from poebook.client.portal import Portal
from poebook.client.turns import UploadState
from poebook.errors import PoebookError

Told = Callable[[UploadState], object]


class Commands:
    """Each returns at once; what comes of it is told to those who subscribed to the conversation."""

    def __init__(self, portal: Portal, dialogue: Dialogue) -> None:
        self._portal = portal
        self._dialogue = dialogue
        self._desk = dialogue.attached.desk

    def send(self, text: str, uploads: Sequence[str] = (), user: str | None = None) -> None:
        """Ask all targets; *uploads* are the ids of files that were uploaded."""
        self._begin(lambda: self._dialogue.ask(text, self._desk.take(uploads), user=user))

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
        """Step back before the last question, whose files wait for the next one."""

        async def step_back() -> None:
            turn = self._dialogue.last().turn
            await self._dialogue.undo()
            self._dialogue.attached.put_back(turn)

        self._begin(step_back)

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

    def trace(self, answer: str, start: int = 1, *, brief: bool = False) -> dict[str, Any] | None:
        """How an answer came about, *brief* without the request; on the portal's loop. None for one not known."""
        return self._dialogue.trace(answer, start, brief=brief)

    def refresh(self) -> None:
        """Ask the bots what they say of themselves."""
        self._begin(lambda: self._dialogue.introduce())

    # -- files, whose states are told on the portal's loop ------------------------------------------------------

    def upload(self, id: str, name: str, content_type: str, size: int, told: Told) -> None:
        """Announce a file of *size* bytes, which then comes in chunks."""

        def begin() -> None:
            refusal = refused_by(self._dialogue.state["targets"])
            told(self._desk.begin(id, name, content_type, size, refusal).copy())

        self._portal.call(begin)

    def chunk(self, id: str, index: int, data: bytes | memoryview, told: Told) -> None:
        """Add a piece to a file; after the last one the file is read."""

        async def read() -> None:
            state = await self._desk.read(id)
            if state is not None:
                told(state.copy())

        def add() -> None:
            state = self._desk.chunk(id, index, data)
            if state is not None:
                told(state.copy())
                if state["state"] == "reading":
                    self._portal.submit(read())

        self._portal.call(add)

    def drop_upload(self, id: str) -> None:
        """Forget a file that has not gone with a question."""
        self._portal.call(self._desk.drop, id)

    def parsed(self, id: str) -> str | None:
        """The text that was read of a file; on the portal's loop."""
        return self._dialogue.attached.parsed(id)

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
