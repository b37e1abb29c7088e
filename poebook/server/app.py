"""Bots as a FastAPI application."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from poebook.errors import InvalidKey, InvalidSetup, PoebookError
from poebook.protocol import SettingsRequest
from poebook.server.bot import PoeBot
from poebook.server.endpoint import BotEndpoint
from poebook.server.handlers import settings_of, value
from poebook.server.keys import find_key
from poebook.server.observer import Observer

if TYPE_CHECKING:
    from fastapi import FastAPI

logger = logging.getLogger("uvicorn.default")


def make_app(
    bot: PoeBot | Sequence[PoeBot],
    access_key: str = "",
    *,
    bot_name: str = "",
    api_key: str = "",
    allow_without_key: bool = False,
    app: FastAPI | None = None,
) -> FastAPI:
    """A FastAPI application that serves *bot*, or several bots by their paths; *app* is extended when given.

    A single bot without a key of its own gets *access_key*, else ``$POE_ACCESS_KEY``; 32 characters. A bot with a
    name and a key has its settings pushed to Poe. Raises InvalidKey and InvalidSetup, which are ValueErrors.

    >>> from fastapi import FastAPI
    >>> isinstance(make_app(PoeBot(), allow_without_key=True), FastAPI)
    True
    """
    bots = _bots(bot)
    if isinstance(bot, PoeBot):
        _complete(bot, access_key, bot_name, api_key, allow_without_key)
    else:
        _check(bots, bool(access_key or bot_name or api_key), allow_without_key)
    application = app_of(bots, app=app)
    for one in bots:
        push_settings_of(one)
    return application


def app_of(bots: Sequence[PoeBot], *, app: FastAPI | None = None, observer: Observer | None = None) -> FastAPI:
    """The application of bots whose keys and paths are settled; nobody is told of it.

    >>> [route.path for route in app_of([PoeBot(path="/tides")]).routes][-1]
    '/tides'
    """
    from poebook.server.route import add_bot
    from poebook.server.shortcut import BotApplication

    application = BotApplication() if app is None else app
    _answer_invalid_requests(application)
    for one in bots:
        add_bot(application, one.path, BotEndpoint(one, key=one.access_key, observer=observer))
    return application


def _bots(given: PoeBot | Sequence[PoeBot]) -> list[PoeBot]:
    """What was given, once it is sure that bots were."""
    if isinstance(given, type):
        raise InvalidSetup(f"make_app takes a bot, not its class; write make_app({given.__name__}()).")
    bots = [given] if isinstance(given, PoeBot) else list(given)
    for bot in bots:
        if not isinstance(bot, PoeBot):
            raise InvalidSetup(f"make_app takes bots, and a {type(bot).__name__} is none.")
        if not bot.path.startswith("/"):
            raise InvalidSetup(f"A bot's path begins with a slash; write path='/{bot.path}'.")
    return bots


def _complete(bot: PoeBot, access_key: str, bot_name: str, api_key: str, allow_without_key: bool) -> None:
    """Give a single bot what the call says; nothing is said twice."""
    if bot.access_key and (access_key or api_key):
        raise InvalidSetup("The bot has an access key already; give it in one place only.")
    if bot.bot_name is not None and bot_name:
        raise InvalidSetup("The bot has a name already; give it in one place only.")
    if not bot.access_key:
        bot.access_key = find_key(access_key, api_key, allow_without_key=allow_without_key)
    if bot_name:
        bot.bot_name = bot_name


def _check(bots: list[PoeBot], said: bool, allow_without_key: bool) -> None:
    """Several bots bring their own keys and paths."""
    if said:
        raise InvalidSetup("With several bots, give access_key and bot_name to each bot, not to make_app.")
    paths = [bot.path for bot in bots]
    for path in paths:
        if paths.count(path) > 1:
            raise InvalidSetup(f"Two bots have the path {path}; give each its own: PoeBot(path='/name').")
    for bot in bots:
        bot.access_key = bot.access_key or None
        if bot.access_key is None and not allow_without_key:
            name = bot.bot_name or type(bot).__name__
            raise InvalidKey(f"The bot {name} at {bot.path} has no access key; give it one, or allow_without_key=True.")


def _answer_invalid_requests(application: FastAPI) -> None:
    """What fastapi_poe answers where a route of the author's own gets a request it cannot take; theirs goes first."""
    from fastapi.exception_handlers import request_validation_exception_handler
    from fastapi.exceptions import RequestValidationError
    from starlette.responses import Response

    async def internal_error(request: object, error: Exception) -> Response:
        logger.error("A request was not valid: %s", type(error).__name__)
        return Response("Internal server error", status_code=500)

    if application.exception_handlers.get(RequestValidationError) is request_validation_exception_handler:
        application.add_exception_handler(RequestValidationError, internal_error)


def push_settings_of(bot: PoeBot) -> None:
    """Tell Poe the bot's settings; a failure is logged and stops nothing."""
    if not bot.bot_name or not bot.access_key:
        missing, given = ("access key", "its key") if bot.bot_name else ("bot_name", "fp.PoeBot(bot_name=...)")
        words = "The bot at %s has no %s, so its settings are not synced with Poe; with %s they are."
        logger.warning(words, bot.path, missing, given)
        return
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(_push(bot))
    else:  # a cell: a loop of its own, so that neither waits for the other
        threading.Thread(target=lambda: asyncio.run(_push(bot)), name="poebook-settings", daemon=True).start()


async def _push(bot: PoeBot) -> None:
    from poebook.client.settings import push_settings

    assert bot.bot_name is not None
    assert bot.access_key is not None
    try:
        request = SettingsRequest(version="1.2", type="settings")
        settings = settings_of(await value(bot.get_settings, request), bot.get_settings)
        await push_settings(bot.bot_name, bot.access_key, settings.model_dump())
    except PoebookError as error:
        logger.error("Settings of %s were not pushed: %s", bot.bot_name, error)
    except Exception:
        logger.exception("Settings of %s were not pushed", bot.bot_name)
    else:
        logger.info("Settings of %s were pushed to Poe.", bot.bot_name)
