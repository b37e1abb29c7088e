"""A body with odd messages and nulls in it, made into one that the protocol's models take.

A long one is looked at piece by piece: pydantic keeps each fault that it comes upon, and a body of a few hundred
kilobytes has room for hundreds of thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from poebook.protocol.messages import Role

_PIECE = 20  # items of a list or a dictionary, whose faults can be, too
_ROLES = frozenset(get_args(Role))
_NOT_READ = ("access_key", "api_key")  # the bot's own stand there in any case
_CUT: Any = object()  # what no model takes

Place: TypeAlias = tuple[Any, ...]  # names of fields, and numbers in lists


def mend(kind: type[BaseModel], data: dict[str, Any], *, is_long: bool) -> None:
    """Take nulls out of *data* where no null may be, keys that are no text, and messages whose role is not known.

    In what *is_long*, a list ends with what cannot be mended: *data* is refused for that, and nobody looks at the rest.
    """
    if is_long:
        if isinstance(data.get("query"), list):
            data["query"] = [message for message in data["query"] if not _is_odd(message)]
        for key in _NOT_READ:
            if not isinstance(data.get(key), str):
                data.pop(key, None)
        _take_apart(kind, data)
    try:
        kind.model_validate(data)
    except ValidationError as error:
        _take_out(data, _places(error))


def _places(error: ValidationError) -> list[Place]:
    """Where the faults are. Their values are not asked for: each could be the whole body."""
    return [fault["loc"] for fault in error.errors(include_url=False, include_context=False, include_input=False)]


def _take_out(data: dict[str, Any], places: list[Place]) -> None:
    """Take out what may go of what is at the *places* of faults: from the end, so that no other moves meanwhile."""
    for place in reversed(places):
        with suppress(KeyError, IndexError, TypeError):
            value = _at(data, place)
            if place[0] == "query" and place[-1] == "role" and _is_odd({"role": value}):
                _leave_out(data, place[:-1])
            elif value is None or place[0] in _NOT_READ:
                del _at(data, place[:-1])[place[-1]]


def _leave_out(data: dict[str, Any], place: Place) -> None:
    """Take out a message: one of several, or one that another refers to."""
    holder = _at(data, place[:-1])
    if isinstance(holder, list):
        del holder[place[-1]]
    else:
        holder[place[-1]] = None


def _take_apart(kind: type[BaseModel], data: dict[str, Any]) -> None:
    """Put what the models make of them in the place of the long lists and dictionaries in *data*."""
    for name in kind.model_fields:
        value, inner = data.get(name), _model(kind, name)
        if isinstance(value, dict) and inner is not None:
            _take_apart(inner, value)
        elif isinstance(value, list | dict) and len(value) > _PIECE:
            data[name] = _taken(kind, name, value)


def _taken(kind: type[BaseModel], name: str, items: Any) -> Any:  # a list or a dictionary
    """What becomes of *items*, up to the first piece that nothing becomes of."""
    inner, taken = _model(kind, name), type(items)()
    for piece in _pieces(items):
        held = {name: piece}
        if inner is not None and isinstance(piece, list):
            for one in piece:
                if isinstance(one, dict) and any(isinstance(value, list | dict) for value in one.values()):
                    _take_apart(inner, one)
        error = _read(kind, name, held)
        if error is not None:
            _take_out(held, [(name, *place) for place in _places(error)])
            error = _read(kind, name, held)
        (taken.extend if isinstance(items, list) else taken.update)(held[name])
        if error is not None:  # and no mending may make a whole of what is cut off here
            (taken.append if isinstance(items, list) else partial(taken.setdefault, ""))(_CUT)
            break
    return taken


def _read(kind: type[BaseModel], name: str, held: dict[str, Any]) -> ValidationError | None:
    """Put what the field's type makes of it in the place of what *held* has; else say why not."""
    try:
        held[name] = _reader(kind, name).validate_python(held[name])
    except ValidationError as error:
        return error
    return None


def _pieces(items: Any) -> Iterator[Any]:
    parts = items if isinstance(items, list) else list(items.items())
    for start in range(0, len(parts), _PIECE):
        yield type(items)(parts[start : start + _PIECE])


@cache
def _reader(kind: type[BaseModel], name: str) -> TypeAdapter[Any]:
    return TypeAdapter[Any](kind.model_fields[name].annotation or object)


@cache
def _model(kind: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model that the field *name* has, or has many of."""
    kinds: list[Any] = [kind.model_fields[name].annotation]
    for one in kinds:
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
        kinds += get_args(one)
    return None


def _is_odd(message: object) -> bool:
    role = message.get("role") if isinstance(message, dict) else None
    return isinstance(role, str) and role not in _ROLES


def _at(data: Any, place: Place) -> Any:
    """What lies at a place within parsed JSON."""
    for step in place:
        data = data[step]
    return data
