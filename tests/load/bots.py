"""The bot that is asked: it says its process, then as many events as it is asked for, one every so often."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import poebook as fp


class Load(fp.PoeBot):
    """Asked ``50 0.1`` it sends 50 events, one every 0.1 s. Its first says which process it is."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[str]:
        events, interval = request.query[-1].content.split()
        yield f"worker {os.getpid()}"
        for number in range(1, int(events)):
            await asyncio.sleep(float(interval))
            yield f"event {number}"
