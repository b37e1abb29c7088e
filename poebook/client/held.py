"""A file that goes with a question: its bytes, its text, and the address at which each bot finds it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from poebook.client.filestore import StoredFile
from poebook.client.hosting import file_url
from poebook.client.targets import Target
from poebook.client.turns import UploadState
from poebook.client.uploads import upload_file
from poebook.errors import ServeError
from poebook.protocol import Attachment
from poebook.wire.ids import new_id

POE_LIFE_S = 540.0  # an address at Poe lives ten minutes


class Held:
    """What the asker attached, for as long as it is kept; ``state`` is what the page shows of it.

    Either its bytes are here (``file``), or it lies elsewhere (``link``), as what a bot posted does.
    """

    def __init__(self, state: UploadState, file: StoredFile | None, link: Attachment | None) -> None:
        self.state = state
        self.file = file
        self.text = link.parsed_content if link is not None else None
        self._link = link
        self._at_poe: dict[tuple[str, str | None], tuple[Attachment, float]] = {}  # by Poe and key; until when it lives

    @classmethod
    def elsewhere(cls, link: Attachment) -> Held:
        """A file that bots fetch where it is.

        >>> link = Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv")
        >>> Held.elsewhere(link).state["state"]
        'ready'
        """
        state = fresh_upload(new_id("f"), link.name, link.content_type)
        state["url"], state["state"], state["parsed_chars"] = link.url, "ready", length(link.parsed_content)
        return cls(state, None, link)

    @property
    def attachment(self) -> Attachment:
        """The file as it was last addressed, with its text."""
        if self._link is not None:
            return self._link
        state = self.state
        return Attachment(
            url=state["url"] or "", content_type=state["content_type"], name=state["name"], parsed_content=self.text
        )

    @property
    def is_there(self) -> bool:
        """Whether bots get it."""
        return self.state["state"] == "ready"

    async def show(self) -> None:
        """Let the state have an address under which the page finds it, if there can be one."""
        if self.file is not None:
            with suppress(ServeError):
                self.state["url"] = await asyncio.to_thread(file_url, self.file)

    async def sent_to(self, target: Target, *, expand: bool) -> Attachment:
        """The file as *target* gets it, with its text if the bot wants that (*expand*).

        Raises AttachmentUploadError when Poe does not take it, ServeError when it cannot be served from here.
        """
        if self._link is not None or self.file is None:
            return self.attachment
        text = {"parsed_content": self.text if expand else None}
        if target.kind == "poe":
            return (await self._uploaded(self.file, target)).model_copy(update=text)
        url = await asyncio.to_thread(file_url, self.file, outside=_is_far(target))
        return self.attachment.model_copy(update={"url": url, **text})

    async def _uploaded(self, file: StoredFile, target: Target) -> Attachment:
        place = urlsplit(target.url).netloc, target.key
        known, until = self._at_poe.get(place, (None, 0.0))
        if known is None or time.monotonic() > until:
            data = await asyncio.to_thread(file.read)
            known = await upload_file(data, file_name=file.name, api_key=target.key or "")
            self._at_poe[place] = known, time.monotonic() + POE_LIFE_S
        return known


def _is_far(target: Target) -> bool:
    """Whether a bot lives on another machine, as far as its address tells."""
    if target.kind != "url":
        return False
    host = urlsplit(target.url).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")


def fresh_upload(id: str, name: str, content_type: str, size: int = 0) -> UploadState:
    """A file of which nothing has come yet; *size* in bytes."""
    return {
        "id": id,
        "name": name,
        "size": size,
        "content_type": content_type,
        "url": None,
        "state": "receiving",
        "received": 0,
        "problem": None,
        "parsed_chars": None,
    }


def length(text: str | None) -> int | None:
    return None if text is None else len(text)
