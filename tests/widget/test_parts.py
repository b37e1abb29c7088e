"""What is shipped is built from the sources that stand beside it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from poebook.widget.parts import LATE_PARTS, STATIC, late_part

FRONTEND = STATIC.parent / "frontend"


def test_every_part_is_there() -> None:
    for name in ("loader.js", "chat.js", "chat.css", *LATE_PARTS.values()):
        assert (STATIC / name).stat().st_size > 1000
    for name in LATE_PARTS:
        assert late_part(name)


def test_the_stamp_is_that_of_the_sources() -> None:
    assert json.loads((STATIC / "stamp.json").read_text())["sources"] == _stamp()


def test_no_part_asks_the_network_for_anything() -> None:
    for name in ("loader.js", "chat.js", "chat.css", *LATE_PARTS.values()):
        text = (STATIC / name).read_text(encoding="utf-8")
        for way in ("XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", "@import"):
            assert way not in text, f"{way} in {name}"
        assert not re.search(r"(?<![.\w$])fetch\((?!\))", text), f"fetch( in {name}"  # a method of KaTeX has that name
    assert "url(" not in (STATIC / "chat.css").read_text(encoding="utf-8")


def _stamp() -> str:
    """The same as ``frontend/scripts/bundle.mjs`` makes, so that a stale build is seen without Node."""
    sources = [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    others = [FRONTEND / name for name in ("package.json", "package-lock.json", "scripts/bundle.mjs")]
    stamp = hashlib.sha256()
    for name in sorted(_name(path) for path in (*sources, *others)):
        stamp.update(name.encode() + b"\0" + (FRONTEND / name).read_bytes() + b"\0")
    return stamp.hexdigest()


def _name(path: Path) -> str:
    return path.relative_to(FRONTEND).as_posix()
