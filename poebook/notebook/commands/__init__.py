"""The verbs of ``%poebot``, one file each; this table is what parsing, help and completion read."""

from __future__ import annotations

from poebook.notebook.commands import (
    ask,
    chat,
    check,
    export,
    help,
    key,
    logs,
    nest,
    poe,
    publish,
    record,
    replay,
    rollback,
    status,
    stop,
    sync,
    trace,
    unpublish,
    why,
)
from poebook.notebook.commands.verb import Verb

_IN_ORDER = (
    status,
    chat,
    ask,
    stop,
    rollback,
    logs,
    trace,
    record,
    replay,
    publish,
    unpublish,
    sync,
    check,
    export,
    key,
    poe,
    nest,
    help,
    why,
)

VERBS: dict[str, Verb] = {module.VERB.name: module.VERB for module in _IN_ORDER}
