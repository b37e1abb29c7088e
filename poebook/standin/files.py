"""The text in files that lie here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from poebook.client.documents.parsing import Parsed, parse
from poebook.client.platform.query import is_image
from poebook.protocol import Attachment
from poebook.standin.filebox import Expired, Kept

if TYPE_CHECKING:
    from poebook.standin.members import Member
    from poebook.standin.state import State


async def texts_of(state: State, member: Member, files: list[Attachment]) -> dict[str, str | None]:
    """The text of each file by its address; what lies elsewhere is left out."""
    found: dict[str, str | None] = {}
    for file in files:
        kept = kept_at(state, file.url)
        if kept is not None:
            read = await asyncio.to_thread(_read, state, file, kept)
            found[file.url] = read.text
            if read.problem is not None:
                state.tell(member, read.problem)
    return found


def kept_at(state: State, url: str) -> Kept | None:
    """The file that lies here behind this address."""
    steps = urlsplit(url).path.split("/")
    try:
        id = steps[steps.index("files") + 1]
        return state.files.find(id, state.clock())
    except (ValueError, IndexError, Expired):
        return None


def _read(state: State, file: Attachment, kept: Kept) -> Parsed:
    data = kept.path.read_bytes()
    if not is_image(file):
        return parse(file.name, file.content_type, data)
    if not callable(state.describe):
        return Parsed(None, f"{file.name} is a picture, and nobody here describes pictures; set LocalPoe.describe.")
    return Parsed(f"{file.name}***{state.describe(file.name, data)}")
