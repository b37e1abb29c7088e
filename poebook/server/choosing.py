"""Which of several bots is taken where none was named, in words."""

from __future__ import annotations

from collections.abc import Sequence


def last_taken(place: str, others: Sequence[str], taken: str) -> str:
    """That *taken* is, beside *others* of the same *place*; the sentence's full stop is left to the caller.

    >>> last_taken("bots.py", ["Echo"], "Slow")
    'There are Echo and Slow in bots.py; Slow, the last one, is taken. To have another, name it, as in bots.py:Echo'
    """
    return (
        f"There are {', '.join(others)} and {taken} in {place}; {taken}, the last one, is taken. To have another, name "
        f"it, as in {place}:{others[0]}"
    )
