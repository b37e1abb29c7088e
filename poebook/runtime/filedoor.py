"""The door behind which bots find the files that were attached: ``/_files/ID/NAME``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from poebook.client.documents.kinds import bare_type
from poebook.client.filestore import StoredFile, store

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

PREFIX = "/_files"
_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}( ?;[ -~]{0,200})?", re.ASCII)  # what may stand in a header as it is
# what a browser would run if it opened it in its own right
_ACTIVE = ("text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml", "application/pdf")


def path_of(file: StoredFile) -> str:
    """Where a file is found below the server."""
    return f"{PREFIX}/{file.id}/{quote(file.name, safe='')}"


async def files(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application that serves stored files, whole or in ranges, to GET and HEAD."""
    await _response(scope["method"], scope["path"])(scope, receive, send)


def _response(method: str, path: str) -> Response:
    from starlette.responses import FileResponse, PlainTextResponse

    if method not in ("GET", "HEAD"):
        return PlainTextResponse("Files are only read here.", 405, {"allow": "GET, HEAD"})
    id, _, _ = path.removeprefix(f"{PREFIX}/").partition("/")  # the name is for people
    file = store.find(id)
    if file is None:
        return PlainTextResponse("There is no such file, or the conversation that it belonged to is gone.", 404)

    class Held(FileResponse):
        held = file  # not deleted before it is sent

    kind = file.content_type if _TYPE.fullmatch(file.content_type) else "application/octet-stream"
    shown = "attachment" if bare_type(kind) in _ACTIVE else "inline"
    return Held(
        file.path,
        headers={
            "content-type": kind,
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
            "referrer-policy": "no-referrer",
            "cache-control": "private",
        },
        filename=file.name,
        content_disposition_type=shown,
    )
