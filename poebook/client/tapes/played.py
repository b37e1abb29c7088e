"""The bots that a bot asks, answered from a tape."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from poebook.client.nested import Batches
from poebook.client.tapes.taking import parsed_body
from poebook.client.tapes.tape import TapeCall, TapeEvent, question_in
from poebook.errors import BotError, BotErrorNoRetry
from poebook.protocol import Attachment
from poebook.wire.sse import ServerSentEvent


class Played:
    """Gives a handler what other bots answered when the tape was made, and notes how its questions differ.

    Files need no upload meanwhile, and what the handler charges is taken as paid.

    ``unexpected`` says which questions the tape has no answer to, ``differences`` which are not as they were.
    """

    is_answering = True

    def __init__(self, calls: Sequence[TapeCall], events: Sequence[TapeEvent] = ()) -> None:
        self.unexpected: list[str] = []
        self.differences: list[str] = []
        self.is_here = False  # whether the handler ran in this process
        self._left = list(calls)
        self._files = [event.parsed for event in events if event.name == "file"]

    def began(self) -> None:
        self.is_here = True

    @property
    def left(self) -> list[str]:
        """What was asked when the tape was made, and not now."""
        return [f"did not ask {call.bot} {_quoted(question_in(call.request))} any more" for call in self._left]

    def uploaded(self, name: str) -> Attachment:
        """The file of that name that the bot sent then, which saves it the upload; another one leads nowhere."""
        known = next((file for file in self._files if isinstance(file, dict) and file.get("name") == name), None)
        if known is None:
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return Attachment(url=f"https://tape.invalid/{quote(name)}", content_type=kind, name=name)
        self._files.remove(known)
        return Attachment(url=str(known.get("url")), content_type=str(known.get("content_type")), name=name)

    async def through(self, bot: str, body: bytes, batches: Batches) -> Batches:
        call = self._next(bot, parsed_body(body, None))
        yield [ServerSentEvent(event.name, event.data) for event in call.events]
        if call.end == "error":
            kind = BotErrorNoRetry if call.status in (401, 403) else BotError
            raise kind(call.error or "", bot_name=bot, status=call.status, reason=call.error)

    def _next(self, bot: str, request: Mapping[str, Any]) -> TapeCall:
        """The call that this question is; the first to that bot where none is the same. Raises BotErrorNoRetry."""
        asked = [call for call in self._left if call.bot.casefold() == bot.casefold()]
        if not asked:
            words = f"{bot} was asked {_quoted(question_in(request))}, which is not on the tape"
            self.unexpected.append(words)
            raise BotErrorNoRetry(f"{words}.", bot_name=bot, reason=f"{words}.")
        call = next((one for one in asked if said(one.request) == said(request)), asked[0])
        self._left.remove(call)
        if said(call.request) != said(request):
            before, now = question_in(call.request), question_in(request)
            what = f"{_quoted(now)} instead of {_quoted(before)}" if now != before else "with another history"
            self.differences.append(f"asked {bot} {what}")
        return call


def said(request: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Who said what in a request."""
    query = request.get("query")
    messages = query if isinstance(query, list) else []
    return [(message.get("role"), message.get("content")) for message in messages if isinstance(message, dict)]


def _quoted(text: str, most: int = 60) -> str:
    return repr(text if len(text) <= most else f"{text[:most]}…")
