"""Answers to a list of messages, and answers in one piece."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from poebook.client.bases import BOT_BASE_URL
from poebook.client.stream import Executables, stream_request
from poebook.client.tries import ErrorHandler, log_error
from poebook.errors import BotError
from poebook.protocol import DataResponse, MetaResponse, PartialResponse, ProtocolMessage, QueryRequest, ToolDefinition

if TYPE_CHECKING:
    import httpx


def get_bot_response(
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
) -> AsyncGenerator[PartialResponse, None]:
    """What *bot_name* on Poe answers to *messages*, piece by piece; for scripts, with a person's API key.

    >>> import asyncio, httpx
    >>> from poebook import PoeBot, ProtocolMessage
    >>> from poebook.client.inprocess import InProcessTransport
    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield request.query[-1].content
    >>> session = httpx.AsyncClient(transport=InProcessTransport(Echo().asgi_app()))
    >>> said = [ProtocolMessage(role="user", content="hi")]
    >>> async def ask() -> list[str]:
    ...     parts = get_bot_response(said, "echo", "my key", session=session, base_url="http://in-process/")
    ...     return [part.text async for part in parts]
    >>> asyncio.run(ask())
    ['hi']
    """
    said: dict[str, Any] = {
        "temperature": temperature,
        "skip_system_prompt": skip_system_prompt,
        "adopt_current_bot_name": adopt_current_bot_name,
        "logit_bias": logit_bias,
        "stop_sequences": stop_sequences,
    }
    request = QueryRequest(
        version="1.2",
        type="query",
        query=messages,
        user_id="",
        conversation_id="",
        message_id="",
        **{name: value for name, value in said.items() if value is not None},
    )
    return stream_request(
        request,
        bot_name,
        api_key,
        tools=tools,
        tool_executables=tool_executables,
        base_url=base_url,
        session=session,
    )


async def get_final_response(
    request: QueryRequest,
    bot_name: str,
    api_key: str = "",
    *,
    access_key: str = "",
    session: httpx.AsyncClient | None = None,
    on_error: ErrorHandler = log_error,
    num_tries: int = 2,
    retry_sleep_time: float = 0.5,
    base_url: str = BOT_BASE_URL,
) -> str:
    """The whole text of an answer, replacements carried out. Raises BotError, also when nothing came.

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
    >>> asyncio.run(get_final_response(request, "echo", session=session, base_url="http://in-process/"))
    'hi'
    """
    parts: list[str] = []
    came = False
    async for reply in stream_request(
        request,
        bot_name,
        api_key,
        access_key=access_key,
        access_key_deprecation_warning_stacklevel=3,
        session=session,
        on_error=on_error,
        num_tries=num_tries,
        retry_sleep_time=retry_sleep_time,
        base_url=base_url,
    ):
        if isinstance(reply, MetaResponse | DataResponse) or reply.is_suggested_reply:
            continue
        if reply.is_replace_response:
            parts.clear()
        parts.append(reply.text)
        came = True
    if not came:
        raise BotError(f"Bot {bot_name} sent no response", bot_name=bot_name)
    return "".join(parts)
