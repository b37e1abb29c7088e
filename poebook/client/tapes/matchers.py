"""What a text has to be like: matchers as data, which stand in a tape, in a table of cases and in Python alike."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from poebook.errors import InvalidParameterError

Matcher = Any  # a text, a mapping such as {"contains": "tide"}, a compiled pattern, a callable, or a list of these
Check = Callable[[str, str | None], str | None]  # of a text and the recorded one: what is wrong in words, or nothing

SAME = {"same": True}
_NUMBER = re.compile(r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_QUOTED = 80  # characters of a text that a complaint quotes
_KINDS = 'a text, {"contains": ...}, {"regex": ...}, {"numbers": TOLERANCE}, {"same": true}, a pattern or a callable'


def checks_of(matchers: Matcher) -> list[Check]:
    """The checks that *matchers* mean; all of them have to hold. Raises InvalidParameterError.

    A text is what the answer has to be, whitespace aside; ``{"same": true}`` the recorded one. ``{"contains": WORDS}``
    wants a text or all of a list in the answer, whatever their case; ``{"regex": PATTERN}`` (or a compiled pattern) is
    searched for; ``{"numbers": 0.01}`` wants the recorded words, and its numbers within that share of them. A callable
    gets the text, and the recorded one if it takes two arguments; what it returns is whether all is well, or in words
    what is not; it may raise AssertionError.

    >>> checks = checks_of([{"contains": "tide"}, {"regex": "[0-9]+:[0-9]+"}])
    >>> [check("The tide is at 11:59.", None) for check in checks]
    [None, None]
    >>> checks_of("low")[0]("high", None)
    "it is 'high' and should be 'low'"
    """
    if isinstance(matchers, Sequence) and not isinstance(matchers, str):
        return [check for one in matchers for check in checks_of(one)]
    if isinstance(matchers, str):
        return [_same_as(matchers)]
    if isinstance(matchers, re.Pattern):
        return [_regex(matchers)]
    if isinstance(matchers, Mapping):
        return [_of_kind(name, value) for name, value in matchers.items()]
    if callable(matchers):
        return [_called(matchers)]
    raise InvalidParameterError(f"A matcher is {_KINDS}; this is a {type(matchers).__name__}.")


def complaint(matchers: Matcher, text: str, recorded: str | None = None) -> str | None:
    """What of *matchers* does not hold of *text*, in words; None when all do.

    >>> complaint({"contains": ["low", "tide"]}, "High tide.")
    "it does not contain 'low'"
    """
    found = [words for check in checks_of(matchers) if (words := check(text, recorded)) is not None]
    return "; ".join(found) or None


def _of_kind(name: str, value: Any) -> Check:
    make = _BY_NAME.get(name)
    if make is None:
        raise InvalidParameterError(f"There is no matcher {name!r}; a matcher is {_KINDS}.")
    return make(value)


def _same(value: object) -> Check:
    def check(text: str, recorded: str | None) -> str | None:
        return None if recorded is None or _folded(text) == _folded(recorded) else _other(text, recorded)

    return check


def _same_as(wanted: str) -> Check:
    return lambda text, recorded: None if _folded(text) == _folded(wanted) else _other(text, wanted)


def _contains(words: Any) -> Check:
    wanted = [str(one) for one in ([words] if isinstance(words, str) else words)]

    def check(text: str, recorded: str | None) -> str | None:
        missing = [one for one in wanted if _folded(one).casefold() not in _folded(text).casefold()]
        return f"it does not contain {' and '.join(repr(one) for one in missing)}" if missing else None

    return check


def _regex(pattern: Any) -> Check:
    try:
        compiled: re.Pattern[str] = re.compile(pattern)
    except (re.error, TypeError) as error:
        raise InvalidParameterError(f"The regex {pattern!r} cannot be read: {error}.") from None
    return lambda text, recorded: None if compiled.search(text) else f"nothing in it is like {compiled.pattern!r}"


def _numbers(tolerance: Any) -> Check:
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or tolerance < 0:
        raise InvalidParameterError(f"The tolerance of numbers is a share such as 0.01; this is {tolerance!r}.")

    def check(text: str, recorded: str | None) -> str | None:
        if recorded is None:
            return None
        if _folded(_NUMBER.sub("#", text)) != _folded(_NUMBER.sub("#", recorded)):
            return _other(text, recorded)
        pairs = zip(_NUMBER.findall(text), _NUMBER.findall(recorded), strict=True)
        far = [f"{one} is too far from {other}" for one, other in pairs if not _near(one, other, tolerance)]
        return "; ".join(far) or None

    return check


def _called(function: Callable[..., object]) -> Check:
    takes_both = _arguments(function) >= 2

    def check(text: str, recorded: str | None) -> str | None:
        try:
            said = function(text, recorded) if takes_both else function(text)
        except AssertionError as error:
            return str(error) or f"{_name(function)} did not hold"
        if isinstance(said, str):
            return said or None
        return None if said is None or said else f"{_name(function)} did not hold"

    return check


def _arguments(function: Callable[..., object]) -> int:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in plain and one.default is one.empty for one in parameters)


def _name(function: object) -> str:
    return str(getattr(function, "__name__", None) or type(function).__name__).replace("<lambda>", "the check")


def _near(one: str, other: str, tolerance: float) -> bool:
    now, before = (float(number.replace(",", "")) for number in (one, other))
    return abs(now - before) <= tolerance * max(abs(now), abs(before))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _other(text: str, wanted: str) -> str:
    return f"it is {_quoted(text)} and should be {_quoted(wanted)}"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…")


_BY_NAME: dict[str, Callable[[Any], Check]] = {
    "same": _same,
    "contains": _contains,
    "regex": _regex,
    "numbers": _numbers,
}
