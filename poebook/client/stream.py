"""A bot asked, its answer streamed: the client's main door."""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TYPE_CHECKING, Any

from poebook.client.bases import BOT_BASE_URL, bot_door
from poebook.client.events import open_batches, post_json
from poebook.client.parts import Prompt
from poebook.client.refusals import place
from poebook.client.replies import Faulty, ReplyReader
from poebook.client.tries import ErrorHandler, log_error, retry_after_s, wait_before_retry
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

_REPORT_S = 5.0  # a report is a courtesy; an answer does not wait longer for it


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

    >>> import asyncio, httpx
    >>> from poebook import PoeBot, ProtocolMessage
    >>> from poebook.client.inprocess import InProcessTransport
    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield request.query[-1].content
    >>> session = httpx.AsyncClient(transport=InProcessTransport(Echo().asgi_app()))
    >>> said = [ProtocolMessage(role="user", content="hi")]
    >>> ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    >>> request = QueryRequest(version="1.2", type="query", query=said, **ids)
    >>> async def ask() -> list[str]:
    ...     parts = stream_request(request, "echo", session=session, base_url="http://in-process/")
    ...     return [part.text async for part in parts]
    >>> asyncio.run(ask())
    ['hi']
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

    answer = ask() if tools is None else stream_with_tools(ask, tools, tool_executables, bot_name)
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
    """The same, for those who run the tools themselves: *tool_calls* and *tool_results* go with the query.

    >>> import asyncio, httpx
    >>> from poebook import PoeBot, ProtocolMessage
    >>> from poebook.client.inprocess import InProcessTransport
    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield request.query[-1].content
    >>> session = httpx.AsyncClient(transport=InProcessTransport(Echo().asgi_app()))
    >>> said = [ProtocolMessage(role="user", content="hi")]
    >>> ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    >>> request = QueryRequest(version="1.2", type="query", query=said, **ids)
    >>> async def ask() -> list[str]:
    ...     parts = stream_request_base(request, "echo", session=session, base_url="http://in-process/")
    ...     return [part.text async for part in parts]
    >>> asyncio.run(ask())
    ['hi']
    """
    key = _key(api_key, access_key, access_key_deprecation_warning_stacklevel + 1)
    url, key = bot_door(bot_name, base_url, key)
    body = _body(request, tools, tool_calls, tool_results)
    prompt = Prompt(request)

    async def report(faults: list[Faulty]) -> None:
        while faults:  # none stays for a second report, should whoever asked go meanwhile
            fault = faults.pop(0)
            words = f"Protocol bot error: {fault.message} with metadata {fault.metadata} for endpoint {place(url)}"
            on_error(BotError(fault.message, bot_name=bot_name), words)
            told = {"version": "1.2", "type": "report_error", **fault._asdict()}
            with contextlib.suppress(PoebookError):
                await post_json(
                    url,
                    key=key,
                    body=json.dumps(told).encode(),
                    bot_name=bot_name,
                    headers=extra_headers,
                    session=session,
                    timeout=_REPORT_S,
                )

    yielded = False
    for attempt in range(num_tries):
        reader = ReplyReader(prompt, bot_name, request.message_id, expects_text=not tools)
        batches = open_batches(url, key=key, body=body, bot_name=bot_name, headers=extra_headers, session=session)
        try:
            async with contextlib.aclosing(batches):
                async for batch in batches:
                    for event in batch:
                        reply = reader.read(event)
                        if reader.faults:
                            await report(reader.faults)
                        if reply is not None:
                            yielded = True
                            yield reply
                reader.finish()
                await report(reader.faults)
            return
        except BotError as error:
            await report(reader.faults)
            if isinstance(error, BotErrorNoRetry):
                raise
            on_error(error, f"Bot request to {bot_name} failed on try {attempt}")
            if attempt + 1 >= num_tries or (yielded and not _was_cut(error)):
                raise
            asked = retry_after_s(error.status, error.headers)
            await wait_before_retry(error, attempt, retry_sleep_time, asked)


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
    keys = {"access_key", "api_key"}
    try:
        return whole.model_dump_json(exclude=keys, by_alias=True, warnings=False).encode()
    except ValueError:  # half a surrogate pair, as text that was cut has it
        return json.dumps(whole.model_dump(mode="python", exclude=keys, by_alias=True, warnings=False)).encode()


def _was_cut(error: BotError) -> bool:
    import httpx

    return isinstance(error.__cause__, httpx.RemoteProtocolError)
