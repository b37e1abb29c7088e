"""Whether the folder that this process works in is still there."""

from __future__ import annotations

import os

ADRIFT = "The working folder has been deleted; change to another by %cd DIR (in a script by os.chdir), and try again."


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
