"""A bot asked, its answer streamed: the client's main door."""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TYPE_CHECKING, Any

from poebook.client.bases import BOT_BASE_URL, bot_base
from poebook.client.events import open_events, post_json
from poebook.client.replies import Faulty, ReplyReader
from poebook.client.tries import ErrorHandler, log_error, wait_before_retry
from poebook.errors import BotError, BotErrorNoRetry, PoebookError
from poebook.protocol import (
    PartialResponse,
    QueryRequest,
    ToolCallDefinition,
    ToolDefinition,
    ToolResultDefinition,
)

if TYPE_CHECKING:
    import httpx

Executables = Sequence[Callable[..., Any]]  # an author's own functions


async def stream_request(
    request: QueryRequest,
    bot_name: str,
    api_key: str = "",
    *,
    tools: list[ToolDefinition] | None = None,
    tool_executables: Executables | None = None,
    access_key: str = "",
    access_key_deprecation_warning_stacklevel: int = 2,
    session: httpx.AsyncClient | None = None,
    on_error: ErrorHandler = log_error,
    num_tries: int = 2,
    retry_sleep_time: float = 0.5,
    base_url: str = BOT_BASE_URL,
    extra_headers: dict[str, str] | None = None,
) -> AsyncGenerator[PartialResponse, None]:
    """Ask *bot_name* and yield what it answers, piece by piece.

    With *tools* and *tool_executables*, the tools that the bot calls are run and their results sent in a second
    query; with *tools* alone the calls are handed out as they come. A lent *session* stays open. Times are in
    seconds. Raises BotError.
    """
    from poebook.client.tools import stream_with_tools

    key = _key(api_key, access_key, access_key_deprecation_warning_stacklevel + 1)

    def ask(**more: Any) -> AsyncGenerator[PartialResponse, None]:
        return stream_request_base(
            request,
            bot_name,
            key,
            tools=tools,
            session=session,
            on_error=on_error,
            num_tries=num_tries,
            retry_sleep_time=retry_sleep_time,
            base_url=base_url,
            extra_headers=extra_headers,
            **more,
        )

    answer = ask() if tools is None else stream_with_tools(ask, tool_executables)
    async with contextlib.aclosing(answer):
        async for reply in answer:
            yield reply


async def stream_request_base(
    request: QueryRequest,
    bot_name: str,
    api_key: str = "",
    *,
    tools: list[ToolDefinition] | None = None,
    tool_calls: list[ToolCallDefinition] | None = None,
    tool_results: list[ToolResultDefinition] | None = None,
    access_key: str = "",
    access_key_deprecation_warning_stacklevel: int = 2,
    session: httpx.AsyncClient | None = None,
    on_error: ErrorHandler = log_error,
    num_tries: int = 2,
    retry_sleep_time: float = 0.5,
    base_url: str = BOT_BASE_URL,
    extra_headers: dict[str, str] | None = None,
) -> AsyncGenerator[PartialResponse, None]:
    """The same, for those who run the tools themselves."""
    key = _key(api_key, access_key, access_key_deprecation_warning_stacklevel + 1)
    url = f"{bot_base(base_url)}{bot_name}"
    body = _body(request, tools, tool_calls, tool_results)
    prompt = repr(request)
    for attempt in range(num_tries):
        yielded = False
        reader = ReplyReader(prompt, expects_text=tools is None)
        events = open_events(url, key=key, body=body, bot_name=bot_name, headers=extra_headers, session=session)
        try:
            async with contextlib.aclosing(events):
                async for event in events:
                    for reply in reader.read(event.event, event.data):
                        yielded = True
                        yield reply
                    for fault in reader.faults():
                        await _report(fault, request, url, key, bot_name, on_error, session, extra_headers)
            reader.finish()
            for fault in reader.faults():
                await _report(fault, request, url, key, bot_name, on_error, session, extra_headers)
            return
        except BotError as error:
            for fault in reader.faults():
                await _report(fault, request, url, key, bot_name, on_error, session, extra_headers)
            on_error(error, f"Bot request to {bot_name} failed on try {attempt}")
            last = attempt + 1 >= num_tries
            if last or isinstance(error, BotErrorNoRetry) or (yielded and not _was_cut(error)):
                raise
            await wait_before_retry(error, attempt, retry_sleep_time)


def _key(api_key: str, access_key: str, stacklevel: int) -> str:
    if access_key:
        warnings.warn("access_key= is deprecated here; say api_key=.", DeprecationWarning, stacklevel=stacklevel)
    return api_key or access_key


def _body(
    request: QueryRequest,
    tools: list[ToolDefinition] | None,
    tool_calls: list[ToolCallDefinition] | None,
    tool_results: list[ToolResultDefinition] | None,
) -> bytes:
    """The request as JSON, without the keys that it carries."""
    given = {"tools": tools, "tool_calls": tool_calls, "tool_results": tool_results}
    whole = request.model_copy(update={name: value for name, value in given.items() if value is not None})
    return whole.model_dump_json(exclude={"access_key", "api_key"}, by_alias=True).encode()


def _was_cut(error: BotError) -> bool:
    import httpx

    return isinstance(error.__cause__, httpx.RemoteProtocolError)


async def _report(
    fault: Faulty,
    request: QueryRequest,
    url: str,
    key: str,
    bot_name: str,
    on_error: ErrorHandler,
    session: httpx.AsyncClient | None,
    headers: dict[str, str] | None,
) -> None:
    """Tell the caller, and the bot's author, of a fault in the answer."""
    metadata = {**fault.metadata, "message_id": request.message_id}
    told = BotError(fault.message, bot_name=bot_name)
    on_error(told, f"Protocol bot error: {fault.message} with metadata {metadata} for endpoint {url}")
    body = {"version": "1.2", "type": "report_error", "message": fault.message, "metadata": metadata}
    with contextlib.suppress(PoebookError):
        await post_json(
            url, key=key, body=json.dumps(body).encode(), bot_name=bot_name, headers=headers, session=session
        )
