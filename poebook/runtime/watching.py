"""The observer that writes what happens at a bot's door into its journal."""

from __future__ import annotations

from contextlib import AbstractContextManager

from poebook.runtime.journal import Journal
from poebook.runtime.output import written_to


class Watch:
    """An ``Observer`` (see ``poebook.server.observer``) for one bot."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def around(self, bot: object, request: object) -> AbstractContextManager[None]:
        return written_to(self._journal)

    def started(self, bot: object, request: object) -> None:
        self._journal.begin(request)

    def event(self, bot: object, request: object, name: str, data: str) -> None:
        self._journal.event(request)

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        self._journal.fail(request, exc)

    def ended(self, bot: object, request: object, outcome: str) -> None:
        self._journal.end(request, outcome)
