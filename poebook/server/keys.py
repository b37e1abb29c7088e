"""Which key a bot asks for."""

from __future__ import annotations

import os
import warnings
from contextvars import ContextVar

from poebook.errors import InvalidKey

KEY_LENGTH = 32
_CALLER = 4  # whoever called make_app
shown_key: ContextVar[str | None] = ContextVar("poebook_shown_key", default=None)  # of the bot that answers now
_WHERE = "Poe shows it on the page where a server bot is made: poe.com/create_bot?server=1"


def find_key(access_key: str = "", api_key: str = "", *, allow_without_key: bool = False) -> str | None:
    """The key from the call or the environment; None where none is needed. Raises InvalidKey.

    In this order: *access_key*, ``$POE_ACCESS_KEY``, *api_key* (deprecated), ``$POE_API_KEY`` (deprecated, and taken
    only when it has a bot key's length, for that variable is the client's).

    >>> find_key("k" * 32) == "k" * 32
    True
    """
    if access_key:
        return _measured(access_key, "access_key")
    if key := os.environ.get("POE_ACCESS_KEY"):
        return _measured(key, "$POE_ACCESS_KEY")
    if api_key:
        warnings.warn("api_key= is deprecated here; say access_key=.", DeprecationWarning, stacklevel=_CALLER)
        return _measured(api_key, "api_key")
    key = os.environ.get("POE_API_KEY", "")
    if len(key) == KEY_LENGTH:
        warnings.warn(
            "POE_API_KEY is taken as the bot's key; set POE_ACCESS_KEY instead.", DeprecationWarning, stacklevel=_CALLER
        )
        return key
    if allow_without_key:
        return None
    raise InvalidKey(f"The bot has no access key. Set POE_ACCESS_KEY, or give access_key=. {_WHERE}.")


def _measured(key: str, source: str) -> str:
    if len(key) != KEY_LENGTH:
        raise InvalidKey(f"{source} has {len(key)} characters; a bot's key has {KEY_LENGTH}. {_WHERE}.")
    return key
