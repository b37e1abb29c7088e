"""One request to a bot, and all that came back, with its times."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from poebook.client.refusals import no_connection
from poebook.wire.events import PUBLIC_ERROR
from poebook.wire.sse import Decoder, EventTooLarge

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 16 * 1024 * 1024  # bytes that are read of one answer
MOST_EVENTS = 25_000  # that are kept of one: more than Poe takes, and few enough for all that is done with them

Fate = Literal["unasked", "whole", "left", "late", "cut", "unreachable", "untrusted"]


@dataclass(frozen=True)
class Seen:
    """An event as it arrived; ``at_s`` counts from the question, ``fields`` is its data if that is a JSON object."""

    name: str
    data: str
    at_s: float

    @property
    def fields(self) -> dict[str, Any]:
        try:
            value = json.loads(self.data)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


@dataclass
class Exchange:
    """What came of one request; ``says`` names it in a sentence.

    ``fate`` is ``whole`` (read to the end), ``left`` (enough was seen), ``late`` (its time was over), ``cut`` (the
    connection broke), ``unreachable``, ``untrusted`` (the certificate) or ``unasked``.
    """

    says: str
    fate: Fate = "unasked"
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    headers_s: float = 0.0
    body: bytes = b""
    arrivals: list[float] = field(default_factory=list)
    events: list[Seen] = field(default_factory=list)
    total_s: float = 0.0
    trouble: str = ""
    began: float = 0.0  # by the loop's clock

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def kind(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_stream(self) -> bool:
        return self.ok and self.kind == "text/event-stream"

    @property
    def text(self) -> str:
        """What a reader is shown at the end."""
        shown = ""
        for event in self.events:
            if event.name in ("text", "replace_response"):
                text = event.fields.get("text")
                said = text if isinstance(text, str) else ""
                shown = said if event.name == "replace_response" else shown + said
        return shown

    @property
    def error(self) -> str | None:
        """The text of an ``error`` event that no user caused; None where there is none."""
        for event in self.events:
            if event.name == "error" and event.fields.get("error_type") is None:
                return str(event.fields.get("text") or PUBLIC_ERROR)
        return None

    def failure(self) -> str | None:
        """Why this is no good answer to a question, as a sentence; None where it is one, or nobody knows."""
        if self.fate in ("unasked", "late") and self.status is None:
            return None
        if self.status is None:
            return f"{self.says} was not answered: {self.trouble}"
        if not self.ok:
            return f"{self.says} was answered with the status {self.status}."
        if self.fate == "cut":
            return f"The answer to {self.says[:1].lower()}{self.says[1:]} was cut off."
        if self.error is not None:
            return f'{self.says} was answered with the error "{self.error[:200]}"'
        return None

    def json(self) -> Any:
        """The body as JSON; raises ValueError."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None


@dataclass(frozen=True)
class Request:
    """What is sent. ``leave_after`` events the reader goes away; None: it reads to the end."""

    method: str
    url: str
    headers: dict[str, bytes]
    content: bytes | None
    leave_after: int | None = None


async def carry_out(client: httpx.AsyncClient, request: Request, seen: Exchange, seconds: float) -> Exchange:
    """Send *request*, and write what comes into *seen* as it comes, for *seconds* at most."""
    import httpx

    try:
        async with asyncio.timeout(seconds):
            try:
                await _read(client, request, seen)
            except _hung_up():
                if seen.status is not None:
                    raise
                await _read(client, request, seen)  # a connection that was kept was closed at that very moment
    except TimeoutError:
        seen.fate, seen.trouble = "late", f"nothing came for {seconds:.0f} s"
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, EventTooLarge) as error:
        _went_wrong(seen, request.url, error)
    seen.total_s = asyncio.get_running_loop().time() - seen.began
    return seen


async def _read(client: httpx.AsyncClient, request: Request, seen: Exchange) -> None:
    loop, decoder = asyncio.get_running_loop(), Decoder(LARGEST_BODY)
    seen.began = start = loop.time()
    headers = [(name.encode(), value) for name, value in request.headers.items()]
    async with client.stream(request.method, request.url, headers=headers, content=request.content) as response:
        seen.status = response.status_code
        seen.headers = {name.lower(): value for name, value in response.headers.items()}
        seen.headers_s = loop.time() - start
        seen.fate = "left"
        async for chunk in response.aiter_bytes():
            if _enough(seen, decoder, chunk, loop.time() - start, request.leave_after):
                break
        else:
            seen.fate = "whole"


def _enough(seen: Exchange, decoder: Decoder, chunk: bytes, at: float, leave_after: int | None) -> bool:
    seen.body += chunk
    seen.arrivals.append(at)
    if seen.is_stream:
        seen.events += [Seen(event.event, event.data, at) for event in decoder.feed(chunk)]
    events_are_enough = leave_after is not None and (len(seen.events) >= leave_after or not seen.is_stream)
    return events_are_enough or len(seen.body) > LARGEST_BODY or len(seen.events) > MOST_EVENTS


def _went_wrong(seen: Exchange, url: str, error: Exception) -> None:
    if seen.status is not None:
        seen.fate, seen.trouble = "cut", type(error).__name__
        return
    hung_up = isinstance(error, _hung_up())
    seen.trouble = "The server hung up." if hung_up else str(no_connection("it", url, error).reason)
    seen.fate = "untrusted" if "certificate" in seen.trouble else "unreachable"


def _hung_up() -> tuple[type[Exception], ...]:
    """What is raised where a connection ended before its time."""
    import httpx

    return httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError
