"""One request to a bot: events as they come, or an answer in JSON; and why there was none."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from poebook.client import pool
from poebook.client.nested import ear_here
from poebook.client.pool import new_client, pooled_client
from poebook.client.refusals import in_words, lost_connection, no_connection, no_stream, refusal, unsendable
from poebook.errors import BotError
from poebook.wire.sse import Decoder, EventTooLarge, ServerSentEvent

if TYPE_CHECKING:
    import httpx

STREAM_HEADERS = {"accept": "text/event-stream", "cache-control": "no-store", "accept-encoding": "identity"}
_DRAIN_S = 0.1  # reading on after the last event keeps the connection for the next request
_REFUSAL_S = 5.0  # for the start of a refusal's body
_LARGEST_JSON = 32 * 1024 * 1024
_REDIRECTS = 4
_SILENT = "The bot was silent for too long."
_NO_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


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

    >>> async def app(scope, receive, send):
    ...     head = {"status": 200, "headers": [(b"content-type", b"text/event-stream")]}
    ...     await send({"type": "http.response.start", **head})
    ...     await send({"type": "http.response.body", "body": b"event: done\\ndata: {}\\n\\n"})
    >>> async def ask() -> list[str]:
    ...     events = open_events("http://in-process/", body=b"{}", bot_name="echo", app=app)
    ...     return [event.event async for event in events]
    >>> asyncio.run(ask())
    ['done']
    """
    batches = open_batches(url, body=body, bot_name=bot_name, key=key, headers=headers, session=session, app=app)
    async with aclosing(batches):
        async for batch in batches:
            for event in batch:
                yield event


def open_batches(
    url: str,
    *,
    body: bytes,
    bot_name: str,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
    session: httpx.AsyncClient | None = None,
    app: Any = None,
) -> AsyncGenerator[list[ServerSentEvent], None]:
    """The same, as many events at once as came at once: for readers in a hurry."""
    batches, ear = _batches(url, body, bot_name, key, headers, session, app), ear_here()
    return batches if ear is None else ear.through(bot_name, body, batches)


async def _batches(
    url: str,
    body: bytes,
    bot_name: str,
    key: str | None,
    headers: Mapping[str, str] | None,
    session: httpx.AsyncClient | None,
    app: Any,
) -> AsyncGenerator[list[ServerSentEvent], None]:
    async with _posted(url, STREAM_HEADERS, body, bot_name, key, headers, session, app) as response:
        if not _is_event_stream(response):
            raise no_stream(bot_name, url, response, await _start_of(response), key=key)
        decoder, clock = Decoder(), asyncio.get_running_loop().time
        chunks, heard = _bytes_of(response), clock()
        while True:
            try:
                chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except Exception as error:
                raise _broken(bot_name, url, error) from error
            try:
                batch = decoder.feed(chunk)
            except EventTooLarge as error:
                raise unsendable(bot_name, str(error)) from None
            if batch and batch[-1].event != "ping":
                heard = clock()
            elif clock() - heard > pool.TIMEOUT_S:  # pings and half events are no answer
                raise lost_connection(bot_name, url, _SILENT)
            if not batch:
                continue
            done = _length_to_done(batch)
            try:
                yield batch[:done] if done else batch
            except GeneratorExit:
                if done or any(event.event == "error" for event in batch):
                    await _drain(chunks)
                raise
            if done:
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
    timeout: float = 30.0,
) -> Any:
    """What a bot answers to a request that is no query: parsed JSON, None for an empty body. Raises BotError.

    >>> async def app(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 200, "headers": []})
    ...     await send({"type": "http.response.body", "body": b'{"response_version": 2}'})
    >>> asyncio.run(post_json("http://in-process/", body=b"{}", bot_name="echo", app=app))
    {'response_version': 2}
    """
    try:
        async with (
            asyncio.timeout(timeout),
            _posted(url, {"accept": "application/json"}, body, bot_name, key, headers, session, app) as response,
        ):
            text = bytearray()
            chunks = response.aiter_bytes()
            while (chunk := await _next(chunks, bot_name, url)) is not None:
                text += chunk
                if len(text) > _LARGEST_JSON:
                    raise unsendable(bot_name, "The answer is larger than what is read.")
    except TimeoutError:
        raise lost_connection(bot_name, url, f"There was no answer within {in_words(timeout)}.") from None
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        raise no_stream(bot_name, url, response, text[:500].decode("utf-8", "replace"), "JSON", key=key) from None


@asynccontextmanager
async def _posted(
    url: str,
    sent: Mapping[str, str],
    body: bytes,
    bot_name: str,
    key: str | None,
    headers: Mapping[str, str] | None,
    session: httpx.AsyncClient | None,
    app: Any,
) -> AsyncGenerator[httpx.Response, None]:
    """The response to a POST, when it is a good one; every fault on the way to it becomes a BotError."""
    ready = header_list(sent, key, headers, bot_name)
    async with _carrier(url, session, app) as client:
        response = await _send(client, url, body, ready, bot_name)
        try:
            if response.status_code // 100 != 2:
                raise refusal(bot_name, url, response, await _start_of(response), key=key)
            yield response
        finally:
            await response.aclose()


@asynccontextmanager
async def _carrier(url: str, session: httpx.AsyncClient | None, app: Any) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Who carries the request: one made for *app*, the one that was lent, or the loop's own."""
    if app is None:
        yield session if session is not None else await pooled_client(url)
        return
    from poebook.client.inprocess import InProcessTransport

    async with new_client(InProcessTransport(app)) as client:
        yield client


async def _send(
    client: httpx.AsyncClient, url: str, body: bytes, headers: list[tuple[bytes, bytes]], bot_name: str
) -> httpx.Response:
    """Send, and wait for the head of the answer. The key goes to another address of the same host, but no further."""
    import httpx

    for left in reversed(range(_REDIRECTS)):
        try:
            request = client.build_request("POST", url, content=body, headers=headers)
            async with asyncio.timeout(_head_s(client)):
                response = await client.send(request, stream=True, follow_redirects=False)
        except TimeoutError:  # half a head, or `100 Continue` again and again
            raise lost_connection(bot_name, url, _SILENT) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise no_connection(bot_name, url, error) from error
        except httpx.ProxyError as error:
            raise no_connection(bot_name, url, error) from error
        except Exception as error:
            raise lost_connection(bot_name, url, _words(error, "hung up without an answer")) from error
        there = urljoin(url, response.headers.get("location", ""))
        if response.status_code not in (307, 308) or not left or not _is_same_host(url, there):
            break
        await response.aclose()
        url = there
    return response


def _head_s(client: httpx.AsyncClient) -> float | None:
    """The seconds in which an answer has to begin; None where a lent client waits for ever."""
    patience = client.timeout.read
    return None if patience is None else max(patience, pool.TIMEOUT_S)


def header_list(
    sent: Mapping[str, str], key: str | None, extra: Mapping[str, str] | None, bot_name: str
) -> list[tuple[bytes, bytes]]:
    """The headers as they travel; *extra* overrides all but ``accept``, whatever the case of its names."""
    headers = {"content-type": "application/json", **sent}
    if key:
        headers["authorization"] = f"Bearer {key.strip()}"
    headers |= {name.lower(): str(value) for name, value in (extra or {}).items()}
    headers["accept"] = sent["accept"]
    for name, value in headers.items():
        if _NO_HEADER.search(value):
            what = "key" if name == "authorization" else f"header {name}"
            raise unsendable(bot_name, f"The {what} has a line end or its like in it.")
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _is_same_host(url: str, other: str) -> bool:
    """Whether *other* is at the same server, or at its HTTPS side."""
    here, there = urlsplit(url), urlsplit(other)
    if url == other or here.hostname != there.hostname:
        return False
    upgrade = (here.scheme, here.port or 80, there.scheme, there.port or 443) == ("http", 80, "https", 443)
    return (here.scheme, here.port) == (there.scheme, there.port) or upgrade


def _is_event_stream(response: httpx.Response) -> bool:
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower() == "text/event-stream"


def _bytes_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes; what is not compressed goes past httpx's own ways of cutting it."""
    is_plain = "content-encoding" not in response.headers and not response.is_stream_consumed
    if is_plain and isinstance(response.stream, AsyncIterable):
        return aiter(response.stream)
    return response.aiter_bytes()


def _length_to_done(batch: list[ServerSentEvent]) -> int:
    """How many events there are up to ``done``; 0 where that is not among them."""
    for number, event in enumerate(batch, 1):
        if event.event == "done":
            return number
    return 0


async def _next(chunks: AsyncIterator[bytes], bot_name: str, url: str) -> bytes | None:
    """The next bytes; None at the end."""
    try:
        return await anext(chunks, None)
    except Exception as error:
        raise _broken(bot_name, url, error) from error


def _broken(bot_name: str, url: str, error: Exception) -> BotError:
    return lost_connection(bot_name, url, _words(error, "was cut off"))


async def _start_of(response: httpx.Response, most: int = 64 * 1024) -> str:
    """The start of a body, without waiting for more than that."""
    text = bytearray()
    with suppress(Exception):
        async with asyncio.timeout(_REFUSAL_S):
            async for chunk in response.aiter_bytes():
                text += chunk
                if len(text) >= most:
                    break
    return text[:most].decode("utf-8", "replace").strip()


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    """Read on to the end; what takes longer costs the connection."""
    with suppress(Exception):
        async with asyncio.timeout(_DRAIN_S):
            async for _ in chunks:
                pass


def _words(error: Exception, what: str) -> str:
    """A sentence about a fault under way. The exception's own words may hold a header, and so a key."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return _SILENT
    if isinstance(error, httpx.DecodingError):
        return "The answer is compressed in a way that cannot be read."
    if isinstance(error, httpx.TransportError):
        return f"The connection {what}."
    return f"The request failed ({type(error).__name__})."
