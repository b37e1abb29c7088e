"""The blocking twins; they work inside a running loop too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from poebook.client.bases import BOT_BASE_URL, UPLOAD_BASE_URL
from poebook.client.portal import client_portal
from poebook.client.responses import get_bot_response
from poebook.client.stream import Executables
from poebook.client.tries import ErrorHandler, log_error
from poebook.client.uploads import upload_file
from poebook.protocol import Attachment, PartialResponse, ProtocolMessage, ToolDefinition

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


def run_sync(
    coro: Coroutine[Any, Any, T],
    *,
    session: httpx.AsyncClient | None = None,
    _executor_factory: Callable[[], object] | None = None,
) -> T:
    """The result of *coro*: by ``asyncio.run``, or in a thread of its own where a loop is running.

    A *session* belongs to its loop; inside a running loop one raises ValueError.

    >>> async def answer() -> int:
    ...     return 42
    >>> run_sync(answer())
    42
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coro)
    if session is not None:
        coro.close()
        raise ValueError("A session cannot be used from another loop; leave it out, or await the async twin.")
    return client_portal().run(coro)


def get_bot_response_sync(
    messages: list[ProtocolMessage],
    bot_name: str,
    api_key: str,
    *,
    tools: list[ToolDefinition] | None = None,
    tool_executables: Executables | None = None,
    temperature: float | None = None,
    skip_system_prompt: bool | None = None,
    adopt_current_bot_name: bool | None = None,
    logit_bias: dict[str, float] | None = None,
    stop_sequences: list[str] | None = None,
    base_url: str = BOT_BASE_URL,
    session: httpx.AsyncClient | None = None,
) -> Generator[PartialResponse, None, None]:
    """``get_bot_response`` without ``async``: pieces as they come; everything is closed when you stop early."""
    yield from client_portal().iterate(
        get_bot_response(
            messages,
            bot_name,
            api_key,
            tools=tools,
            tool_executables=tool_executables,
            temperature=temperature,
            skip_system_prompt=skip_system_prompt,
            adopt_current_bot_name=adopt_current_bot_name,
            logit_bias=logit_bias,
            stop_sequences=stop_sequences,
            base_url=base_url,
            session=session,
        )
    )


def upload_file_sync(
    file: bytes | BinaryIO | None = None,
    file_url: str | None = None,
    file_name: str | None = None,
    api_key: str = "",
    *,
    session: httpx.AsyncClient | None = None,
    on_error: ErrorHandler = log_error,
    num_tries: int = 2,
    retry_sleep_time: float = 0.5,
    base_url: str = UPLOAD_BASE_URL,
    extra_headers: dict[str, str] | None = None,
) -> Attachment:
    """``upload_file`` without ``await``."""
    return run_sync(
        upload_file(
            file,
            file_url,
            file_name,
            api_key,
            session=session,
            on_error=on_error,
            num_tries=num_tries,
            retry_sleep_time=retry_sleep_time,
            base_url=base_url,
            extra_headers=extra_headers,
        ),
        session=session,
    )
