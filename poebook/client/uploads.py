"""Files handed to Poe."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from poebook.client.bases import UPLOAD_BASE_URL, upload_base
from poebook.client.nested import ear_here
from poebook.client.pool import pooled_client
from poebook.client.refusals import masked, place
from poebook.client.tries import ErrorHandler, log_error, retry_after_s, wait_before_retry
from poebook.client.whole import Whole, whole
from poebook.errors import AttachmentUploadError
from poebook.protocol import Attachment

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 120.0  # of silence
MOST_S = 600.0  # in all: a large file on a slow line takes minutes
_KEPT = 2000  # characters of a refusal that the error quotes


class Upload(NamedTuple):
    """What is to be sent: bytes with their name, or a URL that Poe is to fetch."""

    data: bytes | None
    url: str | None
    name: str | None


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

    >>> import asyncio, httpx
    >>> def poe(request: httpx.Request) -> httpx.Response:
    ...     return httpx.Response(200, json={"attachment_url": "https://a.example/1", "mime_type": "text/csv"})
    >>> session = httpx.AsyncClient(transport=httpx.MockTransport(poe))
    >>> asyncio.run(upload_file(b"1,2", file_name="tides.csv", api_key="my key", session=session)).name
    'tides.csv'
    """
    upload = checked(file, file_url, file_name, api_key)
    return await send(
        upload,
        api_key,
        session=session,
        on_error=on_error,
        num_tries=num_tries,
        retry_sleep_time=retry_sleep_time,
        base_url=base_url,
        extra_headers=extra_headers,
    )


def checked(file: object, file_url: str | None, file_name: str | None, api_key: str) -> Upload:
    """What is to be sent; a file object is read. Raises ValueError.

    >>> checked(b"1,2", None, "tides.csv", "key").name
    'tides.csv'
    """
    if not api_key:
        raise ValueError("An upload needs a key: give api_key (poe.com/api_key has yours).")
    if (file is None) == (not file_url):
        raise ValueError("Give either file or file_url.")
    if file is None:
        return Upload(None, file_url, file_name)
    if isinstance(file, bytes | bytearray | memoryview):
        if not file_name:
            raise ValueError("Bytes need a name: give file_name.")
        return Upload(bytes(file), None, file_name)
    read = getattr(file, "read", None)
    if read is None:
        kind = type(file).__name__
        raise ValueError(f"file is a {kind}; give bytes or an open file, as in open(path, 'rb').")
    own = getattr(file, "name", None)
    name = file_name or (os.path.basename(own) if isinstance(own, str) else None)
    if not name:
        raise ValueError("This file object has no name: give file_name.")
    data = read()
    if not isinstance(data, bytes):
        raise ValueError(f"{name} is open as text; open it as bytes: open(path, 'rb').")
    return Upload(data, None, name)


async def send(
    upload: Upload,
    api_key: str,
    *,
    session: httpx.AsyncClient | None,
    on_error: ErrorHandler,
    num_tries: int,
    retry_sleep_time: float,
    base_url: str,
    extra_headers: dict[str, str] | None,
) -> Attachment:
    """Send it, and again if that fails. Raises AttachmentUploadError."""
    ear = ear_here()
    given = ear.uploaded(upload.name or (upload.url or "").rpartition("/")[2]) if ear is not None else None
    if given is not None:
        return given
    url = f"{upload_base(base_url)}file_upload_3RD_PARTY_POST"
    headers = {"Authorization": api_key, **(extra_headers or {})}
    for attempt in range(max(1, num_tries)):
        asked = None
        try:
            response = await _post(upload, url, headers, session)
            asked = retry_after_s(response.status, response.headers)
            return _attachment(response, upload, api_key)
        except AttachmentUploadError as error:
            on_error(error, f"upload attempt {attempt + 1}/{num_tries} failed")
            if attempt + 1 >= num_tries:
                raise
            await wait_before_retry(error, attempt, retry_sleep_time, asked)
    raise AssertionError("not reached")


async def _post(upload: Upload, url: str, headers: dict[str, str], session: httpx.AsyncClient | None) -> Whole:
    import httpx

    client = await pooled_client(url) if session is None else session
    sent: dict[str, Any] = {"timeout": TIMEOUT_S} if session is None else {}
    if upload.data is not None:
        sent["files"] = {"file": (upload.name, upload.data)}
    else:
        sent["data"] = {"download_url": upload.url, **({"download_filename": upload.name} if upload.name else {})}
    try:
        return await whole(client, client.build_request("POST", url, headers=headers, **sent), MOST_S)
    except httpx.ConnectError as error:
        raise AttachmentUploadError(f"Nothing answers at {place(url)}, so nothing was uploaded.") from error
    except httpx.TimeoutException as error:
        raise AttachmentUploadError("The upload took too long and was given up.") from error
    except httpx.LocalProtocolError:
        raise AttachmentUploadError("A header of the upload, perhaps the key, has signs it must not have.") from None
    except Exception as error:
        raise AttachmentUploadError(f"The upload broke off ({type(error).__name__}).") from error


def _attachment(response: Whole, upload: Upload, api_key: str) -> Attachment:
    """What an answer says of the file. Raises AttachmentUploadError."""
    text = masked(response.text[:_KEPT], api_key)
    if response.status != 200:
        raise AttachmentUploadError(f"{response.status} {response.phrase}: {text}")
    try:
        answer = response.json()
        return Attachment(url=answer["attachment_url"], content_type=answer["mime_type"], name=upload.name or "file")
    except (ValueError, KeyError, TypeError):
        raise AttachmentUploadError(f"Unexpected response format: {text}") from None
