"""Figures for Prometheus: what it scrapes, for one process or for all workers of a service together."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from poebook.errors import MissingExtra
from poebook.runtime.service.visits import Visit

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where workers keep their figures; prometheus_client's own name
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Figures:
    """Counts visits. Raises MissingExtra without prometheus_client.

    Names: ``poebook_requests_total`` (by bot, kind, status), ``poebook_answers_total`` (by bot, outcome),
    ``poebook_events_total``, ``poebook_errors_total`` (answers that failed, and handlers that raised),
    ``poebook_streams_in_flight``, and the histograms ``poebook_first_event_seconds`` and ``poebook_answer_seconds``.
    """

    def __init__(self) -> None:
        ensure_there()
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = kept = CollectorRegistry()
        bot = ["bot"]
        self._requests = Counter("poebook_requests", "Requests answered", [*bot, "kind", "status"], registry=kept)
        self._answers = Counter(
            "poebook_answers", "Queries answered, by how they ended", [*bot, "outcome"], registry=kept
        )
        self._events = Counter("poebook_events", "Events sent", bot, registry=kept)
        self._errors = Counter("poebook_errors", "Requests that failed in the bot", bot, registry=kept)
        self._streams = Gauge(
            "poebook_streams_in_flight", "Answers under way", bot, registry=kept, multiprocess_mode="livesum"
        )
        self._first = Histogram(
            "poebook_first_event_seconds", "From the request to its first event", bot, registry=kept, buckets=_SECONDS
        )
        self._whole = Histogram(
            "poebook_answer_seconds", "From the request to the end of its answer", bot, registry=kept, buckets=_SECONDS
        )

    def began(self, visit: Visit) -> None:
        self._streams.labels(visit.bot).inc()

    def ended(self, visit: Visit) -> None:
        bot = visit.bot or ""
        self._requests.labels(bot, visit.kind, str(visit.status)).inc()
        if visit.failed or visit.outcome == "failed":
            self._errors.labels(bot).inc()
        if visit.outcome is None:
            return
        self._streams.labels(bot).dec()
        self._answers.labels(bot, visit.outcome).inc()
        self._events.labels(bot).inc(visit.events)
        self._whole.labels(bot).observe(visit.duration_s)
        if visit.first_event_s is not None:
            self._first.labels(bot).observe(visit.first_event_s)

    def text(self) -> bytes:
        """What Prometheus is given: of all workers, where this is one of several."""
        folder = os.environ.get(FOLDER)
        return _text(self.registry) if folder is None else text_of(Path(folder))


def ensure_there() -> None:
    """Raises MissingExtra without prometheus_client."""
    try:
        import prometheus_client  # noqa: F401  (whether it is there is the question)
    except ImportError:
        raise MissingExtra("prometheus-client", extra="metrics") from None


def text_of(folder: Path) -> bytes:
    """The figures of all workers that keep theirs in *folder*."""
    from prometheus_client import CollectorRegistry, multiprocess

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # it has no types
    return _text(registry)


def forgetting(folder: Path) -> Callable[[int], None]:
    """A function that is told the number of a worker that has ended: its streams are under way no more."""

    def forget(pid: int) -> None:
        from prometheus_client import multiprocess

        with suppress(OSError):
            multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # it has no types

    return forget


def _text(registry: CollectorRegistry) -> bytes:
    from prometheus_client import generate_latest

    return generate_latest(registry)
