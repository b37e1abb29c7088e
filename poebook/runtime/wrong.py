"""Which errors are the caller's, and which the bot's."""

from __future__ import annotations

from poebook.errors import InvalidKey, InvalidParameterError, InvalidSetup, PoebookError, UnknownTarget

WRONG_USE = (InvalidKey, InvalidParameterError, InvalidSetup, UnknownTarget)


def status_of(error: PoebookError) -> int:
    """The exit status of a command that ended in *error*: 2 for wrong use, else 1.

    >>> status_of(UnknownTarget("There is no file gone.py."))
    2
    """
    return 2 if isinstance(error, WRONG_USE) else 1
