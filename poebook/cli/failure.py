"""A command that did not succeed."""

from __future__ import annotations


class Failure(Exception):
    """What to say on stderr, and the exit status: 1 for a failure, 2 for wrong use."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
