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
    """The HTTP request that a handler answers, as a Starlette ``Request``."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    http_request: Request
