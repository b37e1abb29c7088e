"""What a served bot has done: its log, its calls, and what its handlers raised."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from poebook.faults import Fault, about

if TYPE_CHECKING:
    import logging

_LINES, _CALLS, _FAULTS = 2000, 1000, 200


@dataclass(frozen=True)
class Line:
    """A line of the log; ``source`` is ``stdout``, ``stderr``, or the level of a log record such as ``warning``.

    ``message_id`` is that of the answer in the making; empty for what belongs to none.
    """

    at: datetime
    source: str
    text: str
    message_id: str = ""

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.source:<8} {self.text}"


@dataclass(frozen=True)
class Call:
    """A question that the bot was asked.

    ``outcome`` is ``answering`` until it is over, then ``done``, ``failed`` (the handler raised) or ``left`` (the
    asker went away). Times are in seconds since the question came.
    """

    message_id: str
    started: datetime
    first_event_s: float | None = None
    total_s: float | None = None
    event_count: int = 0
    outcome: str = "answering"


@dataclass
class _Running:
    """A call under way."""

    call: Call
    began: float
    first_event_s: float | None = None
    event_count: int = 0


@dataclass
class Journal:
    """Kept in memory, the oldest dropped first; everything may be called from any thread.

    >>> journal = Journal()
    >>> journal.note("stdout", "hello")
    >>> [line.text for line in journal.lines]
    ['hello']
    """

    asked: int = 0
    _lines: deque[Line] = field(default_factory=lambda: deque(maxlen=_LINES))
    _calls: deque[Call] = field(default_factory=lambda: deque(maxlen=_CALLS))
    _faults: OrderedDict[str, Fault] = field(default_factory=OrderedDict)
    _running: dict[int, _Running] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # -- the log ----------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[Line]:
        """The log, oldest line first."""
        with self._lock:
            return list(self._lines)

    def record(self, record: logging.LogRecord, message_id: str = "") -> None:
        """Take in a log record, with the traceback that it carries."""
        import logging

        try:
            text = _formatter().format(record)
        except Exception as error:  # arguments that do not fit the message: the author's slip, and no reason to fail
            text = f"{record.msg!r} could not be formatted: {error}"
        name = "" if record.name in ("root", "poebook") else f"{record.name}: "
        self.note(logging.getLevelName(record.levelno).lower(), name + text, message_id)

    def note(self, source: str, text: str, message_id: str = "") -> None:
        """Write *text*, all its lines."""
        now = datetime.now()
        with self._lock:
            self._lines.extend(Line(now, source, one, message_id) for one in text.splitlines() or [""])

    def written_for(self, message_id: str) -> list[tuple[datetime, str]]:
        """When what was written while this answer was made."""
        return [(line.at, line.text) for line in self.lines if message_id and line.message_id == message_id]

    # -- calls and faults -------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """The questions, oldest first; those under way too."""
        with self._lock:
            return [*self._calls, *(running.call for running in self._running.values())]

    def begin(self, request: object) -> None:
        """A question came."""
        with self._lock:
            self.asked += 1
            call = Call(message_id_of(request), datetime.now())
            self._running[id(request)] = _Running(call, time.perf_counter())

    def event(self, request: object) -> None:
        """An event of its answer goes out."""
        running = self._running.get(id(request))
        if running is not None:
            running.event_count += 1
            if running.first_event_s is None:
                running.first_event_s = time.perf_counter() - running.began

    def end(self, request: object, outcome: str) -> None:
        """The answer is over."""
        with self._lock:
            running = self._running.pop(id(request), None)
            if running is None:
                return
            self._calls.append(
                replace(
                    running.call,
                    first_event_s=running.first_event_s,
                    total_s=time.perf_counter() - running.began,
                    event_count=running.event_count,
                    outcome=outcome,
                )
            )

    def fail(self, request: object, error: BaseException) -> None:
        """A handler raised."""
        fault = Fault.of(error)
        with self._lock:
            if key := about(request):
                self._faults[key] = fault
                while len(self._faults) > _FAULTS:
                    self._faults.popitem(last=False)
        self.note("error", fault.traceback, message_id_of(request))

    def forget(self, request: object) -> None:
        """Such a request comes anew: what it raised before counts no more."""
        with self._lock:
            self._faults.pop(about(request), None)

    def fault(self, what: str) -> Fault | None:
        """What the handler raised that should have made the message with this id, or the ``settings``."""
        with self._lock:
            return self._faults.get(what)


class Pen:
    """Writes what one run of a handler prints into a journal; a line that is not whole waits for its end.

    >>> journal = Journal()
    >>> pen = Pen(journal)
    >>> pen.write("stdout", "half a ")
    >>> pen.write("stdout", "line\\n")
    >>> [line.text for line in journal.lines]
    ['half a line']
    """

    def __init__(self, journal: Journal, message_id: str = "") -> None:
        self.journal = journal
        self.message_id = message_id
        self._parts: dict[str, str] = {}
        self._lock = threading.Lock()

    def write(self, source: str, text: str) -> None:
        """Take in what was written to a stream."""
        with self._lock:
            *whole, part = (self._parts.pop(source, "") + text).split("\n")
            if part:
                self._parts[source] = part
        if whole:
            self.journal.note(source, "\n".join(one.rpartition("\r")[2] for one in whole), self.message_id)

    def flush(self) -> None:
        """Take what has no end yet as a line."""
        with self._lock:
            parts, self._parts = self._parts, {}
        for source, part in parts.items():
            self.journal.note(source, part, self.message_id)


def message_id_of(request: object) -> str:
    """The answer that a request is for; empty where it is for none."""
    return str(getattr(request, "message_id", "") or "")


def _formatter() -> logging.Formatter:
    import logging

    return logging.Formatter("%(message)s")
