"""Identifiers as Poe makes them: a letter or more for the kind, a hyphen, 32 letters and digits."""

import secrets

_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"


def new_id(kind: str) -> str:
    """A fresh identifier: ``m`` for a message, ``u`` a user, ``c`` a conversation, ``d`` metadata.

    >>> len(new_id("m"))
    34
    """
    return f"{kind}-{''.join(secrets.choice(_SIGNS) for _ in range(32))}"
