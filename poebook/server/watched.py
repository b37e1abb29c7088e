"""A web server whose loop is watched: a handler that holds it up is told to its author."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading

import uvicorn

from poebook.server.pulse import Held, Pulse

logger = logging.getLogger("poebook")


class Watched(uvicorn.Server):
    """A uvicorn that says which bot's handler blocks where it should wait, while it does."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        pulse = Pulse(asyncio.get_running_loop(), threading.current_thread(), self.held_up)
        try:
            await super().serve(sockets)
        finally:
            pulse.end()

    def held_up(self, held: Held) -> None:
        """Tell the author of a handler that holds up all bots where it does."""
        logger.warning("%s: %s", held.bot.bot_name or type(held.bot).__name__, held.says)
