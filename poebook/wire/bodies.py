"""From a request's body to a request, or to the reason why it is none."""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from functools import cache
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, core_schema

from poebook.protocol import (
    QueryRequest,
    ReportErrorRequest,
    ReportFeedbackRequest,
    ReportReactionRequest,
    SettingsRequest,
)
from poebook.protocol.messages import Role

Request: TypeAlias = QueryRequest | SettingsRequest | ReportFeedbackRequest | ReportReactionRequest | ReportErrorRequest

_KINDS: dict[str, type[BaseModel]] = {
    "query": QueryRequest,
    "settings": SettingsRequest,
    "report_feedback": ReportFeedbackRequest,
    "report_reaction": ReportReactionRequest,
    "report_error": ReportErrorRequest,
}
_ROLES = frozenset(get_args(Role))
_NOT_READ = ("access_key", "api_key")  # the bot's own stand there in any case
_ODD: Any = object()  # stands where a message was that is left out


class BadRequest(Exception):
    """A body that cannot be taken: the HTTP status, and a reason that holds none of the body's values."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def parse_request(body: bytes) -> Request:
    """The request in a body. Raises BadRequest.

    Unknown fields are ignored. Of a query, messages of unknown roles are left out, and a null stands for a default.

    >>> parse_request(b'{"version": "1.2", "type": "settings"}').type
    'settings'
    """
    try:
        request: Request = _requests().validate_json(body.removeprefix(codecs.BOM_UTF8))
    except ValidationError as error:
        request = _tolerated(body, error.errors(include_url=False, include_context=False))
    if isinstance(request, QueryRequest) and not request.query:
        raise BadRequest(422, "query: there is no message in it.")
    return request


class _ByType:
    """One model for each ``type``: the bytes are read once, whatever they hold."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        kinds = {name: handler.generate_schema(kind) for name, kind in _KINDS.items()}
        return core_schema.tagged_union_schema(kinds, discriminator="type")


@cache
def _requests() -> TypeAdapter[Any]:
    return TypeAdapter(_ByType)


def _tolerated(body: bytes, faults: list[ErrorDetails]) -> Request:
    """The request all the same, where nothing but odd messages and nulls is wrong with it."""
    kind = faults[0]["type"]
    if kind == "json_invalid":
        if "escape" in faults[0]["msg"] and (mended := _without_halves(body)) is not None:
            return parse_request(mended)
        raise BadRequest(400, _why_no_json(body, faults[0]["msg"]))
    if kind == "union_tag_not_found":
        raise BadRequest(422, "type: Field required")
    data = json.loads(body)
    if not isinstance(data, dict):
        raise BadRequest(400, "The body is no JSON object.")
    if not isinstance(data["type"], str):
        raise BadRequest(422, "type: Input should be a valid string")
    if kind == "union_tag_invalid":
        raise BadRequest(501, "Unsupported request type")
    _mend(data, faults)
    try:
        request: Request = _requests().validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise BadRequest(422, f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}") from None
    return request


def _mend(data: dict[str, Any], faults: list[ErrorDetails]) -> None:
    """Take nulls out of *data* where no null may be, keys that are no text, and messages whose role is not known."""
    nulls = [
        fault["loc"][1:]
        for fault in faults
        if len(fault["loc"]) > 1 and (fault["input"] is None or fault["loc"][1] in _NOT_READ)
    ]
    odd = [
        fault["loc"][1:-1]
        for fault in faults
        if fault["loc"][-1] == "role" and isinstance(fault["input"], str) and fault["input"] not in _ROLES
    ]
    for *place, name in nulls:
        with suppress(KeyError, IndexError, TypeError):
            del _at(data, place)[name]
    for *place, name in odd:
        with suppress(KeyError, IndexError, TypeError):
            holder = _at(data, place)
            holder[name] = _ODD if isinstance(holder, list) else None
    if odd:
        data["query"] = [message for message in data["query"] if message is not _ODD]


def _without_halves(body: bytes) -> bytes | None:
    """The body with U+FFFD where half a surrogate pair is, as in text cut within a sign; None where there is none."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    return whole if whole != text.encode("utf-8", "surrogatepass") else None


def _at(data: Any, place: list[int | str]) -> Any:
    """What lies at a place within parsed JSON."""
    for step in place:
        data = data[step]
    return data


def _why_no_json(body: bytes, words: str) -> str:
    if not body.strip():
        return "The body is empty."
    try:
        body.decode()
    except UnicodeDecodeError:
        return "The body is not in UTF-8."
    return "The body is nested too deeply." if "recursion" in words else "The body is no JSON."
