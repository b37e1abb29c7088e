"""Reading a request's body: no more of it, and for no longer, than is sensible."""

from __future__ import annotations

import asyncio
import gc
from functools import cache

from poebook.server.asgi import Receive, Scope
from poebook.wire.bodies import BadRequest, Request, parse_request

MAX_BODY_SIZE = 100_000_000  # bytes; a history with all its parsed attachments stays far below
BODY_S = 60.0  # until the whole body is there
_LONG = 32 * 1024  # bytes
_KEPT = 16 * 1024 * 1024  # bytes; less than the 32 MB up to which glibc learns


async def read_body(scope: Scope, receive: Receive, most: int, patience_s: float = BODY_S) -> bytes | None:
    """The whole body; None when its sender has gone.

    Raises BadRequest: 413 past *most* bytes (at once, where the head announces them), 408 when it takes too long.
    """
    announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if announced.isdigit() and int(announced) > most:
        raise _too_large(most)
    try:
        with _Patience(patience_s):
            return await _whole(receive, most)
    except TimeoutError:
        raise BadRequest(408, f"The request did not arrive within {patience_s:.0f} seconds.") from None


def request_in(body: bytes) -> Request:
    """The request in a body. Raises BadRequest.

    A long history is thousands of objects made at once, and all of them stay. The garbage collector, which looks
    through the whole program each time that so many came, would find nothing and take half of the time.
    """
    if len(body) < _LONG or not gc.isenabled():
        return parse_request(body)
    gc.disable()
    try:
        return parse_request(body)
    finally:
        gc.enable()


class _Patience:
    """``asyncio.timeout`` for what is mostly there already: there is a timer only once the loop has turned."""

    __slots__ = ("_loop", "_over", "_seconds", "_task", "_timer")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._over = False

    def __enter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task(self._loop)
        self._timer: asyncio.Handle = self._loop.call_soon(self._begin)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._timer.cancel()
        if self._over and self._task is not None and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _begin(self) -> None:
        self._timer = self._loop.call_later(self._seconds, self._end)

    def _end(self) -> None:
        self._over = True
        if self._task is not None:
            self._task.cancel()


async def _whole(receive: Receive, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while (message := await receive())["type"] != "http.disconnect":
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _too_large(most)
        if not message.get("more_body"):
            return b"".join(parts)
        _keep_memory()
    return None


@cache
def _keep_memory() -> None:
    """Have the C library keep what large bodies took, instead of having it cleared anew by the system for each.

    glibc gives back memory beyond twice the largest block that it ever mapped and freed. This one is never written
    to, so it takes none itself; elsewhere it does nothing.
    """
    bytearray(_KEPT)


def _too_large(most: int) -> BadRequest:
    return BadRequest(413, f"The request is larger than {most:,} bytes, the most that this bot reads.")
