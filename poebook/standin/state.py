"""What a local Poe knows: bots and their settings, users, files, charges, calls, and what authors were told."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from poebook.client.events import post_json
from poebook.client.platform import Assumed, Call, Calls, Limits, assumed
from poebook.client.platform.settings import parsed
from poebook.errors import PoebookError
from poebook.protocol import SettingsResponse
from poebook.standin.faults import Faults
from poebook.standin.filebox import FileBox
from poebook.standin.members import Member, Roster
from poebook.standin.pace import Pace
from poebook.standin.purse import Purse
from poebook.standin.refused import Refused
from poebook.wire.ids import new_id

SETTINGS_S = 5.0  # for a bot to say its settings
_NOTES = 10_000  # that are kept of what authors were told
_REMEMBERED = 10_000  # answers whose metadata is kept

Describe = Callable[[str, bytes], str]  # a picture's name and bytes to what is to be seen in it


@dataclass(frozen=True)
class Asker:
    """Who makes a request: a person, or a bot for the person who asked it."""

    user: str
    key: str = field(repr=False)
    bot: Member | None = None


@dataclass(frozen=True)
class Note:
    """Something that Poe would tell a bot's author."""

    bot: str
    words: str
    message_id: str = ""  # of the message that it is about
    at: datetime = field(default_factory=datetime.now, compare=False)


@dataclass
class State:
    """``base_url`` is where the doors are; ``elsewhere`` is who asks bots that are not here (None: nobody)."""

    roster: Roster
    keys: Callable[[], list[str]] = field(repr=False)  # that people show
    limits: Limits = field(default_factory=Limits)
    calls: Calls = field(default_factory=Calls)
    purse: Purse = field(default_factory=Purse)
    base_url: Callable[[], str] = lambda: "http://127.0.0.1/"
    describe: Describe | str | None = None  # a function, or the name of a bot
    elsewhere: Elsewhere | None = None
    clock: Callable[[], float] = time.time
    user: str = field(default_factory=lambda: new_id("u"))
    files: FileBox = field(default_factory=FileBox)
    pace: Pace = field(default_factory=Pace)
    faults: dict[str, Faults] = field(default_factory=dict)
    inbox: deque[Note] = field(default_factory=lambda: deque(maxlen=_NOTES))
    metadata: OrderedDict[str, str] = field(default_factory=OrderedDict)
    responses: OrderedDict[str, list[dict[str, Any]]] = field(default_factory=OrderedDict)  # what OpenAI clients said
    api_bots: dict[str, dict[str, Any]] = field(default_factory=dict)  # by handle, without their keys
    _settings: dict[str, tuple[object, SettingsResponse]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    # -- who asks ---------------------------------------------------------------------------------------------

    def asker(self, authorization: str | None, *, bearer: bool = True) -> Asker:
        """Who shows this header. Raises Refused."""
        if not authorization:
            raise Refused(401, "No key was given: send the header Authorization.")
        scheme, _, key = authorization.partition(" ") if bearer else ("Bearer", "", authorization)
        if scheme != "Bearer":
            raise Refused(401, "The header Authorization should say `Bearer` and the key.")
        return self.holder(key.strip())

    def holder(self, key: str) -> Asker:
        """Who holds this key. Raises Refused."""
        found: Asker | None = None
        for own in self.keys():
            if same(key, own):
                found = Asker(self.user, key)
        for member in self.roster.all():
            if found is None and member.key and same(key, member.key):
                call = self.calls.newest_of([member.name])
                found = Asker(call.user if call else self.user, key, member)
        if found is None:
            raise Refused(401, "The key is neither that of this local Poe nor of one of its bots.")
        return found

    def member(self, name: str) -> Member:
        """The bot of that name. Raises Refused."""
        found = self.roster.find(name)
        if found is not None:
            return found
        if self.elsewhere is not None and (foreign := self.elsewhere.find(name)) is not None:
            return foreign
        here = ", ".join(sorted(member.name for member in self.roster.all()))
        words = f"There is no bot {name} here. {f'Here are {here}.' if here else 'Here is none.'}"
        raise Refused(404, words if self.elsewhere is None else f"{words} To ask it on Poe, set POE_API_KEY.")

    def take_turn(self, asker: Asker) -> dict[str, str]:
        """The headers about the rate of requests. Raises Refused when there were too many."""
        allowance = self.pace.take(asker.key, self.limits.requests_a_minute, self.clock())
        if allowance is None:
            return {}
        if not allowance.allowed and self.limits.enforce:
            words = f"More than {allowance.most} requests a minute; try again in {allowance.reset_s} s."
            raise Refused(429, words, allowance.headers())
        return allowance.headers()

    # -- settings ---------------------------------------------------------------------------------------------

    async def settings(self, member: Member) -> SettingsResponse:
        """The bot's settings: those that were pushed, else those that it says when it is asked."""
        if member.foreign:
            return SettingsResponse()
        known = self._settings.get(member.name)
        if known is None or known[0] != member.version:
            await self.fetch_settings(member)
            known = self._settings.get(member.name)
        return known[1] if known is not None else SettingsResponse()

    async def assumed(self, member: Member) -> Assumed:
        """The bot's settings with Poe's choices."""
        return assumed(await self.settings(member))

    async def fetch_settings(self, member: Member) -> str | None:
        """Ask the bot for its settings; why that failed, and the settings stay as they were, or None."""
        try:
            self.keep_settings(member, parsed(await self.post(member, {"type": "settings"}, timeout=SETTINGS_S)))
        except PoebookError as error:
            self.tell(member, f"The settings could not be had: {error}")
            kept = self._settings.get(member.name, (None, SettingsResponse()))[1]
            self._settings[member.name] = (member.version, kept)
            return str(error)
        return None

    def keep_settings(self, member: Member, settings: SettingsResponse) -> None:
        """Go by *settings* from now on."""
        self._settings[member.name] = (member.version, settings)
        for warning in assumed(settings).warnings:
            self.tell(member, warning)

    # -- what bots and their authors are told -----------------------------------------------------------------

    def tell(self, member: Member, words: str, message_id: str = "") -> None:
        """Put something into the author's inbox."""
        self.inbox.append(Note(member.name, words, message_id))
        member.told(words, message_id)

    async def post(self, member: Member, body: dict[str, Any], *, timeout: float = 30.0) -> Any:
        """What a bot answers to a request that is no query. Raises PoebookError."""
        target = member.target
        return await post_json(
            target.url,
            body=json.dumps({"version": "1.2", **body}).encode(),
            bot_name=member.name,
            key=target.key,
            app=target.app,
            timeout=timeout,
        )

    def report(self, member: Member, message: str, metadata: dict[str, Any]) -> None:
        """Tell the bot of a fault in its answer, and its author."""
        self.tell(member, message, str(metadata.get("message_id", "")))
        body = {"type": "report_error", "message": message, "metadata": metadata}
        self.later(self._told(member, body))

    async def _told(self, member: Member, body: dict[str, Any]) -> None:
        try:
            await self.post(member, body)
        except PoebookError as error:
            self.inbox.append(Note(member.name, f"The bot did not take a report: {error}"))

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do *work* beside what is done now."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- answers ----------------------------------------------------------------------------------------------

    def remember(self, message_id: str, metadata: str | None) -> None:
        """Keep what a bot stored with its answer."""
        if metadata is not None:
            self.metadata[message_id] = metadata
            while len(self.metadata) > _REMEMBERED:
                self.metadata.popitem(last=False)

    def draw_fault(self, name: str) -> str | None:
        """What befalls the next question to a bot."""
        faults = self.faults.get(name)
        return faults.draw() if faults is not None else None

    def parent_of(self, asker: Asker, bot_query_id: str) -> Call | None:
        """The call for which a bot makes this one; None for a person's.

        Several bots may have one key, so the id of the question that a bot answers counts first.
        """
        call = self.calls.find(bot_query_id) if bot_query_id else None
        if asker.bot is None:  # a bot without a key of its own hands on the request that it answers
            return call if call is not None and call.total_s is None else None
        if call is not None and self.holds(asker.key, call.bot):
            return call
        return self.calls.newest_of(member.name for member in self.roster.all() if self.holds(asker.key, member.name))

    def holds(self, key: str, name: str) -> bool:
        """Whether *key* is that of the bot *name*."""
        member = self.roster.find(name)
        return member is not None and member.key is not None and same(key, member.key)


class Elsewhere(Protocol):
    """Who asks bots that are not here, such as Poe itself."""

    def find(self, name: str) -> Member | None:
        """The bot of that name, ``foreign``; None where there is no key to ask it with."""


def same(given: str, real: str) -> bool:
    """Whether two keys are one, in constant time."""
    return bool(real) and hmac.compare_digest(given.encode("utf-8", "replace"), real.encode("utf-8", "replace"))
