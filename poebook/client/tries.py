"""When to try again, and how long to wait before."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from typing import TypeAlias

from poebook.client.refusals import in_words, seconds, sentences
from poebook.errors import BotError, BotErrorNoRetry

logger = logging.getLogger("poebook")

ErrorHandler: TypeAlias = Callable[[Exception, str], None]

LONGEST_WAIT_S = 60.0


def log_error(error: Exception, message: str) -> None:
    """The default ``on_error``: the log, and nothing printed."""
    logger.warning("%s: %s", message, error)


async def wait_before_retry(error: Exception, attempt: int, sleep_s: float, asked: float | None = None) -> None:
    """Wait after try number *attempt*, counted from 0: the seconds that were *asked* for, else longer each time.

    Raises an error of *error*'s kind when the server asks for more than a minute.
    """
    if asked is not None and asked > LONGEST_WAIT_S:
        raise _too_long(error, asked) from error
    if asked is None:
        asked = min(LONGEST_WAIT_S, sleep_s * 2**attempt * random.uniform(0.75, 1.25)) if sleep_s > 0 else 0.0
    await asyncio.sleep(asked)


def retry_after_s(status: int | None, headers: Mapping[str, str] | None) -> float | None:
    """The seconds that a 429 or 503 asks to wait; None where it says nothing.

    >>> retry_after_s(429, {"retry-after": "2"})
    2.0
    """
    return seconds(headers.get("retry-after")) if headers and status in (429, 503) else None


def _too_long(error: Exception, asked: float) -> Exception:
    words = sentences(str(error), f"It asks to wait for {in_words(asked)}, so it was not asked again.")
    if not isinstance(error, BotError):
        return type(error)(words)
    return BotErrorNoRetry(
        words,
        bot_name=error.bot_name,
        status=error.status,
        body=error.body,
        request_id=error.request_id,
        headers=error.headers,
        reason=error.reason,
    )
