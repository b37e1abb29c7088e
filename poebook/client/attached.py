"""What was attached to the questions of a conversation: as the state shows it, and as each bot is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from poebook.client.desk import Desk
from poebook.client.held import Held
from poebook.client.targets import Target
from poebook.client.turns import TurnState
from poebook.protocol import Attachment


class Attached:
    """The files of each question, by the question's id; ``desk`` has those that wait for theirs.

    >>> from poebook.client.turns import fresh_turn
    >>> files, turn = Attached(), fresh_turn("m-1", "Look.", 0, [])
    >>> link = Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv")
    >>> files.add(turn, [Held.elsewhere(link)])
    >>> [file["name"] for file in turn["attachments"]], [file.name for file in files.known()["m-1"]]
    (['x.csv'], ['x.csv'])
    """

    def __init__(self) -> None:
        self.desk = Desk()
        self._files: dict[str, list[Held]] = {}

    def add(self, turn: TurnState, files: Sequence[Held]) -> None:
        """Let *files* go with the question of *turn*."""
        if files:
            turn["attachments"] = [file.state for file in files]
            self._files[turn["id"]] = list(files)

    def share(self, turn: TurnState, other: TurnState) -> None:
        """Let what goes with *turn* go with *other* too."""
        other["attachments"] = turn["attachments"]
        if turn["id"] in self._files:
            self._files[other["id"]] = self._files[turn["id"]]

    def put_back(self, turn: TurnState) -> None:
        """Let what went with *turn* wait for another question."""
        self.desk.put_back(self._files.get(turn["id"], ()))

    def known(self) -> Mapping[str, list[Attachment]]:
        """The files of every question, as they were last addressed."""
        return {id: [file.attachment for file in files if file.is_there] for id, files in self._files.items()}

    async def sent_to(
        self, target: Target, turns: Iterable[TurnState], *, expand: bool
    ) -> Mapping[str, list[Attachment]]:
        """The files of the questions in *turns*, where *target* can fetch them, and their text if it is to *expand*.

        Raises AttachmentUploadError, ServeError.
        """
        sent = {}
        for turn in turns:
            files = [file for file in self._files.get(turn["id"], ()) if file.is_there]
            sent[turn["id"]] = await asyncio.gather(*(file.sent_to(target, expand=expand) for file in files))
        return sent

    def parsed(self, id: str) -> str | None:
        """The text that was read of a file, whether it waits or went; None where there is none."""
        waiting = self.desk.find(id)
        if waiting is not None:
            return waiting.text
        return next((file.text for files in self._files.values() for file in files if file.state["id"] == id), None)

    def take(self, other: Attached) -> None:
        """Know what *other* knows, as a fork does."""
        self._files |= other._files
        self.desk.limit = other.desk.limit

    def clear(self) -> None:
        """Forget them all."""
        self._files.clear()

    def to_json(self) -> dict[str, Any]:
        """What is kept in a saved file: addresses and texts, not the bytes."""
        return {id: [file.attachment.model_dump(mode="json") for file in files] for id, files in self._files.items()}

    def from_json(self, data: Mapping[str, Any], turns: Iterable[TurnState]) -> None:
        """Take in what ``to_json`` gave for these *turns*."""
        states = {turn["id"]: turn["attachments"] for turn in turns}
        self._files = {}
        for id, files in data.items():
            held = [Held.elsewhere(Attachment(**file)) for file in files]
            for file, state in zip(held, states.get(id, ()), strict=False):
                file.state = state
            self._files[id] = held
