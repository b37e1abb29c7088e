"""What all models of the protocol share: keys that never show, and a hint for a misspelt field."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, model_validator

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # it has no public name

MASK = "••••••••"
_SECRET = frozenset({"access_key", "api_key"})


def near(name: str, known: Iterable[str]) -> str:
    """A question that names the field which was probably meant; empty where none is near."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.55)
    return f" Did you mean {close[0]}?" if close else ""


class _WarnsOfSlips(ModelMetaclass):
    """A call with a field that the model does not have is warned about; what is parsed never is."""

    def __call__(cls: Any, *args: Any, **fields: Any) -> Any:  # a class that pydantic has made
        known = cls.__pydantic_fields__
        if not fields.keys() <= known.keys() and cls.model_config.get("extra") != "forbid":
            aliases = {field.alias for field in known.values()}
            for name in fields.keys() - known.keys() - aliases:
                hint = near(name, known)
                warnings.warn(f"{cls.__name__} has no field {name}, so it is ignored.{hint}", stacklevel=2)
        return ModelMetaclass.__call__(cls, *args, **fields)


class Model(BaseModel, metaclass=_WarnsOfSlips):
    """A model of what travels. Fields that are not known are ignored, at every depth."""

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            hidden = name in _SECRET and value not in ("", "<missing>", None)
            yield name, MASK if hidden else value


class Written(Model):
    """A model of what an author writes: a field that is not known is refused, with the one that is near."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_slips(cls, data: Any) -> Any:  # whatever the author gave
        if isinstance(data, dict) and not data.keys() <= cls.__pydantic_fields__.keys():
            for name in data.keys() - cls.__pydantic_fields__.keys():
                raise ValueError(f"{cls.__name__} has no field {name}.{near(str(name), cls.__pydantic_fields__)}")
        return data
