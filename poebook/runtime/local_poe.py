"""``fp.LocalPoe``: Poe's side of everything, on this machine."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

from poebook.client.platform import Limits
from poebook.client.targets import HasTarget, Target, resolve
from poebook.errors import ServeError
from poebook.runtime.bots import instance_of, name_of
from poebook.runtime.members import in_process
from poebook.runtime.poe_view import PoeView, made_key, question_of
from poebook.runtime.server import BackgroundServer
from poebook.runtime.taped import bots_on
from poebook.runtime.watching import Question
from poebook.standin.app import make_app
from poebook.standin.members import Listed, Member
from poebook.standin.state import State


class LocalPoe(PoeView):
    """A stand-in for Poe: scripts, bots and OpenAI clients that are pointed at ``base_url`` find the bots there.

    *bots* are ``PoeBot`` objects or classes, served bots, or addresses of bot servers; a mapping says what they are
    called. *port* is the port (left out: any free one), *key* the key that people show (left out: ``$POE_API_KEY``,
    else one is made). *doubles* stand in for bots that are not here: a function, a ``PoeBot``, a text, a list of
    answers, or a ``Double``; the path of a tape means all the bots that the recorded one asked. *limits* are those in
    which this Poe differs from the real one, such as ``{"first_event_s": 1}``. It is also a context manager.

    ``ledger`` has what bots charged and ``funds`` what users may spend, ``calls`` who asked whom, ``inbox`` what Poe
    would tell the bots' authors; ``add`` and ``double`` bring in more bots, ``play_faults`` lets things go wrong, and
    ``ask`` is one question. OpenAI clients find the bots at ``{base_url}v1``: there files stand as links in the text,
    text that replaces other text comes after it when it streams, suggested replies are left out, ``usage`` is an
    estimate, and fields that OpenAI does not know are the bot's parameters.

    >>> from poebook import LocalPoe, PoeBot, ProtocolMessage, get_bot_response_sync
    >>> with LocalPoe({"greeter": PoeBot()}) as poe:
    ...     said = [ProtocolMessage(role="user", content="anybody there?")]
    ...     base_url = f"{poe.base_url}bot/"
    ...     parts = get_bot_response_sync(said, "greeter", poe.api_key, base_url=base_url)
    ...     "".join(part.text for part in parts)
    'hello'
    """

    def __init__(
        self,
        bots: Iterable[object] | Mapping[str, object] | object = (),
        *,
        port: int | None = None,
        key: str | None = None,
        doubles: Mapping[str, object] | str | os.PathLike[str] | None = None,
        limits: Limits | Mapping[str, Any] | None = None,
    ) -> None:
        self._members = Listed([])
        self._port = port
        self._server: BackgroundServer | None = None
        self._key = key or os.environ.get("POE_API_KEY") or made_key()
        state = State(
            roster=self._members,
            keys=lambda: [self._key],
            limits=Limits.of(limits),
            base_url=lambda: self.base_url,
        )
        super().__init__(state)
        self.add(bots)
        given = doubles if isinstance(doubles, Mapping) else {} if doubles is None else bots_on(doubles)
        for name, double in given.items():
            self.double(name, double)

    # -- bots -------------------------------------------------------------------------------------------------

    def add(self, bots: Iterable[object] | Mapping[str, object] | object) -> LocalPoe:
        """Know these bots too. Raises ServeError when one of their names is taken.

        >>> from poebook import LocalPoe, PoeBot
        >>> LocalPoe().add({"tides": PoeBot()}).names
        ['tides']
        """
        for name, bot in named(bots):
            self._admit(self._member(name, bot))
        return self

    # -- running ----------------------------------------------------------------------------------------------

    def start(self) -> LocalPoe:
        """Open the doors. Called twice, it does nothing. Raises ServeError when the port cannot be had."""
        if self._server is None:
            self._server = BackgroundServer(make_app(self._state), port=0 if self._port is None else self._port)
        return self

    def stop(self) -> None:
        """Close the doors, and remove the files that were handed over."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()
        self._state.files.close()

    def __enter__(self) -> LocalPoe:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def __repr__(self) -> str:
        if self._server is None:
            return "<LocalPoe, not started>"
        return f"<LocalPoe at {self.base_url}: {', '.join(self.names)}>"

    @property
    def base_url(self) -> str:
        """Where it is; what ``POE_BASE_URL`` is set to."""
        if self._server is None:
            raise ServeError("This LocalPoe is not started; call start(), or use it in a with statement.")
        return f"{self._server.url}/"

    @property
    def api_key(self) -> str:
        """The key that people show."""
        return self._key

    # -- for handlers of its bots ---------------------------------------------------------------------------

    def asked(self, name: str, request: object) -> Question | None:
        """What is known of a question to one of its bots."""
        return question_of(str(getattr(request, "bot_query_id", "")))

    def _member(self, name: str | None, bot: object) -> Member:
        if isinstance(bot, Target):
            return Member(name or bot.name, bot, bot.key)
        if isinstance(bot, HasTarget | str):
            target = resolve(bot)
            # Poe always shows a bot server a key; one without a key of its own takes any.
            key = target.key or os.environ.get("POE_ACCESS_KEY") or secrets.token_hex(16)
            return Member(name or target.name, replace(target, key=key), key)
        made = instance_of(bot)
        return in_process(name or name_of(made), made, self, self.journals)

    def _admit(self, member: Member) -> None:
        if member.name in self.names:
            raise ServeError(f"Two bots are called {member.name}; a mapping gives them names: LocalPoe({{name: bot}}).")
        self._members.add(member)


def named(bots: object) -> list[tuple[str | None, object]]:
    """Bots with their names, where they were given any."""
    if isinstance(bots, Mapping):
        return list(bots.items())
    if isinstance(bots, Iterable) and not isinstance(bots, str):
        return [(None, bot) for bot in bots]
    return [(None, bots)]
