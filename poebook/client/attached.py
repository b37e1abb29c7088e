"""What the asker attached, as the state shows it."""

from __future__ import annotations

from poebook.client.turns import UploadState
from poebook.protocol import Attachment
from poebook.wire.ids import new_id


def attached(attachment: Attachment) -> UploadState:
    """A file that a bot can fetch already.

    >>> attached(Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv"))["state"]
    'ready'
    """
    parsed = attachment.parsed_content
    return {
        "id": new_id("f"),
        "name": attachment.name,
        "size": 0,
        "content_type": attachment.content_type,
        "url": attachment.url,
        "state": "ready",
        "received": 0,
        "problem": None,
        "parsed_chars": None if parsed is None else len(parsed),
    }
