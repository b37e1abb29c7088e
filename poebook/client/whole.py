"""An answer that is wanted whole, of bounded size and time, whoever gives it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import httpx

MOST = 1024 * 1024  # bytes; what goes on is cut


class Whole(NamedTuple):
    """What was answered."""

    status: int
    phrase: str
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The answer as text, whatever it is.

        >>> Whole(200, "OK", {}, b"high tide").text
        'high tide'
        """
        return self.data.decode("utf-8", "replace")

    def json(self) -> Any:
        """The answer as JSON. Raises ValueError.

        >>> Whole(200, "OK", {}, b"[1]").json()
        [1]
        """
        try:
            return json.loads(self.data)
        except RecursionError:
            raise ValueError("The answer is nested too deeply.") from None


async def whole(client: httpx.AsyncClient, request: httpx.Request, most_s: float) -> Whole:
    """What is answered to *request*. Raises httpx' errors, also where it is not all there within *most_s* seconds."""
    import httpx

    try:
        async with asyncio.timeout(most_s):
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                data = bytearray()
                async for chunk in response.aiter_bytes(64 * 1024):
                    data += chunk
                    if len(data) > MOST:
                        break
            finally:
                await response.aclose()
    except TimeoutError:
        raise httpx.ReadTimeout("The answer took too long.", request=request) from None
    return Whole(response.status_code, response.reason_phrase, response.headers, bytes(data[:MOST]))
