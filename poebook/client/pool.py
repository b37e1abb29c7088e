"""One HTTP client a loop, so that calls in turn share their connections."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl

    import httpx

TIMEOUT_S = 600.0
_IDLE = 8  # connections kept; httpcore looks at each idle one at every request

_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = weakref.WeakKeyDictionary()
_closers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = weakref.WeakKeyDictionary()  # kept alive


async def pooled_client() -> httpx.AsyncClient:
    """The running loop's client; it is closed when the loop shuts its asynchronous generators down."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None or client.is_closed:
        client = _clients[loop] = new_client()
        closer = _closing(client)
        await anext(closer)
        _closers[loop] = closer
    return client


def new_client(transport: httpx.AsyncBaseTransport | None = None, timeout_s: float = TIMEOUT_S) -> httpx.AsyncClient:
    """A client that follows no redirect, for a redirect must not carry the key elsewhere."""
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=_IDLE)
    return httpx.AsyncClient(timeout=timeout_s, limits=limits, transport=transport, verify=_ssl_context())


async def _closing(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await client.aclose()


@cache
def _ssl_context() -> ssl.SSLContext:
    """Made once a process: it takes 20 ms."""
    import httpx

    return httpx.create_ssl_context()
