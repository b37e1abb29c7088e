"""The access log: a line of JSON for each request, on standard output."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

from poebook.runtime.service.visits import Visit

logger = logging.getLogger("poebook.access")
_PATH = 200  # signs of a path that nobody has


class AccessLog:
    """Writes each visit to the logger ``poebook.access``; the process writes what comes there to standard output."""

    def __init__(self) -> None:
        self._worker = os.getpid()
        if not logger.handlers:
            handler = logging.StreamHandler(sys.stdout)
            handler.setFormatter(logging.Formatter("%(message)s"))
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            logger.propagate = False

    def began(self, visit: Visit) -> None: ...

    def ended(self, visit: Visit) -> None:
        logger.info("%s", line(visit, datetime.now(UTC), self._worker))


def line(visit: Visit, now: datetime, worker: int) -> str:
    """What is written of a visit that ended *now*.

    >>> line(Visit("tides", "/", None, kind="page", status=200), datetime(2026, 1, 2, tzinfo=UTC), 7)
    '{"time": "2026-01-02T00:00:00.000Z", "bot": "tides", "path": "/", "kind": "page", "status": 200, \
"duration_s": 0.0, "client": null, "worker": 7}'
    """
    told: dict[str, object] = {
        "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "bot": visit.bot,
        "path": visit.path[:_PATH],
        "kind": visit.kind,
        "status": visit.status,
        "duration_s": round(visit.duration_s, 4),
    }
    if visit.kind == "query":
        first = visit.first_event_s
        told |= {
            "first_event_s": None if first is None else round(first, 4),
            "events": visit.events,
            "outcome": visit.outcome,
        }
    if visit.failed:
        told["raised"] = True
    return json.dumps({**told, "client": visit.client, "worker": worker})
