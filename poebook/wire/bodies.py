"""From a request's body to a request, or to the reason why it is none."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from poebook.protocol import (
    QueryRequest,
    ReportErrorRequest,
    ReportFeedbackRequest,
    ReportReactionRequest,
    SettingsRequest,
)
from poebook.protocol.messages import Role

Request = QueryRequest | SettingsRequest | ReportFeedbackRequest | ReportReactionRequest | ReportErrorRequest

_KINDS: dict[str, type[BaseModel]] = {
    "query": QueryRequest,
    "settings": SettingsRequest,
    "report_feedback": ReportFeedbackRequest,
    "report_reaction": ReportReactionRequest,
    "report_error": ReportErrorRequest,
}
_ROLES = frozenset(get_args(Role))


class BadRequest(Exception):
    """A body that cannot be taken: the HTTP status, and a reason that holds none of the body's values."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def parse_request(body: bytes) -> Request:
    """The request in a body. Raises BadRequest.

    Unknown fields are ignored, messages of unknown roles left out.

    >>> parse_request(b'{"version": "1.2", "type": "settings"}').type
    'settings'
    """
    kind = _peek(body)
    try:
        request: Request = _adapter(kind).validate_json(body)
        if isinstance(request, QueryRequest) and not request.query:
            raise BadRequest(422, "query: there is no message in it.")
        return request
    except ValidationError as error:
        if kind != "query":
            raise _refusal(error) from None
    except ValueError:
        raise BadRequest(400, "The body is no JSON.") from None
    return _tolerant_query(body)


def _peek(body: bytes) -> str:
    """The body's ``type``."""
    try:
        head = _head().validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            reason = "empty" if not body.strip() else "no JSON" if _is_utf8(body) else "not in UTF-8"
            raise BadRequest(400, f"The body is {reason}.") from None
        if not first["loc"]:
            raise BadRequest(400, "The body is no JSON object.") from None
        raise _refusal(error) from None
    if head.type not in _KINDS:
        raise BadRequest(501, "Unsupported request type")
    return head.type


class _Head(BaseModel):
    type: str


@cache
def _head() -> TypeAdapter[_Head]:
    return TypeAdapter(_Head)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _tolerant_query(body: bytes) -> Request:
    """A query in which one odd message does not spoil the rest."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "The body is no JSON, or too deep.") from None
    query = data.get("query")
    if isinstance(query, list):
        data["query"] = [m for m in query if not isinstance(m, dict) or m.get("role", "user") in _ROLES]
    try:
        request = QueryRequest.model_validate(data)
    except ValidationError as error:
        raise _refusal(error) from None
    if not request.query:
        raise BadRequest(422, "query: there is no message in it.")
    return request


def _refusal(error: ValidationError) -> BadRequest:
    """The first fault, by its place; pydantic's words for a kind of fault hold no values of the body."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "body"
    if first["type"] == "json_invalid":
        return BadRequest(400, "The body is no JSON, or too deep.")
    return BadRequest(422, f"{place}: {first['msg']}")
