"""A public address asked as Poe will ask it, before anybody says that a bot is published."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from poebook.client.conformance import bodies
from poebook.client.conformance.exchange import Exchange, Request, carry_out
from poebook.client.conformance.limits import Limits
from poebook.client.pool import new_client
from poebook.client.refusals import place
from poebook.errors import TunnelError

if TYPE_CHECKING:
    import httpx

PATIENCE_S = 20.0  # until a fresh address must lead here
_PAUSE_S = 0.3
_LATE_S = 10.0  # past the limit, so that a way in that is slow can be told from one that lets nothing through
_OUR_REFUSALS = ("Invalid access key", "Not authenticated")
_OUR_404 = "No bot is served at this path"
_LUMP = 0.3  # what part of the time in which events were sent they must take to arrive, at the least


@dataclass(frozen=True)
class Address:
    """What is asked: the bot, and the *test* stream beside it, whose events are sent over ``test_s`` seconds."""

    bot: str
    key: str
    test: str
    test_key: str
    test_s: float


@dataclass(frozen=True)
class Asked:
    """One thing that was looked at and found good, with its figure."""

    says: str
    figure: str


async def probe(address: Address, *, limits: Limits | None = None, patience_s: float = PATIENCE_S) -> list[Asked]:
    """What was asked, all of it answered as Poe expects. Raises TunnelError: the cause, and the next step."""
    bounds = limits or Limits()
    async with new_client(secure=address.bot.startswith("https:")) as client:
        asker = _Asker(client, address, bounds)
        right = await asker.until_here(patience_s)
        wrong = await asker.refused()
        await asker.unsupported()
        test = await asker.stream()
    names = [event for event in test.events if event.name == "text"]
    return [
        Asked("A wrong key is refused", _ms(wrong)),
        Asked("The right key is accepted", _ms(right)),
        Asked(f"The first event comes within {bounds.first_event_s:g} s", f"{1000 * names[0].at_s:.0f} ms"),
        Asked("Events arrive one by one", f"{len(names)} events"),
    ]


class _Asker:
    def __init__(self, client: httpx.AsyncClient, address: Address, limits: Limits) -> None:
        self._client = client
        self._address = address
        self._limits = limits
        self._where = place(address.bot)

    async def until_here(self, patience_s: float) -> Exchange:
        """Ask with the right key until the bot answers: a new address may need a moment to be known."""
        clock = asyncio.get_running_loop().time
        end = clock() + patience_s
        while True:
            seen = await self._ask(self._address.bot, bodies.settings(), self._address.key)
            trouble = _not_here(seen, self._where)
            if trouble is None:
                return seen
            if clock() > end or not _may_pass(seen):
                raise TunnelError(trouble)
            await asyncio.sleep(_PAUSE_S)

    async def refused(self) -> Exchange:
        """A wrong key, and none."""
        wrong = "".join("b" if sign == "a" else "a" for sign in self._address.key)
        seen = await self._ask(self._address.bot, bodies.settings(), wrong)
        for one in (seen, await self._ask(self._address.bot, bodies.settings(), None)):
            if one.status not in (401, 403):
                raise TunnelError(
                    f"{self._where} answers whoever has not the key (status {one.status}); something before the bot "
                    "adds a key of its own. Take that out."
                )
        return seen

    async def unsupported(self) -> None:
        """A request of a type that there is not: 501 must come through."""
        seen = await self._ask(self._address.bot, bodies.report("report_weather"), self._address.key)
        if seen.status != 501:
            raise TunnelError(
                f"An unknown request should be answered with 501, and {self._where} answers {seen.status}; something "
                "before the bot puts answers of its own in its place. Take a way that passes them on."
            )

    async def stream(self) -> Exchange:
        """An answer whose timing is known."""
        most = self._limits.first_event_s + self._address.test_s + _LATE_S
        seen = await self._ask(self._address.test, bodies.query(), self._address.test_key, most)
        texts = [event for event in seen.events if event.name == "text"]
        if seen.is_stream and seen.fate == "late" and not texts:
            raise TunnelError(f"No event came through {self._where} within {most:.0f} s; it holds streams back.")
        if not seen.is_stream or len(texts) < 2 or seen.events[-1].name != "done":
            said = f"status {seen.status}, {seen.kind or 'no content type'}" if seen.status else seen.trouble
            raise TunnelError(f"A stream does not come whole through {self._where} ({said}); take another way in.")
        spread = texts[-1].at_s - texts[0].at_s
        if spread < _LUMP * self._address.test_s:
            raise TunnelError(
                f"{self._where} gathers an answer and passes it on in a lump: {len(texts)} events, sent over "
                f"{self._address.test_s:.1f} s, came within {1000 * spread:.0f} ms. Turn the proxy's buffering off "
                "(nginx: proxy_buffering off), or take another way in."
            )
        if texts[0].at_s > self._limits.first_event_s:
            raise TunnelError(
                f"The first event took {texts[0].at_s:.1f} s through {self._where}, and Poe waits "
                f"{self._limits.first_event_s:g} s; take a way in that is nearer."
            )
        return seen

    async def _ask(self, url: str, body: dict[str, object], key: str | None, most: float = 10.0) -> Exchange:
        headers = {"accept": b"text/event-stream", "accept-encoding": b"identity", "content-type": b"application/json"}
        if key is not None:
            headers["authorization"] = f"Bearer {key}".encode()
        request = Request("POST", url, headers, json.dumps(body).encode())
        return await carry_out(self._client, request, Exchange("A question"), most)


def _not_here(seen: Exchange, where: str) -> str | None:
    """Why the answer to a settings request with the right key is not this bot's; None where it is."""
    words = seen.body[:2000].decode("utf-8", "replace")
    if seen.status is None:
        return seen.trouble if seen.fate != "late" else f"{where} does not answer."
    if seen.kind == "text/html":
        return (
            f"{where} shows a web page (status {seen.status}) instead of passing requests on; a tunnel's warning or a "
            "login stands before the bot. Take a way without one."
        )
    if seen.status in (401, 403):
        if any(ours in words for ours in _OUR_REFUSALS):
            return f"The key does not come through: something before {where} changes the header Authorization."
        return f"Something before the bot wants a login of its own at {where} (status {seen.status})."
    if seen.status == 404 and _OUR_404 in words:
        return f"{where} leads to this kernel, but to another path; the way in must pass paths on as they are."
    if seen.status == 404:
        return f"There is nothing at {where}; check the address, and that it leads to this machine."
    if seen.status in (502, 503, 504):
        return f"{where} is up, but does not reach this kernel (status {seen.status}); look which port it leads to."
    if 300 <= seen.status < 400:
        return f"{where} leads on to {place(seen.headers.get('location', ''))}; give that address instead."
    if not seen.ok:
        return f"The bot's settings cannot be had through {where} (status {seen.status}); its log may say why."
    try:
        answered = isinstance(seen.json(), dict)
    except ValueError:
        answered = False
    return None if answered else f"What answers at {where} is no bot server; check the address."


def _may_pass(seen: Exchange) -> bool:
    """Whether the trouble may be that an address is new."""
    return seen.status is None or seen.status in (404, 429, 502, 503, 504)


def _ms(seen: Exchange) -> str:
    return f"{1000 * seen.headers_s:.0f} ms"
