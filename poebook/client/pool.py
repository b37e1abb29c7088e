"""One HTTP client a loop, so that calls in turn share their connections."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, NamedTuple

from poebook.version import __version__

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 600.0  # of silence, in which a bot may think
CONNECT_TIMEOUT_S = 30.0
_IDLE = 8  # connections kept; httpcore looks at each idle one at every request
_IDLE_S = 4.0  # less than the 5 s of uvicorn, so that it is we who hang up

_Place = tuple[asyncio.AbstractEventLoop, bool]


class _Held(NamedTuple):
    client: httpx.AsyncClient
    closer: AsyncGenerator[None, None]


_held: dict[_Place, _Held] = {}


async def pooled_client(url: str) -> httpx.AsyncClient:
    """The running loop's client for *url*; it is closed when the loop shuts its asynchronous generators down.

    >>> async def is_shared() -> bool:
    ...     return await pooled_client("http://a.example/") is await pooled_client("http://b.example/")
    >>> asyncio.run(is_shared())
    True
    """
    place = (asyncio.get_running_loop(), url[:6].lower() == "https:")
    held = _held.get(place)
    if held is None or held.client.is_closed:
        _forget_closed_loops()
        client = new_client(secure=place[1])
        held = _Held(client, _closing(place, client))
        await anext(held.closer)
        _held[place] = held
    return held.client


def new_client(transport: httpx.AsyncBaseTransport | None = None, *, secure: bool = True) -> httpx.AsyncClient:
    """A client that keeps no cookies and follows no redirect, for a redirect must not carry the key elsewhere."""
    import httpx

    return httpx.AsyncClient(
        timeout=httpx.Timeout(TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=_IDLE, keepalive_expiry=_IDLE_S),
        transport=transport,
        verify=ssl_context() if secure and transport is None else _no_trust(),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"user-agent": f"poebook/{__version__}"},
    )


async def _closing(place: _Place, client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        held = _held.get(place)
        if held is not None and held.client is client:
            del _held[place]
        await client.aclose()


def _forget_closed_loops() -> None:
    """A loop that was closed without shutting its generators down leaves nothing that could still be closed."""
    for place in list(_held):
        if place[0].is_closed():
            _held.pop(place, None)


@cache
def ssl_context() -> ssl.SSLContext:
    """The certificates that are trusted. Made once a process: it takes 20 ms."""
    import httpx

    return httpx.create_ssl_context()


@cache
def _no_trust() -> ssl.SSLContext:
    """For plain HTTP: trusts nobody, and costs nothing."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
