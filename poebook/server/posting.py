"""Files that a handler posts with its answer: uploaded at once, announced before the next thing yielded."""

from __future__ import annotations

import os
import secrets
import string
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, urlsplit

from poebook.errors import InvalidParameterError
from poebook.protocol import AttachmentUploadResponse
from poebook.server.keys import shown_key
from poebook.wire.events import file_event
from poebook.wire.sse import ServerSentEvent

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot

POE_API_WEBSERVER_BASE_URL = "https://www.quora.com/poe_api/"
_SIGNS = string.ascii_letters + string.digits
_WAITING = "_poebook_waiting_files"


def generate_inline_ref() -> str:
    """A fresh reference for a file that the text shows in place: eight letters and digits.

    >>> len(generate_inline_ref())
    8
    """
    return "".join(secrets.choice(_SIGNS) for _ in range(8))


def get_filename_from_url(url: str) -> str:
    """The last part of a URL's path, unquoted; ``downloaded_file`` where there is none.

    >>> get_filename_from_url("https://a.example/my%20cat.png?x=1")
    'my cat.png'
    """
    return unquote(urlsplit(url).path.rpartition("/")[2]) or "downloaded_file"


async def post(
    bot: PoeBot,
    *,
    access_key: str | None,
    message_id: str | None,
    download_url: str | None,
    download_filename: str | None,
    file_data: bytes | BinaryIO | None,
    filename: str | None,
    content_type: str | None,
    is_inline: bool,
    base_url: str,
) -> AttachmentUploadResponse:
    """Upload a file and keep its event for the answer ``message_id``."""
    if message_id is None:
        raise AssertionError("post_message_attachment needs the message_id of the answer: request.message_id.")
    if access_key and bot.access_key:
        warnings.warn(
            "post_message_attachment(access_key=...) is deprecated; the bot's own key is there.",
            DeprecationWarning,
            stacklevel=3,
        )
    key = access_key or bot.access_key or shown_key.get()
    if not key:
        raise InvalidParameterError("post_message_attachment needs the bot's access key; give it to the bot.")
    if content_type is not None:
        warnings.warn(
            "post_message_attachment(content_type=...) is ignored: Poe finds it out by itself.",
            DeprecationWarning,
            stacklevel=3,
        )
    own = getattr(file_data, "name", None)  # of an open file
    name = filename or download_filename or (os.path.basename(own) if isinstance(own, str) else None)
    if not download_url and not name:
        raise InvalidParameterError("post_message_attachment needs file_data with filename, or download_url.")
    if not download_url and file_data is None:
        raise ValueError("post_message_attachment has a filename but no file; give file_data too, or download_url.")
    uploaded = await bot._upload_file(
        file=file_data, file_url=download_url, file_name=name, api_key=key, base_url=base_url
    )
    name = name or get_filename_from_url(download_url or "")
    ref = generate_inline_ref() if is_inline else None
    shown = file_event(uploaded.url, uploaded.content_type, name, ref)
    _waiting(bot).setdefault(message_id, []).append(shown)
    return AttachmentUploadResponse(attachment_url=uploaded.url, mime_type=uploaded.content_type, inline_ref=ref)


def pending(bot: PoeBot, message_id: str) -> list[ServerSentEvent]:
    """The events of files posted since the last look."""
    waiting = bot.__dict__.get(_WAITING)
    return waiting.pop(message_id, []) if waiting else []


def _waiting(bot: PoeBot) -> dict[str, list[ServerSentEvent]]:
    """Kept in the bot itself and made on first use: subclasses may skip every constructor of ours."""
    waiting: Any = bot.__dict__.setdefault(_WAITING, {})
    files: dict[str, list[ServerSentEvent]] = waiting
    return files
