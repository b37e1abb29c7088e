"""A tape's requests made ready to be sent again: with ids of their own, and files that can be fetched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from poebook.client.filestore import StoredFile, store
from poebook.client.hosting import file_url
from poebook.client.tapes.tape import TapeFile, TapeTurn
from poebook.errors import PoebookError
from poebook.wire.ids import new_id

_IDS = ("message_id", "conversation_id")


class Questions:
    """One replay's own ids and addresses, and the recorded ones that they stand for.

    A bot that remembers conversations finds a new one, with the same id in all its turns. A tape that was written by
    hand may leave out all of a request but its messages.

    >>> asked = Questions([TapeTurn("echo", {"query": [], "message_id": "m-1", "conversation_id": "c-1"})])
    >>> body = json.loads(asked.body(0))
    >>> body["message_id"] == "m-1", asked.as_recorded(body["message_id"])
    (False, 'm-1')
    """

    def __init__(self, turns: Sequence[TapeTurn]) -> None:
        made = {"version": "1.2", "type": "query", "user_id": new_id("u"), "conversation_id": new_id("c")}
        self._requests = [{**made, "message_id": new_id("m"), **turn.request} for turn in turns]
        self._held: list[StoredFile] = []  # for as long as the bots may fetch them
        ids = {str(request[name]) for request in self._requests for name in _IDS if request.get(name)}
        self._now = {id: new_id(id[0] if id[1:2] == "-" else "m") for id in sorted(ids)}
        self._now |= {file.url: url for turn in turns for file in turn.files if (url := self._hosted(file))}

    def body(self, number: int) -> bytes:
        """The request of a turn, as it is sent now."""
        return json.dumps(self._replaced(self._requests[number]), ensure_ascii=False).encode("utf-8", "replace")

    def id(self, number: int) -> str:
        """The id of the answer to it."""
        return self._now.get(str(self._requests[number]["message_id"]), "")

    def as_recorded(self, text: str) -> str:
        """*text* with the recorded ids and addresses in place of this replay's."""
        for recorded, now in self._now.items():
            if now in text:
                text = text.replace(now, recorded)
        return text

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._now.get(value, value)
        if isinstance(value, list):
            return [self._replaced(one) for one in value]
        if isinstance(value, dict):
            return {name: self._replaced(one) for name, one in value.items()}
        return value

    def _hosted(self, file: TapeFile) -> str | None:
        """Where a file of the tape can be fetched now; None where it has to be where it was."""
        if file.data is None:
            return None
        stored = store.create(file.name, file.content_type)
        stored.append(file.data)
        try:
            url = file_url(stored)
        except PoebookError:
            return None
        self._held.append(stored)
        return url
