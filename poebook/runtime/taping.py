"""Whatever reaches a served bot, put on tapes."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from poebook.client.nested import Ear, Heard
from poebook.client.platform.query import body_of
from poebook.errors import PoebookError

if TYPE_CHECKING:
    import os

    from poebook.client.tapes.recording import Recording
    from poebook.client.tapes.tape import TapeTurn

logger = logging.getLogger("poebook")

_ENDS = {"done": "done", "failed": "error", "left": "stopped"}


@dataclass
class _Take:
    """A question under way; ``events`` have name, data and seconds."""

    body: bytes
    at: datetime = field(default_factory=datetime.now)
    began: float = field(default_factory=time.perf_counter)
    events: list[tuple[str, str, float]] = field(default_factory=list)
    heard: Heard | None = None
    error: str | None = None


class Taping:
    """The recordings of one bot; told of what happens by its observer. Costs nothing while there are none."""

    def __init__(self, name: str, key: Callable[[], str | None] = lambda: None) -> None:
        self._name = name
        self._key = key
        self._recordings: list[Recording] = []
        self._takes: dict[int, _Take] = {}
        self._lock = threading.Lock()

    @property
    def recordings(self) -> list[Recording]:
        """Those that go on."""
        return [one for one in self._recordings if one.runs]

    def record(self, path: str | os.PathLike[str], *, append: bool = False) -> Recording:
        """See ``Served.record``."""
        from poebook.client.tapes.recording import Recording

        with self._lock:
            place = Path(path).resolve()
            if any(one.path.resolve() == place for one in self.recordings):
                raise PoebookError(f"{self._name} is recorded on {place.name} already; stop that first.")
            recording = Recording(path, self._name, append=append)
            self._recordings = [*self.recordings, recording]
        return recording

    def stop(self) -> None:
        """End all recordings; what went wrong with one was logged."""
        for recording in self.recordings:
            with suppress(PoebookError):
                recording.stop()
        self._recordings = []

    # -- for the observer -------------------------------------------------------------------------------------

    def began(self, request: object) -> None:
        """A question came; the handler has not seen it yet."""
        if not self.recordings:
            return
        try:
            self._takes[id(request)] = _Take(body_of(request))  # type: ignore[arg-type]  # observers get queries
        except Exception:  # an observer must not raise
            logger.exception("A question to %s could not be recorded", self._name)

    def handled(self, request: object, ear: Ear | None) -> Ear | None:
        """Who hears of the calls that the handler makes: *ear*, who waits for them already, or one of the tape's."""
        take = self._takes.get(id(request))
        if take is None:
            if self._recordings and getattr(request, "type", "") == "report_feedback":
                self._opinion(request)
            return ear
        if ear is None:
            ear = Heard()
        take.heard = ear if isinstance(ear, Heard) else None
        return ear

    def event(self, request: object, name: str, data: str) -> None:
        """An event goes out; an error is the last that is read, so the asker finds the tape written when it comes."""
        take = self._takes.get(id(request)) if self._takes else None
        if take is not None and name != "ping":
            take.events.append((name, data, time.perf_counter() - take.began))
            if name == "error":
                take.error = data
                self.ended(request, "failed")

    def ended(self, request: object, outcome: str) -> None:
        """The answer is over."""
        take = self._takes.pop(id(request), None) if self._takes else None
        if take is None:
            return
        try:
            turn = self._turn(take, outcome)
            for recording in self.recordings:
                recording.add(turn)
        except Exception:  # an observer must not raise
            logger.exception("%s could not be recorded", self._name)

    def _turn(self, take: _Take, outcome: str) -> TapeTurn:
        from poebook.client.refusals import masked
        from poebook.client.tapes.taking import calls_of, files_in, parsed_body
        from poebook.client.tapes.tape import TapeEvent, TapeTurn

        key = self._key()
        request = parsed_body(take.body, key)
        return TapeTurn(
            target=self._name,
            request=request,
            events=[TapeEvent(name, masked(data, key), s) for name, data, s in take.events],
            calls=calls_of(take.heard.calls, key) if take.heard is not None else (),
            files=list(files_in(request)),
            end=_ENDS.get(outcome, "stopped"),
            error=None if take.error is None else _words(take.error),
            total_s=time.perf_counter() - take.began,
            at=take.at.isoformat(timespec="seconds"),
        )

    def _opinion(self, report: object) -> None:
        answer, feedback = getattr(report, "message_id", ""), getattr(report, "feedback_type", None)
        for recording in self.recordings:
            recording.opinion(str(answer), feedback, None, ())


def _words(data: str) -> str:
    """The text of an error event's data."""
    with suppress(ValueError, RecursionError):
        parsed = json.loads(data)
        if isinstance(parsed, dict) and isinstance(parsed.get("text"), str):
            return str(parsed["text"])
    return "The bot ended with an error."
