"""The README as its reader would carry it out: cells, and files with a name above them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([\w.]+\.py)`:$")


@dataclass(frozen=True)
class Block:
    """A fenced block; ``file`` is the name of the file that the line above it announces, if it does."""

    language: str
    code: str
    file: str | None


def blocks() -> list[Block]:
    """The README's blocks, in order."""
    text = README.read_text(encoding="utf-8")
    found = []
    for fence in _FENCE.finditer(text):
        above = text[: fence.start()].rstrip().rsplit("\n", 1)[-1]
        named = _NAMED.search(above)
        found.append(Block(fence[1], fence[2], named[1] if named else None))
    return found


def cells() -> list[str]:
    """What a reader puts into the cells of one notebook."""
    return [block.code for block in blocks() if block.language == "python" and block.file is None]


def files() -> dict[str, str]:
    """What a reader saves under a name."""
    return {block.file: block.code for block in blocks() if block.file is not None}
