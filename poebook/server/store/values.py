"""From values to the text that is kept, and back: JSON, and not too much of it."""

from __future__ import annotations

import json
from typing import Any

from poebook.errors import InvalidParameterError

LONGEST_NAME = 200  # characters
LONGEST_ID = 500


def written(value: object, name: str, most: int) -> str:
    """*value* as JSON of at most *most* bytes. Raises InvalidParameterError.

    >>> written({"n": 1}, "count", 100)
    '{"n":1}'
    """
    try:
        _refuse_keys(value)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError):
        kind = type(value).__name__
        raise InvalidParameterError(
            f"A Store keeps JSON, and the {kind} for {name[:LONGEST_NAME]!r} is none: make it of dicts with text keys, "
            "lists, text, finite numbers, booleans and None."
        ) from None
    if size > most:
        raise InvalidParameterError(
            f"The value for {name!r} takes {size:,} bytes, and this Store keeps at most {most:,} for one; keep less of "
            "it, or give the Store a larger max_bytes."
        )
    return text


def value_of(text: str) -> Any:
    """What was written."""
    return json.loads(text)


def checked(name: object, longest: int = LONGEST_NAME) -> str:
    """A name that may be one. Raises InvalidParameterError.

    >>> checked("count")
    'count'
    """
    if not isinstance(name, str) or not name or len(name) > longest or "\0" in name:
        raise InvalidParameterError(
            f"What a Store keeps has a name of 1 to {longest} characters without a null character; "
            f"{str(name)[:40]!r} is none."
        )
    return name


def _refuse_keys(value: object) -> None:
    """JSON would make text of numbers that are keys, silently."""
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError
        for one in value.values():
            _refuse_keys(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _refuse_keys(one)
