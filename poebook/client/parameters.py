"""The values that go with the next question: a dictionary that Python and every page change alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from poebook.errors import InvalidParameterError

Values = dict[str, Any]  # JSON


class Parameters(MutableMapping[str, Any]):
    """A view of values that live elsewhere: *read* gives them as they are now, *write* is given all of them anew.

    >>> kept: Values = {"unit": "c"}
    >>> parameters = Parameters(lambda: kept, kept.update)
    >>> parameters["detail"] = 2
    >>> parameters, kept
    ({'unit': 'c', 'detail': 2}, {'unit': 'c', 'detail': 2})
    """

    def __init__(self, read: Callable[[], Values], write: Callable[[Values], None]) -> None:
        self._read = read
        self._write = write

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._write(checked({**self._read(), name: value}))

    def __delitem__(self, name: str) -> None:
        left = dict(self._read())
        del left[name]
        self._write(left)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._read()))

    def __len__(self) -> int:
        return len(self._read())

    def update(self, *others: Any, **values: Any) -> None:  # as dict.update takes them
        """Set several at once."""
        self._write(checked({**self._read(), **dict(*others, **values)}))

    def clear(self) -> None:
        """Send none."""
        self._write({})

    def __repr__(self) -> str:
        return repr(dict(self._read()))


def checked(values: Values) -> Values:
    """*values* when they can travel. Raises InvalidParameterError."""
    for name, value in values.items():
        if not isinstance(name, str):
            raise InvalidParameterError(f"A parameter's name is a string, and {name!r} is none.")
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            given = type(value).__name__
            raise InvalidParameterError(
                f"The parameter {name} cannot be sent: a {given} is no JSON; give a string, a number, true or false."
            ) from None
    return dict(values)
