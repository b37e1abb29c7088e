"""From a request's body to a request, or to the reason why it is none."""

from __future__ import annotations

import codecs
import json
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, SchemaError, SchemaValidator, core_schema

from poebook.protocol import (
    QueryRequest,
    ReportErrorRequest,
    ReportFeedbackRequest,
    ReportReactionRequest,
    SettingsRequest,
)
from poebook.wire.mending import mend

Request: TypeAlias = QueryRequest | SettingsRequest | ReportFeedbackRequest | ReportReactionRequest | ReportErrorRequest

_KINDS: dict[str, type[BaseModel]] = {
    "query": QueryRequest,
    "settings": SettingsRequest,
    "report_feedback": ReportFeedbackRequest,
    "report_reaction": ReportReactionRequest,
    "report_error": ReportErrorRequest,
}


_LONG = 16_000  # bytes, beyond which there may be too many faults to look at them all at once


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
        request: Request = _reader().validate_json(body.removeprefix(codecs.BOM_UTF8))
    except ValidationError as error:
        request = _tolerated(body, error)
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


@cache
def _reader() -> SchemaValidator | TypeAdapter[Any]:
    """What reads as `_requests` does, but leaves off a list at its first faulty item: there may be a million of them.

    A pydantic that cannot be told so, or that has a word for it no longer, reads on: the same is said, later.
    """
    wanted: Any = {"_use_prebuilt": False}  # else the models' own readers stand in the place of what is described here
    try:
        return SchemaValidator(_hasty(_requests().core_schema), None, **wanted)
    except (SchemaError, TypeError):
        return _requests()


def _hasty(schema: Any) -> Any:
    """A description of what is read, whose lists end at their first faulty item."""
    if isinstance(schema, list):
        return [_hasty(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: one if name == "metadata" else _hasty(one) for name, one in schema.items()}
    return {**made, "fail_fast": True} if schema.get("type") == "list" and "items_schema" in schema else made


def _tolerated(body: bytes, error: ValidationError) -> Request:
    """The request all the same, where nothing but odd messages and nulls is wrong with it."""
    only = _words(error)[0] if error.error_count() == 1 else None
    kind, words = (only["type"], only["msg"]) if only is not None else ("", "")
    if kind == "json_invalid":
        if "escape" in words and (mended := without_halves(body)) is not None:
            return parse_request(mended)
        raise BadRequest(400, _why_no_json(body, words))
    if kind == "union_tag_not_found":
        raise BadRequest(422, "type: Field required")
    data = json.loads(body)
    if not isinstance(data, dict):
        raise BadRequest(400, "The body is no JSON object.")
    if not isinstance(data["type"], str):
        raise BadRequest(422, "type: Input should be a valid string")
    if kind == "union_tag_invalid":
        raise BadRequest(501, "Unsupported request type")
    mend(_KINDS[data["type"]], data, is_long=len(body) > _LONG)
    try:
        request: Request = _requests().validate_python(data)
    except ValidationError as left:
        first = _words(left)[0]
        raise BadRequest(422, f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}") from None
    return request


def _words(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False, include_context=False)


def without_halves(body: bytes) -> bytes | None:
    """The body with U+FFFD where half a surrogate pair is, as in text cut within a sign; None where there is none."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    return whole if whole != text.encode("utf-8", "surrogatepass") else None


def _why_no_json(body: bytes, words: str) -> str:
    if not body.strip():
        return "The body is empty."
    try:
        body.decode()
    except UnicodeDecodeError:
        return "The body is not in UTF-8."
    return "The body is nested too deeply." if "recursion" in words else "The body is no JSON."
