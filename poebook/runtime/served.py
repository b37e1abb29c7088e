"""A bot that is served from this process."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote

from poebook.errors import ServeError
from poebook.runtime import faces
from poebook.runtime.journal import Call, Journal
from poebook.runtime.listeners import Listeners
from poebook.runtime.taping import Taping

if TYPE_CHECKING:
    from poebook.client.answer import Answer
    from poebook.client.conversation import Conversation
    from poebook.client.tapes.recording import Recording
    from poebook.client.targets import Target
    from poebook.runtime.kernel_poe import KernelPoe
    from poebook.runtime.publication import Publication
    from poebook.runtime.world import World
    from poebook.server.bot import PoeBot

KEPT_VERSIONS = 20


@dataclass(frozen=True)
class Version:
    """A bot as it was put behind the door; versions count from 1."""

    number: int
    bot: PoeBot
    introduction: str | None = None
    made: datetime = field(default_factory=datetime.now)


class House(Protocol):
    """What a served bot needs of the place it is served from."""

    world: World

    def put(self, served: Served, version: Version) -> None:
        """Let *version* answer from now on."""

    def stop(self, served: Served) -> None:
        """Close the bot's door."""

    @property
    def poe(self) -> KernelPoe:
        """The local Poe before the bots."""


class Served:
    """What ``fp.serve`` gives: a bot behind a URL of this process.

    ``state`` is ``serving``, ``failed`` (its last cell failed, the version before goes on serving) or ``stopped``.
    As a context manager it stops at the end of the block.

    >>> from poebook import PoeBot, serve
    >>> with serve(PoeBot(), "greeter") as bot:
    ...     bot.ask("anybody there?").text
    'hello'
    """

    def __init__(self, house: House, name: str, path: str, key: str | None) -> None:
        self.name = name
        self.path = path
        self.key = key
        self.base_url = ""  # set when the server runs
        self.since = datetime.now()
        self.journal = Journal()
        self.taping = Taping(name, lambda: self.key)
        self.versions: list[Version] = []
        self.beside: tuple[str, ...] = ()  # further targets of the conversation that the cell shows
        self.conversations: dict[tuple[str, ...], Conversation] = {}
        self._house = house
        self._current: Version | None = None
        self._state: Literal["serving", "failed", "stopped"] = "stopped"
        self._listeners = Listeners(name)

    # -- where and what ---------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the bot answers on this machine."""
        return self.base_url + quote(self.path)

    @property
    def public_url(self) -> str | None:
        """Where the world reaches it, if it does. Through ``jupyter`` it holds the server's token."""
        return self._house.world.url_of(self)

    @property
    def publication(self) -> Publication | None:
        """How it is published, if it is: what was asked from outside, and what Poe knows."""
        return self._house.world.publication(self)

    @property
    def publishing(self) -> bool:
        """Whether it is about to be published."""
        return self._house.world.is_going(self)

    @property
    def obstacle(self) -> str | None:
        """Why what the card's buttons began did not succeed, as a sentence."""
        return self._house.world.obstacle(self)

    @property
    def state(self) -> Literal["serving", "failed", "stopped"]:
        return self._state

    @property
    def version(self) -> int:
        """Which version answers; the first was 1."""
        return self._current.number if self._current else 0

    @property
    def current(self) -> Version:
        """The version that answers, with its number and its bot."""
        assert self._current is not None, "a served bot has a version from its beginning"
        return self._current

    @property
    def bot(self) -> PoeBot:
        """The bot that answers."""
        return self.current.bot

    @property
    def calls(self) -> list[Call]:
        """The questions it was asked, oldest first."""
        return self.journal.calls

    def target(self) -> Target:
        """How this bot is asked."""
        from poebook.client.targets import Target

        if self._state == "stopped":
            raise ServeError(f"{self.name} has been stopped; serve it again to ask it.")
        return Target(
            spec=self.name,
            name=self.name,
            where="this kernel",
            url=self.url,
            kind="local",
            key=self.key,
            fault=self.journal.fault,
            log=self.journal.written_for,
            calls=self._house.poe.calls_for,
            price=self._house.poe.price_of,
        )

    # -- talking to it ----------------------------------------------------------------------------------------

    @property
    def conversation(self) -> Conversation:
        """The conversation that the bot's cell shows."""
        return self.conversation_with(*self.beside)

    def conversation_with(self, *others: str) -> Conversation:
        """The same conversation for the same other targets, made when it is first wanted."""
        from poebook.client.conversation import Conversation

        if others not in self.conversations:
            self.conversations[others] = Conversation(f"local:{self.name}", *others)
        return self.conversations[others]

    def ask(self, text: str, **options: Any) -> Answer:  # the options are those of Conversation.ask
        """The bot's answer to *text* by itself, as in a new conversation; ``.conversation`` goes on with the chat."""
        from poebook.client.conversation import Conversation

        answer: Answer = Conversation(self).ask(text, **options)
        return answer

    def chat(self) -> Any:
        """The card and the chat that stand below the bot's cell, as one more widget."""
        return faces.chat(self.conversation, self)

    def record(self, path: str | os.PathLike[str], *, append: bool = False) -> Recording:
        """Write whatever reaches the bot to a tape, each answer as it ends: from chats, scripts, other bots, Poe.

        What the bot asks of other bots is on it too, and likes and dislikes. It goes on through swaps, until
        ``.stop()``, the end of its ``with`` block, or that of the bot. A tape that is there is begun anew, with
        ``append`` carried on. Raises PoebookError when the file cannot be written, or is something else than a tape.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from poebook import PoeBot, replay, serve
        >>> with TemporaryDirectory() as folder, serve(PoeBot(), "greeter") as bot:
        ...     with bot.record(Path(folder) / "greeter.tape.jsonl") as recording:
        ...         _ = bot.ask("anybody there?")
        ...     replay(recording.path).passed
        True
        """
        if self._state == "stopped":
            raise ServeError(f"{self.name} has been stopped; serve it again.")
        return self.taping.record(path, append=append)

    @property
    def recordings(self) -> list[Recording]:
        """The tapes that it is recorded on."""
        return self.taping.recordings

    # -- changing it ------------------------------------------------------------------------------------------

    def rollback(self, version: int | None = None) -> Served:
        """Let an older version answer again: the one before this, or the one with that number."""
        if self._state == "stopped":
            raise ServeError(f"{self.name} has been stopped; serve it again.")
        kept = {one.number: one for one in self.versions}
        if version is None:
            older = [number for number in kept if number < self.version]
            if not older:
                raise ServeError(f"{self.name} is at version {self.version} and has no older one to go back to.")
            version = max(older)
        if version not in kept:
            numbers = ", ".join(str(number) for number in kept)
            raise ServeError(f"{self.name} has no version {version}; it has {numbers}.")
        self._house.put(self, kept[version])
        return self

    def publish(self, provider: str | None = None, *, during: str | float | None = None, **options: Any) -> Served:
        """Give the bot a public address, and say so only when it answers there as Poe expects; blocks until then.

        ``provider`` and ``options`` are those of ``fp.open_tunnel`` (left out: as the bots published already, else
        ngrok); ``during`` ends it by itself, after ``"2h"``, ``"45m"`` or so many seconds. Then the settings are
        pushed to Poe, and again whenever a swap changes them. Raises TunnelError: what is in the way, and the next
        step.

        >>> from poebook import PoeBot, serve
        >>> with serve(PoeBot(), "greeter") as bot:
        ...     [asked.says for asked in bot.publish("url", url=bot.base_url).publication.asked][0]
        'A wrong key is refused'
        """
        self._house.world.publish(self, provider, during, options)
        return self

    def unpublish(self) -> None:
        """Take the public address away; where there is none, nothing happens. The last one closes the tunnel."""
        self._house.world.unpublish(self)

    def sync(self, *, fetch: bool = False) -> None:
        """Tell Poe the settings, under the bot's ``bot_name`` or its name here; *fetch*: have Poe ask the bot.

        Raises BotError.
        """
        self._house.world.push(self, fetch=fetch)

    def stop(self) -> None:
        """Close the bot's door: its URL answers 404 from now on. The last one stopped closes the server."""
        self._house.stop(self)

    def mark_failed(self) -> None:
        """Say that what should have become the next version failed."""
        if self._state == "serving":
            self._state = "failed"
            self._tell()

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call *listener* after each swap, and when the bot stops; the return value ends that."""
        return self._listeners.add(listener)

    def __enter__(self) -> Served:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def __repr__(self) -> str:
        if self._state == "stopped":
            return f"<Served {self.name}, stopped>"
        return f"<Served {self.name} at {self.url}, version {self.version}>"

    # -- for its card; each returns at once, and what comes of it is told to the listeners -------------------------

    def start_publishing(self) -> None:
        """Publish in the background, as the bots published already, else through ngrok."""
        self._house.world.begin(self, self.publish)

    def start_unpublishing(self) -> None:
        """Unpublish in the background."""
        self._house.world.begin(self, self.unpublish)

    def start_pushing(self) -> None:
        """Tell Poe the settings in the background."""
        self._house.world.begin(self, self.sync)

    # -- for the house ----------------------------------------------------------------------------------------

    def became(self, version: Version) -> None:
        """*version* answers now."""
        if version not in self.versions:
            self.versions = [*self.versions, version][-KEPT_VERSIONS:]
        self._current, self._state, self.since = version, "serving", datetime.now()

    def ended(self) -> None:
        """Nobody answers any more."""
        self._state = "stopped"
        self.taping.stop()
        self._tell()

    def told(self) -> None:
        """Tell the listeners that something has changed."""
        self._tell()

    def _tell(self) -> None:
        self._listeners.tell()
