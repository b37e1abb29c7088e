"""Server-sent events, written and read as the WHATWG standard says (HTML, section 9.2).

Nothing here knows of HTTP: bytes in, events out, whatever way the bytes were cut.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

LARGEST_EVENT = 32 * 1024 * 1024  # bytes; what is longer is no answer

_LINE_END = re.compile("\r\n|\r|\n")
_ONE_EVENT = re.compile(rb"event: ([^\r\n]+)\r?\ndata: ([^\r\n]*)\r?\n\r?\n")


@dataclass(slots=True, unsafe_hash=True)  # a frozen one takes three times as long to make, and an answer has thousands
class ServerSentEvent:
    """An event: its name and its data.

    >>> ServerSentEvent("text", '{"text": "hi"}').encode()
    b'event: text\\r\\ndata: {"text": "hi"}\\r\\n\\r\\n'
    """

    event: str
    data: str

    def encode(self) -> bytes:
        """The event's bytes: UTF-8, CRLF line ends; a line end in the data begins another ``data`` line."""
        name, data = self.event, self.data
        if "\n" in data or "\r" in data:
            data = "\r\ndata: ".join(_LINE_END.split(data))
        if "\n" in name or "\r" in name:
            name = _LINE_END.sub("", name)
        return f"event: {name}\r\ndata: {data}\r\n\r\n".encode("utf-8", "replace")


class EventTooLarge(ValueError):
    """An event grew past what is read."""


class Decoder:
    """Reads events out of bytes that may be cut anywhere.

    An event that the stream's end cuts off is dropped, as the standard says.

    >>> decoder = Decoder()
    >>> decoder.feed(b'event: text\\r\\nda'), decoder.feed(b'ta: {}\\r\\n\\r\\n')
    ([], [ServerSentEvent(event='text', data='{}')])
    """

    def __init__(self, largest_event: int = LARGEST_EVENT) -> None:
        self._largest = largest_event
        self._rest = bytearray()
        self._searched = 0  # up to here there is no blank line in the rest
        self._after_cr = False
        self._started = False

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """The events that these bytes complete. Raises EventTooLarge past the limit."""
        if not data:
            return []
        if self._started and not self._rest and (one := _ONE_EVENT.fullmatch(data)):  # as answers mostly come
            self._after_cr = False
            name, text = one.groups()
            return [ServerSentEvent(name.decode("utf-8", "replace"), text.decode("utf-8", "replace"))]
        if self._after_cr and data[0] == 0x0A:
            data = data[1:]
            if not data:
                self._after_cr = False
                return []
        self._after_cr = data[-1] == 0x0D
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if self._started and not self._rest and data[-2:] == b"\n\n":  # several whole ones
            return _events_in(data[:-2])
        self._rest += data
        if not self._started:
            if len(self._rest) < 3 and codecs.BOM_UTF8.startswith(self._rest):
                return []
            self._started = True
            if self._rest.startswith(codecs.BOM_UTF8):
                del self._rest[:3]
        end = self._rest.rfind(b"\n\n", max(0, self._searched - 1))
        if end < 0:
            self._searched = len(self._rest)
            if self._searched > self._largest:
                raise EventTooLarge(f"An event is longer than {self._largest // 1024 // 1024} MB.")
            return []
        ready = self._rest[:end]
        del self._rest[: end + 2]
        self._searched = len(self._rest)
        return _events_in(ready)


def _events_in(data: bytes | bytearray) -> list[ServerSentEvent]:
    """The events of whole blocks, the last blank line left out."""
    blocks = data.decode("utf-8", "replace").split("\n\n")
    return [event for block in blocks if (event := _parse(block)) is not None]


def _parse(block: str) -> ServerSentEvent | None:
    """The event that these lines make; None for comments and blank lines."""
    head, _, tail = block.partition("\n")
    if head[:7] == "event: " and tail[:6] == "data: " and "\n" not in tail:  # as nearly all are written
        return ServerSentEvent(head[7:] or "message", tail[6:])
    name: str | None = None
    data: list[str] = []
    for line in block.split("\n"):
        field, _, value = line.partition(":")
        value = value[1:] if value[:1] == " " else value
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
    if name is None and not data:
        return None
    return ServerSentEvent(name or "message", "\n".join(data))
