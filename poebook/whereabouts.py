"""Whether the folder that this process works in is still there."""

from __future__ import annotations

import os

_IN_A_NOTEBOOK = "%cd DIR (in a script by os.chdir)"


def is_adrift() -> bool:
    """Whether the working folder has been deleted: relative paths mean nothing then.

    >>> is_adrift()
    False
    """
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def adrift(by: str = _IN_A_NOTEBOOK) -> str:
    """What to say where it has been deleted; *by* is how whoever reads it changes to another.

    >>> adrift("cd DIR")
    'The working folder has been deleted; change to another by cd DIR, and try again.'
    """
    return f"The working folder has been deleted; change to another by {by}, and try again."
