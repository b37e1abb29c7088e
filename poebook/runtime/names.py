"""What a served bot may be called, and where it may stand."""

from __future__ import annotations

import re

from poebook.errors import ServeError

_NAME = re.compile(r"\w[\w.~-]*")
_PATH = re.compile(r"/|(/[\w.~-]+)+")


def checked_name(name: object) -> str:
    """*name*, if it can stand in a URL as it is. Raises ServeError.

    >>> checked_name("echo")
    'echo'
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ServeError(
            f"{name!r} cannot be a bot's name: a name is a part of the bot's URL, made of letters, digits, dots, "
            "dashes and underscores."
        )
    return name


def checked_path(path: object) -> str:
    """*path*, if it can be a bot's. Raises ServeError.

    >>> checked_path("/bots/echo")
    '/bots/echo'
    """
    if not isinstance(path, str) or not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise ServeError(
            f"{path!r} cannot be a bot's path: a path begins with / and has only letters, digits, dots, dashes and "
            "underscores between its slashes, such as /bots/echo."
        )
    return path
