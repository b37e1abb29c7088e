"""What is known of a bot that the world reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from poebook.client.conformance.probe import Asked

if TYPE_CHECKING:
    from poebook.runtime.tunnel.tunnel import Tunnel

REGISTER_AT = "https://poe.com/create_bot?server=1"


@dataclass(frozen=True)
class Pushed:
    """The outcome of telling Poe the settings, as a sentence."""

    ok: bool
    says: str
    at: datetime = field(default_factory=datetime.now)


@dataclass
class Publication:
    """``poe_name`` is the bot's name at Poe, ``asked`` what was found good from outside, ``heard`` Poe's first request.

    ``until`` is when it ends by itself, ``warning`` what whoever publishes this way should know, ``trouble`` what was
    found wrong when the address was asked anew. ``address`` is the tunnel's when the bot was published.
    """

    tunnel: Tunnel
    poe_name: str
    asked: list[Asked]
    address: str
    trouble: str | None = None
    at: datetime = field(default_factory=datetime.now)
    until: datetime | None = None
    warning: str | None = None
    pushed: Pushed | None = None
    heard: datetime | None = None

    @property
    def via(self) -> str:
        return self.tunnel.provider

    @property
    def moved(self) -> bool:
        """Whether the address is another than Poe was told: an agent that had to start again may get a new one."""
        return self.tunnel.url != self.address

    @property
    def broken(self) -> str | None:
        """Why nobody reaches the bot just now; None while they do."""
        if self.tunnel.state == "open":
            return self.trouble
        if self.tunnel.state == "broken":
            return f"The way in is being restored: {self.tunnel.trouble}"
        return self.tunnel.trouble or "The way in is closed."
