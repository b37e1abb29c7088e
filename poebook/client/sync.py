"""The blocking twins; they work inside a running loop too."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from poebook.client.bases import BOT_BASE_URL, UPLOAD_BASE_URL
from poebook.client.portal import Portal, client_portal
from poebook.client.pump import pumped
from poebook.client.responses import get_bot_response
from poebook.client.stream import Executables
from poebook.client.tries import ErrorHandler, log_error
from poebook.client.uploads import checked, send
from poebook.protocol import Attachment, PartialResponse, ProtocolMessage, ToolDefinition

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


def run_sync(
    coro: Coroutine[Any, Any, T],
    *,
    session: object | None = None,
    _executor_factory: Callable[[], concurrent.futures.Executor] | None = None,
) -> T:
    """The result of *coro*: by ``asyncio.run``, or in a thread with a loop of its own where a loop is running.

    A *session* belongs to its loop; inside a running loop one raises ValueError.

    >>> async def answer() -> int:
    ...     return 42
    >>> run_sync(answer())
    42
    """
    if not _is_in_loop():
        return asyncio.run(coro)
    if session is not None:
        coro.close()
        raise _lent()
    if _executor_factory is not None:
        context = contextvars.copy_context()
        return _executor_factory().submit(context.run, asyncio.run, coro).result()
    portal = Portal("poebook-run-sync")
    try:
        return portal.run(coro)
    finally:
        portal.close()


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
    """``get_bot_response`` without ``async``: parts as they come; everything is closed when you stop early.

    Functions that the bot calls run in the caller's thread.

    >>> import httpx
    >>> from poebook import PoeBot, ProtocolMessage
    >>> from poebook.client.inprocess import InProcessTransport
    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield request.query[-1].content
    >>> session = httpx.AsyncClient(transport=InProcessTransport(Echo().asgi_app()))
    >>> said = [ProtocolMessage(role="user", content="hi")]
    >>> parts = get_bot_response_sync(said, "echo", "my key", session=session, base_url="http://in-process/")
    >>> [part.text for part in parts]
    ['hi']
    """
    if session is not None and _is_in_loop():
        raise _lent()
    with _portal() as portal:
        yield from pumped(
            portal,
            lambda carried: get_bot_response(
                messages,
                bot_name,
                api_key,
                tools=tools,
                tool_executables=carried,
                temperature=temperature,
                skip_system_prompt=skip_system_prompt,
                adopt_current_bot_name=adopt_current_bot_name,
                logit_bias=logit_bias,
                stop_sequences=stop_sequences,
                base_url=base_url,
                session=session,
            ),
            tool_executables,
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
    """``upload_file`` without ``await``.

    >>> upload_file_sync(b"1,2", api_key="my key")
    Traceback (most recent call last):
    ValueError: Bytes need a name: give file_name.
    """
    if session is not None and _is_in_loop():
        raise _lent()
    upload = checked(file, file_url, file_name, api_key)
    with _portal() as portal:
        return portal.run(
            send(
                upload,
                api_key,
                session=session,
                on_error=on_error,
                num_tries=num_tries,
                retry_sleep_time=retry_sleep_time,
                base_url=base_url,
                extra_headers=extra_headers,
            )
        )


@contextmanager
def _portal() -> Generator[Portal, None, None]:
    """The process's portal, whose connections are shared; for a caller who is on its very loop, one for this call."""
    portal = client_portal()
    if not portal.inside:
        yield portal
        return
    portal = Portal("poebook-sync")
    try:
        yield portal
    finally:
        portal.close()


def _is_in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _lent() -> ValueError:
    return ValueError("A session cannot be used from another loop; leave it out, or await the async twin.")
