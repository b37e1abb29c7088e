"""The verbs of ``%poebot``, one file each; this table is what parsing, help and completion read."""

from __future__ import annotations

from poebook.notebook.commands import ask, chat, check, key, logs, nest, poe, rollback, status, stop, trace
from poebook.notebook.commands.verb import Verb

VERBS: dict[str, Verb] = {
    module.VERB.name: module.VERB for module in (status, chat, ask, stop, rollback, logs, trace, check, key, poe, nest)
}
