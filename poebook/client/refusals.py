"""Why there was no answer, in words: the likely cause and the next step. No key is ever in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from poebook.errors import BotError

if TYPE_CHECKING:
    import httpx

_HEADERS = (
    "retry-after",
    "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
)
_LIKELY = {
    402: "The account has not enough points.",
    404: "There is no such bot there.",
    413: "The request is too large.",
    501: "This is no bot server, or an old one.",
}


def refusal(bot_name: str, url: str, response: httpx.Response, text: str, *, with_key: bool) -> BotError:
    """The error for an answer that is not 200."""
    status = response.status_code
    said = _detail(text)
    reason = _reason(url, response, with_key)
    shown = f"{status} {said}".strip()
    message = f"Error communicating with bot {bot_name}: {shown}"
    return BotError(
        f"{message}{'' if message.endswith('.') else '.'} {reason}".strip(),
        bot_name=bot_name,
        status=status,
        body=text,
        request_id=response.headers.get("x-request-id"),
        headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
        reason=reason or f"The bot answered {shown}.",
    )


def no_stream(bot_name: str, url: str, response: httpx.Response, text: str, wanted: str = "event stream") -> BotError:
    """The error for an answer that is not what was asked for."""
    kind = response.headers.get("content-type", "no content type")
    reason = f"{place(url)} answered with {kind}, which is no {wanted}. Is this a bot's address?"
    return BotError(
        f"Error communicating with bot {bot_name}: {reason}",
        bot_name=bot_name,
        status=response.status_code,
        body=text,
        request_id=response.headers.get("x-request-id"),
        reason=reason,
    )


def no_connection(bot_name: str, url: str, error: Exception) -> BotError:
    """The error for an address where nobody listens."""
    reason = f"Nothing answers at {place(url)}. Is the server running?"
    return BotError(f"Error communicating with bot {bot_name}: {reason}", bot_name=bot_name, reason=reason)


def lost_connection(bot_name: str, url: str, words: str) -> BotError:
    """The error for an answer that was cut off."""
    return BotError(f"Error communicating with bot {bot_name}: {words}", bot_name=bot_name, reason=words)


def place(url: str) -> str:
    """An address without what may be secret in it.

    >>> place("https://me:secret@bots.example.org/orrery?key=1")
    'https://bots.example.org/orrery'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(url: str, response: httpx.Response, with_key: bool) -> str:
    status = response.status_code
    if status in (401, 403):
        return "The key was refused." if with_key else "No key was given, and the bot wants one."
    if status == 429:
        wait = response.headers.get("retry-after") or response.headers.get("x-ratelimit-reset-requests")
        return f"Too many requests; try again in {wait} s." if wait else "Too many requests; try again later."
    if response.is_redirect:
        return f"{place(url)} leads elsewhere, and a key is not carried along; use the address it leads to."
    if status >= 500 and status not in _LIKELY:
        return "The bot's server failed; its log says why."
    return _LIKELY.get(status, "")


def _detail(text: str) -> str:
    """What the answer says of itself: FastAPI's ``detail``, OpenAI's ``error.message``, or its start."""
    try:
        data = json.loads(text)
    except ValueError:
        return text[:200]
    if isinstance(data, dict):
        error = data.get("error")
        detail = data.get("detail") or (error.get("message") if isinstance(error, dict) else error)
        if isinstance(detail, str):
            return detail[:200]
    return text[:200]
