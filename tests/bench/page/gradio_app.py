"""gradio's chat: ``ChatInterface`` with a function that yields the text so far, as its guide has it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator
from typing import Any

from tests.bench.page.texts import pieces


async def stream(message: str, history: object) -> AsyncIterator[str]:
    """The guide's streaming form; async, as a thread for each step would be slower."""
    partial = ""
    for piece in pieces(int(message)):
        partial += piece
        yield partial


if __name__ == "__main__":
    gradio: Any = importlib.import_module("gradio")  # only in the environment of the rivals
    gradio.ChatInterface(stream).launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
