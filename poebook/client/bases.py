"""Where Poe is, when a caller did not say."""

from __future__ import annotations

from urllib.parse import quote

from poebook.client.nearby import neighbour_of
from poebook.client.targets import POE_BASE_URL, named_base_url, poe_base_url

BOT_BASE_URL = f"{POE_BASE_URL}bot/"
UPLOAD_BASE_URL = "https://www.quora.com/poe_api/"


def bot_base(given: str) -> str:
    """*given*, or what ``$POE_BASE_URL`` says where the default was given.

    >>> bot_base("http://127.0.0.1:8000/bot/")
    'http://127.0.0.1:8000/bot/'
    """
    return f"{poe_base_url()}bot/" if given == BOT_BASE_URL else given


def bot_url(bot_name: str, base_url: str) -> str:
    """The address of a bot.

    >>> bot_url("Web Search", "http://127.0.0.1:8000/bot/")
    'http://127.0.0.1:8000/bot/Web%20Search'
    """
    return f"{bot_base(base_url)}{quote(bot_name, safe='/:@%')}"


def bot_door(bot_name: str, base_url: str, key: str) -> tuple[str, str]:
    """The address of a bot, and the key to show there: a local Poe's own, where none was given.

    >>> bot_door("Web Search", "http://127.0.0.1:8000/bot/", "my key")
    ('http://127.0.0.1:8000/bot/Web%20Search', 'my key')
    """
    near = neighbour_of(bot_name) if base_url == BOT_BASE_URL and named_base_url() is None else None
    if near is None:
        return bot_url(bot_name, base_url), key
    return bot_url(bot_name, f"{near.base_url}bot/"), near.key if key in ("", "<missing>") else key


def api_base(given: str) -> str:
    """The same for the API's root."""
    return poe_base_url() if given == POE_BASE_URL else given


def upload_base(given: str) -> str:
    """The same for uploads: ``poe_api/`` below ``$POE_BASE_URL``."""
    moved = poe_base_url()
    return f"{moved}poe_api/" if given == UPLOAD_BASE_URL and moved != POE_BASE_URL else f"{given.rstrip('/')}/"
