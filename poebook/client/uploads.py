"""Files handed to Poe."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, BinaryIO

from poebook.client.bases import UPLOAD_BASE_URL, upload_base
from poebook.client.pool import pooled_client
from poebook.client.tries import ErrorHandler, log_error
from poebook.errors import AttachmentUploadError
from poebook.protocol import Attachment

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 120.0


async def upload_file(
    file: bytes | BinaryIO | None = None,
    file_url: str | None = None,
    file_name: str | None = None,
    api_key: str = "",
    *,
    session: httpx.AsyncClient | None = None,
    on_error: ErrorHandler = log_error,
    num_tries: int = 2,
    retry_sleep_time: float = 0.5,
    base_url: str = UPLOAD_BASE_URL,
    extra_headers: dict[str, str] | None = None,
) -> Attachment:
    """Upload bytes, a file object, or what lies at a URL.

    A file object is read once, so a second try sends the same bytes. A lent *session* stays open. Raises ValueError
    for what cannot be sent, AttachmentUploadError when Poe does not take it.
    """
    data, name = _checked(file, file_url, file_name, api_key)
    url = f"{upload_base(base_url)}file_upload_3RD_PARTY_POST"
    headers = {"authorization": api_key, **(extra_headers or {})}
    for attempt in range(num_tries):
        try:
            return await _send(session or await pooled_client(url), url, headers, data, file_url, name)
        except AttachmentUploadError as error:
            on_error(error, f"upload attempt {attempt + 1}/{num_tries} failed")
            if attempt + 1 >= num_tries:
                raise
            await asyncio.sleep(retry_sleep_time)
    raise AttachmentUploadError("No try was allowed.")


def _checked(
    file: bytes | BinaryIO | None, file_url: str | None, file_name: str | None, api_key: str
) -> tuple[bytes | None, str | None]:
    """The bytes and the name to send."""
    if not api_key:
        raise ValueError("An upload needs a key: give api_key.")
    if (file is None) == (not file_url):
        raise ValueError("Give either file or file_url.")
    if isinstance(file, str):
        raise ValueError("file is a str; give bytes or an open file, as in open(path, 'rb').")
    if file is None or isinstance(file, (bytes, bytearray, memoryview)):
        if file is not None and not file_name:
            raise ValueError("Bytes need a name: give file_name.")
        return (bytes(file) if file is not None else None), file_name
    own = getattr(file, "name", None)
    name = file_name or (os.path.basename(own) if isinstance(own, str) else None)
    if not name:
        raise ValueError("This file object has no name: give file_name.")
    return file.read(), name


async def _send(
    client: httpx.AsyncClient,
    url: str,
    headers: dict[str, str],
    data: bytes | None,
    file_url: str | None,
    name: str | None,
) -> Attachment:
    import httpx

    try:
        if data is not None:
            files = {"file": (name, data)}
            response = await client.post(url, files=files, headers=headers, timeout=TIMEOUT_S)
        else:
            form = {"download_url": file_url, **({"download_filename": name} if name else {})}
            response = await client.post(url, data=form, headers=headers, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        raise AttachmentUploadError(f"The upload broke off: {type(error).__name__}.") from error
    if response.status_code != 200:
        raise AttachmentUploadError(f"{response.status_code} {response.reason_phrase}: {response.text[:500]}")
    try:
        answer = response.json()
        return Attachment(url=answer["attachment_url"], content_type=answer["mime_type"], name=name or "file")
    except (ValueError, KeyError, TypeError):
        raise AttachmentUploadError(f"Unexpected response format: {response.text[:500]}") from None
