"""The local Poe of this process: before the bots that are served here, on their server, below ``/_poe/``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote

from poebook.client.nearby import Neighbour
from poebook.client.platform import Call, Limits
from poebook.client.platform.calls import price
from poebook.client.targets import POE_BASE_URL, CallState, Target, named_base_url
from poebook.runtime.nearby import is_nearby
from poebook.runtime.poe_view import PoeView, made_key, question_of
from poebook.runtime.watching import Question
from poebook.standin.members import Listed, Member
from poebook.standin.refused import Refused
from poebook.standin.state import State

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from poebook.runtime.served import Served

PREFIX = "/_poe"

Mode = Literal["local", "live"]


class House(Protocol):
    """What it needs of the place that it stands in."""

    @property
    def bots(self) -> dict[str, Served]: ...

    def url(self) -> str | None:
        """Where the server is; None while it does not run."""

    def open(self) -> None:
        """Let the server run, bots or none."""


class KernelPoe(PoeView):
    """Stands for Poe before the bots that are served here; what is not served here is asked on Poe.

    ``mode`` is ``local``, or ``live``: then all calls by name go to Poe, as they do when the bot runs there. Limits
    and undeclared calls are warned about; ``poe.limits = {}`` enforces them as on Poe.
    """

    def __init__(self, house: House) -> None:
        self.mode: Mode = "local"
        self._house = house
        self._key = made_key()
        self._doubles = Listed([])
        state = State(
            roster=_ServedHere(house, self._doubles),
            keys=lambda: [key for key in (self._key, os.environ.get("POE_API_KEY")) if key],
            limits=Limits(enforce=False),
            base_url=lambda: self.base_url,
            elsewhere=_OnPoe(self),
        )
        super().__init__(state)

    @property
    def runs(self) -> bool:
        """Whether it can be asked: while a bot is served, and once its address was asked for."""
        return self._house.url() is not None

    @property
    def base_url(self) -> str:
        """Where it is; what ``POE_BASE_URL`` is set to for other programs here. It starts when that is asked for."""
        if self._house.url() is None:
            self._house.open()
        return f"{self._house.url()}{PREFIX}/"

    @property
    def api_key(self) -> str:
        """The key that people show; ``$POE_API_KEY`` is taken as well."""
        return self._key

    def close(self) -> None:
        """Remove the files that were handed over."""
        self._state.files.close()

    # -- for handlers and their observers ---------------------------------------------------------------------

    def by_name(self, name: str) -> Neighbour | None:
        """Itself, if the bot of that name is served here and not to be asked on Poe."""
        is_here = self.mode == "local" and self._state.roster.find(name) is not None
        return self.neighbour() if is_here else None

    def asked(self, name: str, request: object) -> Question | None:
        """What is known of a question to a bot that is served here; a call begins if nobody's Poe has an id for it.

        A question with an id that is not known here comes from the real Poe, which then is to be asked.
        """
        id = str(getattr(request, "bot_query_id", ""))
        if id:
            return question_of(id)
        if self.mode == "live":
            return None
        user, message_id = str(getattr(request, "user_id", "")), str(getattr(request, "message_id", ""))
        call = self._state.calls.open(name, user, message_id=message_id)
        request.bot_query_id = call.id  # type: ignore[attr-defined]  # a QueryRequest, which a floor below knows
        return Question(call, self.neighbour, True)

    def undouble(self, name: str) -> None:
        """Let nobody stand in for the bot of that name any more."""
        self._doubles.remove(name)

    def _admit(self, member: Member) -> None:
        self._doubles.add(member)

    def calls_for(self, message_id: str) -> list[CallState]:
        """The calls of other bots that were made for this message."""
        call = self._state.calls.of_message(message_id)
        return [_shown(child) for child in call.children] if call is not None else []

    def price_of(self, message_id: str) -> str | None:
        """What this message cost in all, in words."""
        call = self._state.calls.of_message(message_id)
        return price(sum(one.cost for one in call.within())) if call is not None else None

    # -- its door ---------------------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer below the prefix; only for this machine, whatever tunnel leads to the server."""
        if not is_nearby(dict(scope["headers"]).get(b"host", b"")):
            await _refusal()(scope, receive, send)
            return
        path = scope["path"].removeprefix(PREFIX)
        await self._app({**scope, "path": path, "raw_path": quote(path).encode()}, receive, send)

    @cached_property
    def _app(self) -> ASGIApp:
        from poebook.standin.app import make_app

        return make_app(self._state)


class _ServedHere:
    """The roster: what is served now, then doubles."""

    def __init__(self, house: House, doubles: Listed) -> None:
        self._house = house
        self._doubles = doubles

    def find(self, name: str) -> Member | None:
        bots = self._house.bots
        served = bots.get(name) or next((one for one in bots.values() if one.name.casefold() == name.casefold()), None)
        return _member(served) if served is not None else self._doubles.find(name)

    def all(self) -> Iterable[Member]:
        return [*(_member(served) for served in self._house.bots.values()), *self._doubles.all()]


class _OnPoe:
    """Bots on Poe, asked with the user's key."""

    def __init__(self, poe: KernelPoe) -> None:
        self._poe = poe

    def find(self, name: str) -> Member | None:
        key = os.environ.get("POE_API_KEY")
        if not key:
            return None
        base_url = named_base_url() or POE_BASE_URL
        if base_url == self._poe.base_url:  # whoever set it meant other programs
            base_url = POE_BASE_URL
        url = f"{base_url}bot/{quote(name, safe='')}"
        return Member(name, Target(name, name, "on Poe", url, "poe", key), key=None, foreign=True)


def _member(served: Served) -> Member:
    journal = served.journal
    return Member(
        served.name,
        served.target(),
        served.key,
        version=served.current,
        told=lambda words, message_id: journal.note("poe", words, message_id),
    )


def _shown(call: Call) -> CallState:
    return {
        "target": call.bot,
        "cost": price(call.cost),
        "total_s": call.total_s,
        "calls": [_shown(child) for child in call.children],
    }


def _refusal() -> ASGIApp:
    from poebook.standin.doors.door import in_json

    return in_json(Refused(403, "The local Poe answers this machine only."))
