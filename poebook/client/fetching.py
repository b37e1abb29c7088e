"""A file at an address, fetched as Poe does when it is given one."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote, urlsplit

from poebook.client.attaching import Blob
from poebook.client.documents.kinds import UNKNOWN, bare_type, content_type_of
from poebook.client.pool import new_client
from poebook.client.refusals import place
from poebook.errors import InvalidParameterError

TIME_S = 60.0


async def fetched(url: str, limit: int) -> Blob:
    """What lies at *url*, at most *limit* bytes. Raises InvalidParameterError."""
    import httpx

    try:
        async with asyncio.timeout(TIME_S):
            return await _fetched(url, limit)
    except TimeoutError:
        raise _not_had(url, f"it took more than {TIME_S:g} s") from None
    except (httpx.InvalidURL, ValueError):
        raise _not_had(url, "it is no address that can be fetched") from None
    except httpx.HTTPError as error:
        nobody = isinstance(error, httpx.ConnectError)
        raise _not_had(url, "nothing answers there" if nobody else "it broke off") from None


async def _fetched(url: str, limit: int) -> Blob:
    data = bytearray()
    async with new_client() as client, client.stream("GET", url, follow_redirects=True) as response:
        if response.status_code != 200:
            raise _not_had(url, f"{response.status_code} {response.reason_phrase}".strip())
        async for piece in response.aiter_bytes():
            data += piece
            if len(data) > limit:
                break  # one piece too many says that it is too large
    name = unquote(urlsplit(url).path.rpartition("/")[2]) or "page.html"
    said = response.headers.get("content-type", "")
    content_type = said if bare_type(said) not in ("", UNKNOWN) else content_type_of(name, bytes(data[:64]))
    return Blob(name, content_type, bytes(data))


def _not_had(url: str, why: str) -> InvalidParameterError:
    return InvalidParameterError(f"{place(url)} cannot be attached: {why}.")
