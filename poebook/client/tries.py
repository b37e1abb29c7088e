"""When to try again, and how long to wait before."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from poebook.errors import BotError, BotErrorNoRetry

logger = logging.getLogger("poebook")

ErrorHandler = Callable[[Exception, str], None]

LONGEST_WAIT_S = 60.0


def log_error(error: Exception, message: str) -> None:
    """The default ``on_error``: the log, and nothing printed."""
    logger.warning("%s: %s", message, error)


async def wait_before_retry(error: Exception, attempt: int, sleep_s: float) -> None:
    """Wait before try number *attempt* + 1: as long as the server asks, else longer each time, with jitter.

    Raises BotErrorNoRetry when the server asks for more than a minute.
    """
    asked = retry_after_s(error)
    if asked is not None:
        if asked > LONGEST_WAIT_S:
            raise BotErrorNoRetry(f"{error} That is too long to wait ({asked:.0f} s).") from error
        await asyncio.sleep(asked)
    elif sleep_s > 0:
        await asyncio.sleep(sleep_s * 2**attempt * random.uniform(0.75, 1.25))


def retry_after_s(error: Exception) -> float | None:
    """The seconds that a 429 or 503 asks to wait; None where it says nothing.

    >>> retry_after_s(BotError("slow down", status=429, headers={"retry-after": "2"}))
    2.0
    """
    if not isinstance(error, BotError) or error.status not in (429, 503):
        return None
    said = (error.headers or {}).get("retry-after", "").strip()
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
