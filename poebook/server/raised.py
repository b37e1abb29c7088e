"""What a handler raised for the application to answer: an HTTPException, or an error that has a handler there."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def answer_to(error: BaseException, request: Request) -> Response | None:
    """The answer that the application has for *error*; None where it has none, and a fixed sentence must do."""
    from starlette.concurrency import run_in_threadpool

    handle = _handler_of(error, request)
    if handle is None and is_meant(error):  # the bot is served alone, as in a notebook
        from fastapi.exception_handlers import http_exception_handler as handle
    if handle is None:
        return None
    if inspect.iscoroutinefunction(handle):
        answer = await handle(request, error)
    else:
        answer = await run_in_threadpool(handle, request, error)
    return answer if callable(answer) else None


async def own_refusal(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response | None:
    """The answer of a handler that the author set for such a status, or for all; None where it is FastAPI's own."""
    if not _is_fastapi(request):
        return None
    from fastapi.exceptions import HTTPException  # which handlers of Starlette's take, too

    refusal = HTTPException(status, detail, headers)
    handle = _handler_of(refusal, request)
    if handle is None or handle.__module__ == "fastapi.exception_handlers":
        return None
    return await answer_to(refusal, request)


def is_meant(error: BaseException) -> bool:
    """Whether an error was raised to be sent, and is no fault of the handler's."""
    from starlette.exceptions import HTTPException

    return isinstance(error, HTTPException)


def _handler_of(error: BaseException, request: Request) -> Any:  # an author's own, or FastAPI's
    """As Starlette looks them up: by an HTTPException's status first, then by class, then the one for all errors."""
    if not _is_fastapi(request):
        return None
    handlers = request.scope["app"].exception_handlers
    kinds = [kind for kind in type(error).__mro__ if kind not in (BaseException, object)]
    if not isinstance(error, Exception):
        return None
    wanted = [*([getattr(error, "status_code", None)] if is_meant(error) else []), *kinds, 500]
    return next((handlers[one] for one in wanted if one in handlers), None)


def _is_fastapi(request: Request) -> bool:
    """Told without loading it."""
    return hasattr(request.scope.get("app"), "dependency_overrides")
