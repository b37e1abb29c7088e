"""How much of a request's head is kept, where httptools reads it: h11 has bounds of its own, httptools has none.

Without them one connection that asks nothing to its end takes all memory, and all time: what has come of a header is
copied anew for each piece of it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

MOST_HEAD = 64 * 1024  # bytes kept of what is not whole: a head, or what stands between the parts of a body


def bounded(base: Any) -> Any:  # uvicorn's protocol for httptools, and a subclass of it
    """*base* as one that refuses a head without end, and reads no further while requests wait for their turn."""
    from uvicorn.protocols.http.flow_control import FlowControl

    class Flow(FlowControl):
        """Leaves alone what comes in while anything of it waits: uvicorn reads on after each answer."""

        def __init__(self, transport: asyncio.Transport, waiting: deque[Any]) -> None:
            super().__init__(transport)
            self._waiting = waiting

        def resume_reading(self) -> None:
            if not self._waiting:
                super().resume_reading()

    class Bounded(base):  # type: ignore[misc]
        _pending = 0  # bytes since anything was whole

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.flow = Flow(transport, self.pipeline)

        def data_received(self, data: bytes) -> None:
            self._pending += len(data)
            super().data_received(data)
            if self._pending > MOST_HEAD and not self.transport.is_closing():
                self._refuse()

        def on_headers_complete(self) -> None:
            self._pending = 0
            super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            self._pending = 0
            super().on_body(body)

        def _refuse(self) -> None:
            if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
                self.transport.close()
            else:
                self.send_400_response("Invalid HTTP request received.")  # as with h11

    return Bounded
