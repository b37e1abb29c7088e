"""The values that go with the next question, changed in place from Python and told to every page."""

from __future__ import annotations

import json
from collections import UserDict
from collections.abc import Callable
from typing import Any

from poebook.errors import InvalidParameterError

Values = dict[str, Any]  # JSON


class Parameters(UserDict[str, Any]):
    """A dictionary that says so when it is changed.

    >>> told: list[Values] = []
    >>> parameters = Parameters({"unit": "c"}, told.append)
    >>> parameters["detail"] = 2
    >>> told
    [{'unit': 'c', 'detail': 2}]
    """

    def __init__(self, values: Values, tell: Callable[[Values], None]) -> None:
        self._tell: Callable[[Values], None] = lambda _: None
        super().__init__(values)
        self._tell = tell

    def __setitem__(self, name: str, value: Any) -> None:
        self.data = checked({**self.data, name: value})
        self._tell(dict(self.data))

    def __delitem__(self, name: str) -> None:
        left = dict(self.data)
        del left[name]
        self.data = left
        self._tell(dict(self.data))

    def clear(self) -> None:
        """Send none."""
        self.data = {}
        self._tell({})


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
