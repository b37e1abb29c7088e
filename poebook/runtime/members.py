"""Bots that a local Poe asks in its own process."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from poebook.client.targets import Target
from poebook.runtime.journal import Journal
from poebook.runtime.watching import Platform, Watch
from poebook.standin.members import Member

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot

logger = logging.getLogger("poebook")


def in_process(name: str, bot: PoeBot, poe: Platform, journals: dict[str, Journal]) -> Member:
    """*bot* as one that *poe* asks without a socket, its journal among the *journals*; a key is made if it has none."""
    journal = journals[name] = Journal()
    key = bot.access_key or secrets.token_hex(16)
    target = Target(
        spec=name,
        name=name,
        where="in process",
        url="http://in-process/",
        kind="process",
        key=key,
        app=bot.asgi_app(key=key, observer=_Logged(journal, name, poe)),
        fault=journal.fault,
    )

    def told(words: str, message_id: str) -> None:
        journal.note("poe", words, message_id)
        logger.warning("%s: %s", name, words)

    return Member(name, target, key, told=told)


class _Logged(Watch):
    """Logs what handlers raise as well, for there may be nobody who looks into journals."""

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        super().failed(bot, request, exc)
        logger.error("Bot %s raised while it answered", self._name, exc_info=exc)
