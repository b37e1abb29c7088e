"""Files: ``POST /poe_api/file_upload_3RD_PARTY_POST``, and the addresses that it gives."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from contextlib import closing
from urllib.parse import unquote, urlsplit

import httpx
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from poebook.client.pool import new_client
from poebook.client.refusals import place
from poebook.standin.doors.door import route
from poebook.standin.filebox import Expired, Kept, TooLarge
from poebook.standin.refused import Refused
from poebook.standin.state import State

_FORM = 64 * 1024  # bytes around the file that a form may have
_FETCH_S = 30.0


async def upload(state: State, request: Request) -> Response:
    asker = state.asker(request.headers.get("authorization"), bearer=False)
    headers = state.take_turn(asker)
    form = await _form(state, request)
    try:
        file, url = form.get("file"), form.get("download_url")
        if isinstance(file, UploadFile) and file.filename and not url:
            kept = _keep(state, file.filename, file.file, file.content_type)  # type: ignore[arg-type]  # it reads bytes
        elif isinstance(url, str) and url and file is None:
            name = form.get("download_filename")
            kept = await _download(state, url, name if isinstance(name, str) and name else None)
        else:
            raise Refused(400, "An upload has either a `file` with its name, or a `download_url`.")
    finally:
        await form.close()
    answer = {"attachment_url": state.base_url() + kept.place, "mime_type": kept.content_type}
    return JSONResponse(answer, headers=headers)


async def _form(state: State, request: Request) -> FormData:
    most = state.limits.upload_bytes
    body = _measured(request, None if most is None else most + _FORM, most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        try:
            return await MultiPartParser(request.headers, body).parse()
        except MultiPartException as error:
            raise Refused(400, f"The form cannot be read: {error.message}") from None
    if kind == "application/x-www-form-urlencoded":
        try:
            return await FormParser(request.headers, body).parse()
        except MultiPartException as error:  # too many fields
            raise Refused(400, f"The form cannot be read: {error.message}") from None
    raise Refused(400, "An upload is a form: multipart/form-data, or urlencoded with a download_url.")


async def _measured(request: Request, most: int | None, told: int | None) -> AsyncGenerator[bytes, None]:
    """The body, as long as it is not too long."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if most is not None and size > most:
            raise Refused(413, f"The file is larger than {told:,} bytes, which is the most that is taken.")
        yield piece


def _keep(state: State, name: str, source: io.BufferedIOBase, said: str | None) -> Kept:
    limits = state.limits
    state.files.sweep(state.clock())
    expires = None if limits.file_s is None else state.clock() + limits.file_s
    try:
        return state.files.keep(name, source, said=said, expires=expires, most=limits.upload_bytes)  # type: ignore[arg-type]
    except TooLarge as error:
        raise Refused(413, str(error)) from None


async def _download(state: State, url: str, name: str | None) -> Kept:
    """What lies at *url*, fetched."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refused(400, "download_url: an address that begins with http is wanted.")
    most, data = state.limits.upload_bytes, bytearray()
    try:
        async with (
            new_client() as client,
            client.stream("GET", url, follow_redirects=True, timeout=_FETCH_S) as response,
        ):
            if response.status_code != 200:
                raise Refused(400, f"download_url: {place(url)} answered with status {response.status_code}.")
            async for piece in response.aiter_bytes():
                data += piece
                if most is not None and len(data) > most:
                    raise Refused(413, f"The file is larger than {most:,} bytes, which is the most that is taken.")
            said = response.headers.get("content-type")
    except (httpx.HTTPError, httpx.InvalidURL):
        raise Refused(400, f"download_url: nothing could be had from {place(url)}.") from None
    with closing(io.BytesIO(data)) as source:
        return _keep(state, name or unquote(urlsplit(url).path.rpartition("/")[2]) or "downloaded_file", source, said)


async def file(state: State, request: Request) -> Response:
    try:
        kept = state.files.find(request.path_params["id"], state.clock())
    except Expired as error:
        raise Refused(410, str(error)) from None
    if kept is None:
        raise Refused(404, "There is no such file.")
    safe = {"x-content-type-options": "nosniff", "content-security-policy": "sandbox", "cache-control": "no-store"}
    return FileResponse(kept.path, media_type=kept.content_type, headers=safe)


ROUTES = [
    route("/poe_api/file_upload_3RD_PARTY_POST", upload),
    route("/files/{id}/{name}", file, "GET"),
]
