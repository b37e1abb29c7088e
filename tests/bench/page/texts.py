"""What everybody streams: Markdown in pieces of six characters, the last one a mark that is looked for."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
END = "FINE"
SIZE = 6

_PARAGRAPH = "Low *water* at **04:12**, `5 dm`; the [harbour](https://a.example/) keeps its lights on until nine. "
_BLOCK = "## Tide\n\n" + _PARAGRAPH * 3 + "\n\n- one\n- two\n\n```python\nprint(1)\n```\n\n"


def pieces(count: int) -> list[str]:
    """*count* pieces.

    >>> pieces(3)
    ['## Tid', 'e\\n\\nLow', 'FINE']
    """
    wanted = SIZE * (count - 1)
    text = (_BLOCK * (wanted // len(_BLOCK) + 1))[:wanted]
    return [text[start : start + SIZE] for start in range(0, wanted, SIZE)] + [END]
