"""Telling Poe a bot's settings: after it was published, and whenever a swap has changed them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillGoing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from poebook.client.conformance.bodies import settings as settings_request
from poebook.client.portal import client_portal
from poebook.client.settings import sync_bot_settings_async
from poebook.errors import BotError, ServeError
from poebook.runtime.publication import Publication, Pushed
from poebook.runtime.tunnel.address import is_loopback

if TYPE_CHECKING:
    from poebook.runtime.served import Served

SETTINGS_S = 10.0  # for the bot to say them
WAIT_S = 6.0  # that publishing waits for Poe; the rest is shown when it is known

logger = logging.getLogger("poebook")


class Pusher:
    """Remembers what Poe knows, so that nothing is sent twice."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}  # by the name at Poe: the key, and the settings as JSON
        self._turns: dict[str, asyncio.Lock] = {}

    def push(self, served: Served, found: Publication, *, tell: Callable[[], None], wait: bool) -> None:
        """Push what has changed, in the background; *wait* a moment for the outcome. Nothing is raised."""
        if not _reaches_poe(found):
            return
        going: Future[Any] = client_portal().submit(self._push_if_new(served, found, tell))
        if wait:
            try:
                going.result(WAIT_S)
            except StillGoing:
                logger.info("Poe has not taken the settings of %s yet", served.name)

    def push_now(self, served: Served, found: Publication | None, name: str, *, fetch: bool) -> None:
        """Push, whatever Poe knows already. Raises BotError, or ServeError where the bot does not say them."""
        client_portal().run(self._push_now(served, found, name, fetch))

    async def _push_now(self, served: Served, found: Publication | None, name: str, fetch: bool) -> None:
        if served.key is None:
            raise ServeError(f"{served.name} is served without a key, and Poe takes settings with a key only.")
        said = await _settings_of(served)
        try:
            await sync_bot_settings_async(name, served.key, settings=None if fetch else said)
        except BotError as error:
            if found is not None:
                found.pushed = Pushed(False, explained(error, name))
            raise
        self._known[name] = (served.key, _frozen(said))
        if found is not None:
            found.pushed = Pushed(True, "Poe has the settings.")

    async def _push_if_new(self, served: Served, found: Publication, tell: Callable[[], None]) -> None:
        name, key = found.poe_name, served.key
        async with self._turns.setdefault(name, asyncio.Lock()):
            try:
                said = await _settings_of(served)
                if key is None or (self._known.get(name) == (key, _frozen(said)) and found.pushed is not None):
                    return
                await sync_bot_settings_async(name, key, settings=said)
            except ServeError as error:
                found.pushed = Pushed(False, str(error))
            except BotError as error:
                found.pushed = Pushed(False, explained(error, name))
            else:
                self._known[name] = (key, _frozen(said))
                found.pushed = Pushed(True, "Poe has the settings.")
            asyncio.get_running_loop().run_in_executor(None, tell)


def explained(error: BotError, name: str) -> str:
    """Why Poe did not take them, with the next step."""
    if error.status in (401, 403):
        return f"Poe refused the key of {name}; enter the key of the card at Poe, then push again."
    if error.status == 404:
        return f"Poe knows no bot {name} yet; create it there, then push the settings."
    if error.status is not None and error.status >= 500:
        return f"Poe could not take the settings of {name} (status {error.status}); push them again later."
    return str(error)


def _reaches_poe(found: Publication) -> bool:
    """Poe asks no address of this machine, unless a stand-in for Poe runs here."""
    return bool(os.environ.get("POE_BASE_URL")) or not is_loopback(urlsplit(found.tunnel.url).hostname)


async def _settings_of(served: Served) -> dict[str, Any]:
    """What the bot says of itself when it is asked. Raises ServeError."""
    import httpx

    from poebook.client.pool import pooled_client

    client = await pooled_client(served.url)
    headers = {"authorization": f"Bearer {served.key}"} if served.key else {}
    try:
        answer = await client.post(served.url, json=settings_request(), headers=headers, timeout=SETTINGS_S)
    except httpx.HTTPError:
        raise ServeError(f"{served.name} did not say its settings within {SETTINGS_S:.0f} s.") from None
    if answer.status_code != 200:
        raise ServeError(f"{served.name} could not say its settings; %poebot logs {served.name} has the reason.")
    said: dict[str, Any] = answer.json()
    return said


def _frozen(settings: dict[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)
