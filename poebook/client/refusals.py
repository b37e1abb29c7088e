"""Why there was no answer, in words: the likely cause and the next step. No key is ever in them."""

from __future__ import annotations

import html
import json
import math
import re
import socket
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from poebook.errors import BotError, BotErrorNoRetry

if TYPE_CHECKING:
    import httpx

MASK = "••••••••"
_HEADERS = (
    "retry-after",
    "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
)
_SHORTEST_KEY = 6
_SAID = 300  # characters of an answer that a message quotes
_KEPT = 2000  # and that the error keeps
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]*)<", re.IGNORECASE)
_LIKELY = {
    402: "The account has not enough points.",
    404: "There is no such bot there.",
    413: "The request is too large.",
    501: "This is no bot server, or an old one.",
}


def refusal(bot_name: str, url: str, response: httpx.Response, text: str, *, key: str | None) -> BotError:
    """The error for an answer that is no success."""
    status = response.status_code
    text = masked(text, key)
    shown = f"{status} {_detail(text) or response.reason_phrase}".strip()
    reason = _reason(url, response, text, with_key=bool(key))
    return BotError(
        _message(bot_name, sentences(shown, reason)),
        bot_name=bot_name,
        status=status,
        body=text[:_KEPT],
        request_id=response.headers.get("x-request-id"),
        headers={name: masked(response.headers[name], key) for name in _HEADERS if name in response.headers},
        reason=reason or f"The bot answered {shown}.",
    )


def no_stream(
    bot_name: str, url: str, response: httpx.Response, text: str, wanted: str = "event stream", *, key: str | None
) -> BotError:
    """The error for an answer that is not what was asked for."""
    kind = response.headers.get("content-type", "no content type")
    text = masked(text, key)
    reason = f"{place(url)} answered with {kind}, which is no {wanted}. Is this a bot's address?"
    return BotError(
        _message(bot_name, reason),
        bot_name=bot_name,
        status=response.status_code,
        body=text[:_KEPT],
        request_id=response.headers.get("x-request-id"),
        reason=reason,
    )


def no_connection(bot_name: str, url: str, error: Exception) -> BotError:
    """The error for a question that could not be put."""
    return lost_connection(bot_name, url, _why_unreachable(url, error))


def lost_connection(bot_name: str, url: str, words: str) -> BotError:
    """The error for an answer that was cut off."""
    return BotError(_message(bot_name, words), bot_name=bot_name, reason=words)


def unsendable(bot_name: str, words: str) -> BotErrorNoRetry:
    """The error for a question that must not, or cannot, be sent, and for an answer that must not be read."""
    return BotErrorNoRetry(_message(bot_name, words), bot_name=bot_name, reason=words)


def place(url: str) -> str:
    """An address without what may be secret in it.

    >>> place("https://me:secret@bots.example.org/orrery?key=1")
    'https://bots.example.org/orrery'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "this address"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def masked(text: str, key: str | None) -> str:
    """*text* without the key, should somebody have echoed it; what is shorter than a key ever is stays.

    >>> masked("no such key: s3cret", "s3cret")
    'no such key: ••••••••'
    """
    return text.replace(key, MASK) if key and len(key) >= _SHORTEST_KEY else text


def seconds(header: str | None) -> float | None:
    """The seconds that a ``Retry-After`` header means, be it a number or a date; None where it means nothing.

    >>> seconds("7"), seconds("Thu, 01 Jan 1970 00:00:00 GMT"), seconds("soon")
    (7.0, 0.0, None)
    """
    if header is None:
        return None
    try:
        wait = float(header)
    except ValueError:
        try:
            wait = parsedate_to_datetime(header).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return max(0.0, wait) if math.isfinite(wait) else None


def sentences(first: str, second: str) -> str:
    """Two sentences, the first of which may lack its full stop.

    >>> sentences("429 slow down", "Try again later.")
    '429 slow down. Try again later.'
    """
    if not second:
        return first
    return f"{first}{'' if first[-1:] in '.!?…' else '.'} {second}"


def in_words(wait: float) -> str:
    """A time as people say it.

    >>> in_words(1), in_words(7), in_words(3600)
    ('1 second', '7 seconds', '60 minutes')
    """
    whole = math.ceil(wait)
    if whole > 120:
        return f"{math.ceil(whole / 60)} minutes"
    return "1 second" if whole == 1 else f"{whole} seconds"


def _message(bot_name: str, words: str) -> str:
    return f"Error communicating with bot {bot_name}: {words}"


def _reason(url: str, response: httpx.Response, text: str, *, with_key: bool) -> str:
    status, headers = response.status_code, response.headers
    if 400 <= status < 500 and "insufficient" in text.lower():
        return _LIKELY[402]
    if status in (401, 403):
        return "The key was refused." if with_key else "No key was given, and the bot wants one."
    if status == 429:
        wait = _wait(headers)
        return f"Too many requests; try again {'later' if wait is None else f'in {in_words(wait)}'}."
    if response.is_redirect:
        there = place(headers.get("location", ""))
        return f"{place(url)} leads to {there}, and a key is not carried along; ask there if that is right."
    if status >= 500 and status not in _LIKELY:
        return "The bot's server failed; its log says why."
    return _LIKELY.get(status, "")


def _wait(headers: Mapping[str, str]) -> float | None:
    wait = seconds(headers.get("retry-after"))
    return seconds(headers.get("x-ratelimit-reset-requests")) if wait is None else wait


def _detail(text: str) -> str:
    """What an answer says of itself, on one line: FastAPI's ``detail``, OpenAI's ``error.message``, a page's title, or
    how it begins."""
    words = _title(text) if _PAGE.match(text) else text
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        error = data.get("error")
        detail = data.get("detail") or (error.get("message") if isinstance(error, dict) else error)
        words = detail if isinstance(detail, str) else text
    words = " ".join(words.split())
    return words if len(words) <= _SAID else f"{words[: _SAID - 1]}…"


def _title(page: str) -> str:
    found = _TITLE.search(page)
    return html.unescape(found[1]) if found else ""


def _why_unreachable(url: str, error: Exception) -> str:
    """A sentence about why a connection could not be made."""
    import httpx

    host = urlsplit(place(url)).netloc or place(url)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol) or not _is_address(url):
        return f"{place(url)} is no address that can be asked; it should look like https://host/path."
    if isinstance(error, httpx.ConnectTimeout):
        return f"{host} does not answer. Is the server running, and reachable from here?"
    if isinstance(error, httpx.ProxyError):
        return "The proxy that the environment names did not let the request through."
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return f"The host {host} is not known. Check the address, and the network."
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The certificate of {host} is not trusted: {cause.verify_message}."
        if isinstance(cause, ssl.SSLError):
            return f"{host} does not speak HTTPS. Should the address begin with http:?"
    return f"Nothing answers at {place(url)}. Is the server running?"


def _is_address(url: str) -> bool:
    """Whether the parts of an address can be told apart."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _causes(error: BaseException) -> list[BaseException]:
    """Where an exception came from, layer by layer."""
    found: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is not None and all(one is not other for other in found):
            found.append(one)
            left += [one.__cause__, one.__context__]
            left += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    return found
