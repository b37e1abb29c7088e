"""Why a file gave no text."""

from __future__ import annotations


class Unreadable(Exception):
    """A file cannot be read; the message continues a sentence that begins with the file's name.

    >>> str(Unreadable("is protected by a password"))
    'is protected by a password'
    """
