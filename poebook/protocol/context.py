"""What a handler is told besides the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict

from poebook.protocol.model import Model

if TYPE_CHECKING:
    from starlette.requests import Request
else:
    Request = Any  # Starlette is loaded by those who serve


class RequestContext(Model):
    """The HTTP request that a handler answers, as a Starlette ``Request``.

    >>> from poebook import Conversation, PoeBot
    >>> class Curious(PoeBot):
    ...     async def get_response_with_context(self, request, context):
    ...         yield context.http_request.method
    >>> Conversation(Curious()).ask("hi").text
    'POST'
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    http_request: Request
