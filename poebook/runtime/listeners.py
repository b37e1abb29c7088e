"""Those who want to be told of changes."""

from __future__ import annotations

import logging
from collections.abc import Callable

from poebook.errors import PoebookError

logger = logging.getLogger("poebook")


class Listeners:
    """Called in the order in which they came; one that raises keeps nobody else from hearing.

    >>> told = Listeners("echo")
    >>> leave = told.add(lambda: print("it changed"))
    >>> told.tell()
    it changed
    >>> leave()
    >>> told.tell()
    """

    def __init__(self, whose: str) -> None:
        self._whose = whose
        self._listeners: list[Callable[[], object]] = []

    def add(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call *listener* at each change; the return value ends that."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def tell(self) -> None:
        """There is a change."""
        for listener in list(self._listeners):
            try:
                listener()
            except PoebookError as error:
                logger.warning("%s", error)
            except Exception:
                logger.exception("A listener of %s raised", self._whose)
