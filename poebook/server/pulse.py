"""Notices a handler that holds up the loop, and with it every bot: it blocks where it should wait."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NamedTuple

from poebook.faults import is_machinery, place
from poebook.protocol.requests import QueryRequest
from poebook.server.bot import PoeBot

EVERY_S = 1.0
PATIENCE_S = 1.0
_LOOPS = (asyncio.BaseEventLoop.run_forever.__code__, asyncio.Runner.run.__code__)  # the second for uvloop's


class Held(NamedTuple):
    """A bot's handler that does not let go: where its author's innermost line stands, and the answer in the making."""

    bot: PoeBot
    where: str
    message_id: str = ""

    @property
    def says(self) -> str:
        return (
            f"{self.where}, has held up all bots for more than a second. Await what takes time there, or write the "
            "handler as a plain function: that runs beside the others."
        )


class Pulse:
    """Asks *loop*, which *thread* runs, for a sign of life every second; *tell* hears once of each handler that holds
    it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, thread: threading.Thread, tell: Callable[[Held], None]) -> None:
        self._loop = loop
        self._of = thread
        self._tell = tell
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="poebook-pulse", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Watch no longer. Called twice, it does nothing."""
        self._ended.set()
        if threading.current_thread() is not self._of:  # which must go on, to give the sign that is waited for
            self._thread.join(PATIENCE_S + EVERY_S)

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            beat = threading.Event()
            try:
                self._loop.call_soon_threadsafe(beat.set)
            except RuntimeError:  # the loop is closed
                return
            if beat.wait(PATIENCE_S):
                continue
            held = self._held()
            if held is not None:
                self._tell(held)
            while not beat.wait(EVERY_S) and not self._ended.is_set():
                pass

    def _held(self) -> Held | None:
        frames = _within_loop(sys._current_frames().get(self._of.ident or 0))
        own = next((frame for frame in frames if not is_machinery(frame.f_code.co_filename)), None)
        known = [value for frame in frames for value in list(frame.f_locals.values())]
        bot = next((value for value in known if issubclass(type(value), PoeBot)), None)
        if own is None or bot is None:
            return None  # the machine is slow, or the code is ours
        asked = next((value for value in known if issubclass(type(value), QueryRequest)), None)
        where = f"{place(own.f_code.co_filename)}, line {own.f_lineno}, in {own.f_code.co_name}"
        return Held(bot, where, str(asked.message_id) if asked is not None else "")


def _within_loop(innermost: FrameType | None) -> list[FrameType]:
    """The frames from *innermost* outwards to the loop; whoever began that, an author's script, say, is not held."""
    frames = list(_outwards(innermost))
    loops = [number for number, frame in enumerate(frames) if frame.f_code in _LOOPS]
    return frames[: loops[-1]] if loops else frames


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
