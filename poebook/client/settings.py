"""A bot's settings told to Poe."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from poebook.client.bases import BOT_BASE_URL, bot_base
from poebook.client.pool import pooled_client
from poebook.client.refusals import MASK, masked, place
from poebook.client.whole import whole
from poebook.errors import BotError

TIMEOUT_S = 30.0
_VERSION = "1.2"
_KEPT = 2000  # characters of a refusal that the error quotes


async def sync_bot_settings_async(
    bot_name: str,
    access_key: str = "",
    *,
    settings: dict[str, Any] | BaseModel | None = None,
    base_url: str = BOT_BASE_URL,
) -> None:
    """Have Poe take *settings*, or, without them, ask the bot's server for them. Raises BotError.

    The key is part of the address, as Poe has it, so neither an error nor the log names that.
    """
    import httpx

    verb = "fetch_settings" if settings is None else "update_settings"
    base = bot_base(base_url)
    url = f"{base}{verb}/{quote(bot_name, safe='')}/{quote(access_key, safe='')}/{_VERSION}"
    body = settings.model_dump() if isinstance(settings, BaseModel) else settings
    try:
        client = await pooled_client(url)
        with _unlogged(access_key):
            request = client.build_request("POST", url, json=body, timeout=TIMEOUT_S)
            response = await whole(client, request, TIMEOUT_S)
    except httpx.TimeoutException:
        hint = " Check that the bot server is running." if settings is None else ""
        raise _error(bot_name, f"Timeout syncing settings for bot {bot_name}.{hint}") from None
    except httpx.ConnectError:
        words = f"nothing answers at {place(base)}. Is the network there?"
        raise _error(bot_name, f"Error syncing settings for bot {bot_name}: {words}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = f"the request failed ({type(error).__name__})."
        raise _error(bot_name, f"Error syncing settings for bot {bot_name}: {words}") from None
    if response.status != 200:
        text = masked(response.text, access_key)[:_KEPT]
        raise BotError(
            f"Error syncing settings for bot {bot_name}: {text}",
            bot_name=bot_name,
            status=response.status,
            body=text,
        )


async def push_settings(bot_name: str, access_key: str, settings: dict[str, Any]) -> None:
    """Have Poe take *settings*. Raises BotError."""
    await sync_bot_settings_async(bot_name, access_key, settings=settings)


def sync_bot_settings(
    bot_name: str,
    access_key: str = "",
    *,
    settings: dict[str, Any] | BaseModel | None = None,
    base_url: str = BOT_BASE_URL,
) -> None:
    """Have Poe take *settings*, or ask the bot's server for them; blocks, also inside a running loop.

    Raises BotError.

    >>> try:
    ...     sync_bot_settings("Tides", "s3cret", base_url="http://127.0.0.1:9/bot/")
    ... except BotError as error:
    ...     print(error)
    Error syncing settings for bot Tides: nothing answers at http://127.0.0.1:9/bot/. Is the network there?
    """
    from poebook.client.sync import run_sync

    run_sync(sync_bot_settings_async(bot_name, access_key, settings=settings, base_url=base_url))


def _error(bot_name: str, words: str) -> BotError:
    return BotError(words, bot_name=bot_name, reason=words)


@contextmanager
def _unlogged(key: str) -> Iterator[None]:
    """While this lasts, httpx's log, which names the addresses of requests, does not hold *key*."""
    log = logging.getLogger("httpx")

    def mask(record: logging.LogRecord) -> bool:
        if key and isinstance(record.args, tuple):
            record.args = tuple(MASK if not isinstance(arg, int) and key in str(arg) else arg for arg in record.args)
        return True

    log.addFilter(mask)
    try:
        yield
    finally:
        log.removeFilter(mask)
