"""What the card says of a bot's place in the world: how it is published, what Poe knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from poebook.client.refusals import place
from poebook.runtime.publication import REGISTER_AT

if TYPE_CHECKING:
    from poebook.runtime.publication import Publication


def outside(public_url: str | None, publication: Publication | None) -> dict[str, Any] | None:
    """The card's second half; None for a bot that is not published.

    A ``secret`` address is shown without what is secret in it, and fetched whole when somebody copies it.
    """
    if publication is None or public_url is None:
        return None
    pushed = publication.pushed
    remarks = [publication.warning] if publication.warning else []
    if publication.moved:
        remarks.append("The public address is a new one since the way in was restored; enter it at Poe.")
    return {
        "via": publication.via,
        "checks": [{"says": one.says, "figure": one.figure} for one in publication.asked],
        "at": f"{publication.at:%H:%M:%S}",
        "until": None if publication.until is None else f"{publication.until:%H:%M}",
        "trouble": publication.broken,
        "warning": " ".join(remarks) or None,
        "register_at": REGISTER_AT,
        "name": publication.poe_name,
        "secret": place(public_url) != public_url,
        "heard": None if publication.heard is None else f"{publication.heard:%H:%M:%S}",
        "pushed": None if pushed is None else {"ok": pushed.ok, "says": pushed.says, "at": f"{pushed.at:%H:%M:%S}"},
    }
