"""One request to a bot: events as they come, or an answer in JSON; and why there was none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from poebook.client.pool import new_client, pooled_client
from poebook.client.refusals import lost_connection, no_connection, no_stream, refusal
from poebook.wire.sse import Decoder, EventTooLarge, ServerSentEvent

if TYPE_CHECKING:
    import httpx

_DRAIN_S = 0.1  # reading on after `done` keeps the connection for the next request


async def open_events(
    url: str,
    *,
    body: bytes,
    bot_name: str,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
    session: httpx.AsyncClient | None = None,
    app: Any = None,  # an ASGI application, asked instead of a server
) -> AsyncGenerator[ServerSentEvent, None]:
    """The events that a bot answers with, ``done`` the last. Raises BotError when there is no answer to be had.

    Closing the generator closes the response, which cancels the bot's handler.
    """
    head = {"accept": "text/event-stream", "cache-control": "no-store"}
    async with _posted(url, body, bot_name, key, {**(headers or {}), **head}, session, app) as response:
        if "text/event-stream" not in response.headers.get("content-type", ""):
            raise no_stream(bot_name, url, response, await _start_of(response))
        decoder = Decoder()
        chunks = response.aiter_bytes()
        async for chunk in chunks:
            for event in decoder.feed(chunk):
                yield event
                if event.event == "done":
                    await _drain(chunks)
                    return


async def post_json(
    url: str,
    *,
    body: bytes,
    bot_name: str,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
    session: httpx.AsyncClient | None = None,
    app: Any = None,  # an ASGI application, asked instead of a server
) -> Any:
    """What a bot answers to a request that is no query: parsed JSON. Raises BotError."""
    async with _posted(url, body, bot_name, key, headers or {}, session, app) as response:
        text = await response.aread()
        try:
            return json.loads(text)
        except ValueError:
            raise no_stream(bot_name, url, response, text[:500].decode("utf-8", "replace"), "JSON") from None


@asynccontextmanager
async def _posted(
    url: str,
    body: bytes,
    bot_name: str,
    key: str | None,
    headers: Mapping[str, str],
    session: httpx.AsyncClient | None,
    app: Any,
) -> AsyncGenerator[httpx.Response, None]:
    """The response to a POST, when it is a good one; every fault of the connection becomes a BotError."""
    import httpx

    client = session or await (_in_process(app) if app is not None else pooled_client())
    auth = {"authorization": f"Bearer {key}"} if key else {}
    try:
        request = client.build_request(
            "POST", url, content=body, headers={"content-type": "application/json", **auth, **headers}
        )
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            if response.status_code != 200:
                raise refusal(bot_name, url, response, await _start_of(response), with_key=bool(key))
            yield response
        finally:
            await response.aclose()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise no_connection(bot_name, url, error) from error
    except EventTooLarge as error:
        raise lost_connection(bot_name, url, str(error)) from error
    except httpx.HTTPError as error:
        raise lost_connection(bot_name, url, _words(error)) from error
    finally:
        if app is not None:
            await client.aclose()


async def _in_process(app: Any) -> httpx.AsyncClient:
    from poebook.client.inprocess import InProcessTransport

    return new_client(InProcessTransport(app))


async def _start_of(response: httpx.Response, most: int = 2000) -> str:
    """The first characters of a body, without waiting for more than that."""
    text = b""
    async for chunk in response.aiter_bytes():
        text += chunk
        if len(text) >= most:
            break
    return text[:most].decode("utf-8", "replace").strip()


async def _drain(chunks: Any) -> None:
    try:
        async with asyncio.timeout(_DRAIN_S):
            async for _ in chunks:
                pass
    except TimeoutError:
        pass


def _words(error: httpx.HTTPError) -> str:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "The bot was silent for too long."
    return "The connection was cut off."
