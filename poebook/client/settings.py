"""A bot's settings told to Poe."""

from __future__ import annotations

from typing import Any

from poebook.client.bases import BOT_BASE_URL, bot_base
from poebook.client.pool import pooled_client
from poebook.errors import BotError

TIMEOUT_S = 30.0
_VERSION = "1.2"


async def sync_bot_settings_async(
    bot_name: str,
    access_key: str = "",
    *,
    settings: dict[str, Any] | None = None,
    base_url: str = BOT_BASE_URL,
) -> None:
    """Have Poe take *settings*, or, without them, ask the bot's server for them. Raises BotError.

    The key is part of the address, as Poe has it, so no error names that.
    """
    import httpx

    verb = "fetch_settings" if settings is None else "update_settings"
    url = f"{bot_base(base_url)}{verb}/{bot_name}/{access_key}/{_VERSION}"
    client = await pooled_client(url)
    try:
        response = await client.post(
            url, json=settings, timeout=TIMEOUT_S, headers={"content-type": "application/json"}
        )
    except httpx.TimeoutException:
        hint = " Check that the bot server is running." if settings is None else ""
        raise BotError(f"Timeout syncing settings for bot {bot_name}.{hint}", bot_name=bot_name) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = f"Error syncing settings for bot {bot_name}: Poe could not be reached ({type(error).__name__})."
        raise BotError(words, bot_name=bot_name) from None
    if response.status_code != 200:
        text = response.text[:2000]
        if access_key:
            text = text.replace(access_key, "•" * 8)
        raise BotError(
            f"Error syncing settings for bot {bot_name}: {text}",
            bot_name=bot_name,
            status=response.status_code,
            body=text,
        )


async def push_settings(bot_name: str, access_key: str, settings: dict[str, Any]) -> None:
    """Have Poe take *settings*. Raises BotError."""
    await sync_bot_settings_async(bot_name, access_key, settings=settings)


def sync_bot_settings(
    bot_name: str,
    access_key: str = "",
    *,
    settings: dict[str, Any] | None = None,
    base_url: str = BOT_BASE_URL,
) -> None:
    """Have Poe take *settings*, or ask the bot's server for them; blocks, also inside a running loop.

    Raises BotError.
    """
    from poebook.client.sync import run_sync

    run_sync(sync_bot_settings_async(bot_name, access_key, settings=settings, base_url=base_url))
