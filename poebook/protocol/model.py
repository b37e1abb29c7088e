"""What all models of the protocol share: keys that never show, and a hint for a misspelt field."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

MASK = "••••••••"
_SECRET = frozenset({"access_key", "api_key"})
_FEW = 12  # fields, which a sentence may list


def near(name: str, known: Iterable[str]) -> str:
    """Which field was probably meant; where none is near, which there are, unless they are many.

    >>> near("txt", ["text", "data"])
    ' Did you mean text?'
    """
    fields = list(known)
    close = difflib.get_close_matches(name, fields, n=1, cutoff=0.55)
    if close:
        return f" Did you mean {close[0]}?"
    return f" Its fields: {', '.join(fields)}." if 0 < len(fields) <= _FEW else ""


class Model(BaseModel):
    """A model of what travels. Fields that are not known are ignored, at every depth."""

    def __init__(self, /, **fields: Any) -> None:
        """A call with a field that the model does not have is warned about; what is parsed never is."""
        try:
            self.__pydantic_validator__.validate_python(fields, self_instance=self)
        except ValidationError as error:
            raise with_hints(type(self), error) from None
        if len(self.__pydantic_fields_set__) < len(fields) and self.model_config.get("extra") in (None, "ignore"):
            known = type(self).model_fields
            aliases = {field.alias for field in known.values()}
            for name in fields.keys() - known.keys() - aliases:
                words = f"{type(self).__name__} has no field {name}, so it is ignored.{near(name, known)}"
                warnings.warn(words, stacklevel=2)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # so that what is parsed goes past it

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            hidden = name in _SECRET and value not in ("", "<missing>", None)
            yield name, MASK if hidden else value


class Written(Model):
    """A model of what an author writes: a field that is not known is refused, with the one that is near."""

    model_config = ConfigDict(extra="forbid")

    def __init__(self, /, **fields: Any) -> None:
        """Answers are made of thousands of these, so nothing is looked at twice where all is well."""
        try:
            self.__pydantic_validator__.validate_python(fields, self_instance=self)
        except ValidationError as error:
            raise with_hints(type(self), error) from None

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # so that what is parsed goes past it

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:  # options as pydantic has them
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise with_hints(cls, error) from None


def with_hints(model: type[BaseModel], error: ValidationError) -> ValidationError:
    """The same error, in which a field that is not known comes with the one that is near.

    Of the kinds of control that something might have been, only the one that it says it is remains.
    """
    faults = error.errors(include_url=False)
    others = {fault["loc"][:-1] for fault in faults if fault["loc"][-1:] == ("control",)}
    if not others and all(fault["type"] != "extra_forbidden" for fault in faults):
        return error
    lines = []
    for fault in faults:
        place = fault["loc"]
        if any(place[: len(other)] == other for other in others):
            continue
        words = fault["msg"]
        if fault["type"] == "extra_forbidden":
            owners = _owners(model, place[:-1])
            name, known = place[-1], [field for owner in owners for field in owner.model_fields]
            words = f"{' or '.join(owner.__name__ for owner in owners)} has no field {name}.{near(str(name), known)}"
        kind = PydanticCustomError(fault["type"], words)
        lines.append(InitErrorDetails(type=kind, loc=place, input=fault["input"]))
    hidden = bool(model.model_config.get("hide_input_in_errors"))
    return ValidationError.from_exception_data(error.title, lines, hide_input=hidden) if lines else error


def _owners(model: type[BaseModel], place: tuple[int | str, ...]) -> list[type[BaseModel]]:
    """The models that may stand at a place within *model*."""
    owners = [model]
    for step in place:
        named = [owner for owner in owners if owner.__name__ == step]
        fields = [owner.model_fields[step] for owner in owners if isinstance(step, str) and step in owner.model_fields]
        if fields:
            owners = [found for field in fields for found in _models_in(field.annotation)]
        elif named:
            owners = named
    return owners or [model]


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # annotations have no common type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
