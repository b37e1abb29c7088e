"""The asker's files before they go with a question: received, read, and held. Runs on the client portal's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from poebook.client.attaching import Blob, Given, Link
from poebook.client.documents.kinds import UNKNOWN, bare_type, content_type_of
from poebook.client.documents.parsing import Parsed, parse_file
from poebook.client.fetching import fetched
from poebook.client.filestore import safe_name, store
from poebook.client.held import Held, fresh_upload, length
from poebook.client.turns import TargetState, UploadState
from poebook.errors import InvalidParameterError
from poebook.protocol import Attachment

MAX_UPLOAD = 50_000_000  # bytes of one file
CHUNK_LIMIT = 256 * 1024
CUT_OFF = "Upload was cut off."
_WAITING = 64  # files that stand beside drafts; older ones make room


class Desk:
    """Files that wait for their question, by the id that the page gave them."""

    def __init__(self) -> None:
        self.limit = MAX_UPLOAD
        self._waiting: dict[str, Held] = {}
        self._next: dict[str, int] = {}  # the number of the chunk that is to come

    # -- from a page, piece by piece --------------------------------------------------------------------------

    def begin(self, id: str, name: str, content_type: str, size: int, refusal: str | None) -> UploadState:
        """Announce a file of *size* bytes; *refusal* is why the bots take none. What is refused does not travel."""
        self.drop(id)
        name = safe_name(name)
        state = fresh_upload(id, name, _content_type(name, content_type), size)
        problem = refusal or too_large(name, size, self.limit)
        if problem is not None:
            return _refused(state, problem)
        self._waiting[id] = Held(state, store.create(name, state["content_type"]), None)
        self._next[id] = 0
        for oldest in list(self._waiting)[:-_WAITING]:
            self.drop(oldest)
        return state

    def chunk(self, id: str, index: int, data: bytes | memoryview) -> UploadState | None:
        """Add a piece; with the last one the state is ``reading``. None when nothing is known of the upload."""
        held = self._waiting.get(id)
        if held is None or held.file is None or held.state["state"] != "receiving":
            return None
        size = held.state["size"]
        if index != self._next[id] or len(data) > CHUNK_LIMIT or held.state["received"] + len(data) > size:
            return self._cut_off(id)
        try:
            held.file.append(data)
        except OSError:  # the disk is full
            return self._cut_off(id)
        self._next[id] += 1
        held.state["received"] += len(data)
        if held.state["received"] == size:
            held.state["state"] = "reading"
        elif not data:
            return self._cut_off(id)
        return held.state

    async def read(self, id: str) -> UploadState | None:
        """Read a file that has come whole; None when it was dropped meanwhile."""
        held = self._waiting.get(id)
        if held is None or held.state["state"] != "reading":
            return None
        await _read(held)
        return held.state if self._waiting.get(id) is held else None

    def drop(self, id: str) -> None:
        """Forget a file."""
        self._waiting.pop(id, None)
        self._next.pop(id, None)

    def find(self, id: str) -> Held | None:
        """A file that waits."""
        return self._waiting.get(id)

    def take(self, ids: Iterable[str]) -> list[Held]:
        """The files with these ids, for their question; one that is not there any more is a refused one."""
        found = []
        for id in dict.fromkeys(ids):
            held = self._waiting.get(id)
            whole = held is not None and held.state["state"] == "ready"
            found.append(held if held is not None and whole else _gone(id, held))
            self.drop(id)
        return found

    def put_back(self, files: Iterable[Held]) -> None:
        """Let files that went with a question wait for another one, too."""
        self._waiting |= {file.state["id"]: file for file in files if file.is_there}

    def _cut_off(self, id: str) -> UploadState:
        held = self._waiting[id]
        self.drop(id)
        return _refused(held.state, CUT_OFF)

    # -- from Python, whole -----------------------------------------------------------------------------------

    async def hold(self, given: Iterable[Given]) -> list[Held]:
        """What was attached in Python, fetched and read. Raises InvalidParameterError."""
        return list(await asyncio.gather(*(self._hold(one) for one in given)))

    async def _hold(self, given: Given) -> Held:
        if isinstance(given, Attachment):
            return Held.elsewhere(given)
        if isinstance(given, Link) and given.known is not None:
            return await self._again(given.known)
        blob = await fetched(given.url, self.limit) if isinstance(given, Link) else given
        problem = too_large(blob.name, blob.size, self.limit)
        if problem is not None:
            raise InvalidParameterError(f"{problem} Raise it with `conversation.max_upload`.")
        return await self._kept(blob)

    async def _kept(self, blob: Blob) -> Held:
        held = await asyncio.to_thread(_stored, blob)
        await _read(held)
        return held

    async def _again(self, known: Attachment) -> Held:
        """A file that a bot posted, which goes on to another: read, if it can still be had."""
        try:
            blob = await fetched(known.url, self.limit)
        except InvalidParameterError:
            return Held.elsewhere(known)
        if blob.size > self.limit:
            return Held.elsewhere(known)
        return await self._kept(Blob(known.name, known.content_type, blob.data))


def refused_by(targets: Iterable[TargetState]) -> str | None:
    """A sentence when one of those who are asked takes no files."""
    for target in targets:
        if not target["allow_attachments"]:
            return f"{target['name']} takes no files. A bot takes them when its settings have `allow_attachments`."
    return None


def too_large(name: str, size: int, limit: int) -> str | None:
    """A sentence when *size* is above *limit*, both in bytes.

    >>> too_large("night.mov", 61_000_000, 50_000_000)
    'night.mov is 61 MB; the limit is 50 MB.'
    """
    if size <= limit:
        return None
    shown, most = megabytes(size), megabytes(limit)
    return f"{name} is {f'more than {most}' if shown == most else shown}; the limit is {most}."


def megabytes(size: int) -> str:
    """A size as people say it.

    >>> megabytes(61_400_000), megabytes(1_500_000), megabytes(300)
    ('61 MB', '1.5 MB', '300 bytes')
    """
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            number = f"{size / unit:.0f}" if size >= 10 * unit else f"{size / unit:.1f}".removesuffix(".0")
            return f"{number} {name}"
    return f"{size} bytes"


def _stored(blob: Blob) -> Held:
    name = safe_name(blob.name)
    file = store.create(name, blob.content_type)
    try:
        file.copy_from(blob.data) if isinstance(blob.data, Path) else file.append(blob.data)
    except OSError as error:
        raise InvalidParameterError(f"{name} cannot be kept: {error.strerror or error}.") from None
    state = fresh_upload(f"f-{file.id}", name, blob.content_type, file.size)
    state["state"], state["received"] = "reading", file.size
    return Held(state, file, None)


async def _read(held: Held) -> None:
    """Let the file's text be known, or why there is none."""
    state, file = held.state, held.file
    assert file is not None, "what is read is here"
    read: Parsed = await asyncio.to_thread(parse_file, state["name"], state["content_type"], file.path)
    held.text = read.text
    state["state"], state["problem"], state["parsed_chars"] = "ready", read.problem, length(read.text)


def _content_type(name: str, said: str) -> str:
    """What the browser said, where it said something that can be."""
    known = content_type_of(name)
    if known != UNKNOWN and bare_type(said) in ("", UNKNOWN, "video/mp2t", "application/vnd.ms-excel"):
        return known
    return said if said.isprintable() and said.isascii() and "/" in said else known


def _refused(state: UploadState, problem: str) -> UploadState:
    state["state"], state["problem"] = "refused", problem
    return state


def _gone(id: str, held: Held | None) -> Held:
    state = held.state if held is not None else fresh_upload(id, "file", UNKNOWN)
    _refused(state, f"{state['name']} is not here any more; attach it again.")
    return Held(state, None, None)
