"""Panel's chat: ``ChatInterface`` whose callback yields the text so far, or uses ``stream``; both are documented."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator
from typing import Any

from tests.bench.page.texts import pieces


async def yielding(contents: str, user: str, instance: Any) -> AsyncIterator[str]:
    """The form that Panel's page on ChatInterface shows first."""
    message = ""
    for piece in pieces(int(contents)):
        message += piece
        yield message


async def streaming(contents: str, user: str, instance: Any) -> None:
    """The form of the page's section on ``stream``."""
    message = None
    for piece in pieces(int(contents)):
        message = instance.stream(piece, message=message)


if __name__ == "__main__":
    panel: Any = importlib.import_module("panel")  # only in the environment of the rivals
    panel.extension()
    doors = {
        "yielding": lambda: panel.chat.ChatInterface(callback=yielding),
        "streaming": lambda: panel.chat.ChatInterface(callback=streaming),
    }
    panel.serve(doors, port=int(sys.argv[1]), address="127.0.0.1", show=False)
