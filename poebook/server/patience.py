"""How long a connection may take to ask: who opens one and says nothing more is not waited for for ever."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from poebook.server.heads import MOST_HEAD, bounded

HEAD_S = 15.0  # until the whole head of a request is there


@cache
def patient_protocol(patience_s: float = HEAD_S) -> type[asyncio.Protocol]:
    """uvicorn's HTTP protocol (httptools' where that is installed), which drops a connection that does not ask in time.

    Give it as ``http=`` to ``uvicorn.Config``. Answers take as long as they take; the time counts only while a
    request's head is awaited.

    >>> patient_protocol().__name__
    'Patient'
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return patient(AutoHTTPProtocol, patience_s)


def patient(auto: Any, patience_s: float) -> type[asyncio.Protocol]:
    """The same of one of uvicorn's two classes, whichever is installed."""
    base: Any = bounded(auto) if hasattr(auto, "on_headers_complete") else auto

    class Patient(base):  # type: ignore[misc]
        _deadline: asyncio.TimerHandle | None = None

        def __init__(self, config: Any, *arguments: Any, **named: Any) -> None:
            if config.h11_max_incomplete_event_size is None:  # 16 kB, so that a longer head passed in one piece only
                config.h11_max_incomplete_event_size = MOST_HEAD
            super().__init__(config, *arguments, **named)

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._relax()
            super().connection_lost(exc)

        def _watch(self) -> None:
            if self.cycle is not None and not self.cycle.response_complete:
                self._relax()
            elif self._deadline is None:
                self._deadline = self.loop.call_later(patience_s, self._give_up)

        def _relax(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _give_up(self) -> None:
            self._deadline = None
            if not self.transport.is_closing():
                self.transport.close()

    return Patient
