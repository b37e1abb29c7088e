"""What a bot's handler yields, and what a client hands out."""

from __future__ import annotations

from typing import Any, Literal, Self, TypeAlias, get_args

from pydantic import Field

from poebook.protocol.messages import Attachment, ContentType
from poebook.protocol.model import Model, Written
from poebook.protocol.tools import ToolCallDefinitionDelta

ErrorType: TypeAlias = Literal[
    "user_message_too_long", "insufficient_fund", "user_caused_error", "privacy_authorization_error"
]


class PartialResponse(Written):
    """A piece of an answer: text that is appended, replaces what was shown, or is a suggested reply.

    ``attachment`` is shown with the answer. ``data`` is a raw JSON event, ``tool_calls`` are pieces of calls,
    ``index`` tells parallel answers apart. ``raw_response``, ``full_prompt`` and ``request_id`` help in debugging.

    >>> PartialResponse(text="hi").is_replace_response
    False
    """

    text: str = ""
    data: dict[str, Any] | None = None
    raw_response: object = None
    full_prompt: str | None = Field(default=None, repr=False)
    request_id: str | None = None
    is_suggested_reply: bool = False
    is_replace_response: bool = False
    attachment: Attachment | None = None
    tool_calls: list[ToolCallDefinitionDelta] = Field(default_factory=list)
    index: int | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From the data of a ``text`` event; what is no text there becomes one.

        >>> PartialResponse.from_dict({"text": "high"}).text
        'high'
        """
        return cls(text=str(data.get("text", "")))


class ErrorResponse(PartialResponse):
    """An error that the user is shown; it ends the answer for them.

    >>> ErrorResponse(text="No tides.", allow_retry=False).error_type is None
    True
    """

    allow_retry: bool = True
    error_type: ErrorType | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From the data of an ``error`` event; an error type that is not known is None."""
        kind = data.get("error_type")
        return cls(
            text=str(data.get("text") or ""),
            allow_retry=bool(data.get("allow_retry", True)),
            error_type=kind if kind in get_args(ErrorType) else None,
        )


class MetaResponse(PartialResponse):
    """How the answer is to be shown; counts only as the first thing yielded.

    >>> MetaResponse(content_type="text/plain").suggested_replies
    True
    """

    linkify: bool = True  # deprecated
    suggested_replies: bool = True
    content_type: ContentType = "text/markdown"
    refetch_settings: bool = False


class DataResponse(Written):
    """A string that Poe stores with the answer and hands back as that message's ``metadata``; the last one wins.

    >>> DataResponse(metadata="page 2").metadata
    'page 2'
    """

    metadata: str


class AttachmentUploadResponse(Model):
    """Where an uploaded file lies.

    >>> AttachmentUploadResponse.from_dict({"url": "https://a.example/x", "content_type": "text/csv"}).mime_type
    'text/csv'
    """

    attachment_url: str | None
    mime_type: str | None
    name: str | None = None
    inline_ref: str | None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From the data of a ``file`` event."""
        return cls(
            attachment_url=data.get("url"),
            mime_type=data.get("content_type"),
            name=data.get("name"),
            inline_ref=data.get("inline_ref"),
        )


class AttachmentHttpResponse(Model):
    """What Poe's upload endpoint answers."""

    attachment_url: str | None
    mime_type: str | None
