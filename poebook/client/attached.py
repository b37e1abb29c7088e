"""What was attached to the questions of a conversation: as the state shows it, and as each bot is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from poebook.client.targets import Target
from poebook.client.turns import TurnState, UploadState
from poebook.protocol import Attachment
from poebook.wire.ids import new_id


class Attached:
    """The files of each question, by the question's id.

    >>> from poebook.client.turns import fresh_turn
    >>> files, turn = Attached(), fresh_turn("m-1", "Look.", 0, [])
    >>> files.add(turn, [Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv")])
    >>> [file["name"] for file in turn["attachments"]], [file.name for file in files.known()["m-1"]]
    (['x.csv'], ['x.csv'])
    """

    def __init__(self) -> None:
        self._files: dict[str, list[Attachment]] = {}

    def add(self, turn: TurnState, attachments: Sequence[Attachment]) -> None:
        """Let *attachments* go with the question of *turn*."""
        if attachments:
            turn["attachments"] = [uploaded(attachment) for attachment in attachments]
            self._files[turn["id"]] = list(attachments)

    def share(self, turn: TurnState, other: TurnState) -> None:
        """Let what goes with *turn* go with *other* too."""
        other["attachments"] = turn["attachments"]
        if turn["id"] in self._files:
            self._files[other["id"]] = self._files[turn["id"]]

    def known(self) -> Mapping[str, list[Attachment]]:
        """The files of every question, wherever they are."""
        return self._files

    async def sent_to(self, target: Target, turns: Iterable[TurnState]) -> Mapping[str, list[Attachment]]:
        """The files of the questions in *turns*, where *target* can fetch them. Raises PoebookError."""
        return self._files

    def take(self, other: Attached) -> None:
        """Know what *other* knows, as a fork does."""
        self._files |= other._files

    def clear(self) -> None:
        """Forget them all."""
        self._files.clear()

    def to_json(self) -> dict[str, Any]:
        """What is kept in a saved file."""
        return {id: [file.model_dump(mode="json") for file in files] for id, files in self._files.items()}

    def from_json(self, data: Mapping[str, Any]) -> None:
        """Take in what ``to_json`` gave."""
        self._files = {id: [Attachment(**file) for file in files] for id, files in data.items()}


def uploaded(attachment: Attachment) -> UploadState:
    """A file that every bot can fetch already.

    >>> uploaded(Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv"))["state"]
    'ready'
    """
    parsed = attachment.parsed_content
    return {
        "id": new_id("f"),
        "name": attachment.name,
        "size": 0,
        "content_type": attachment.content_type,
        "url": attachment.url,
        "state": "ready",
        "received": 0,
        "problem": None,
        "parsed_chars": None if parsed is None else len(parsed),
    }
