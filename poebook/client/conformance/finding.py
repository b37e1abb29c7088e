"""What was found about a bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Finding:
    """Something to mend, or to know.

    ``check`` is a stable id; ``severity`` is ``error`` (it does not work on Poe), ``warning`` (it may not) or
    ``info``; ``seen`` says what was seen, ``remedy`` how to mend it. Neither ever holds a key.

    >>> Finding("events.no-done", "error", "The answer ended without done.", "Send done at the end.").check
    'events.no-done'
    """

    check: str
    severity: Severity
    seen: str
    remedy: str
