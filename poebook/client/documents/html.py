"""The words of a web page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import groupby

from poebook.client.documents.refusal import Unreadable
from poebook.client.documents.text import charset, decode

_HIDDEN = frozenset(["script", "style", "template", "noscript", "svg", "iframe"])
_BREAKS = {"td": "\t", "th": "\t", "li": "\n- ", **dict.fromkeys(("br", "hr", "tr", "dt", "dd", "option"), "\n")}
_BLOCK_NAMES = """
    address article aside blockquote body details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header main nav ol p pre section summary table ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_META = re.compile(rb"<meta[^>]{0,300}>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINES = re.compile(r"[ \t]*\n[ \t]*")
_GAP = "\n\n"
_GAPS = re.compile(r"\n{3,}")


def read(data: bytes, content_type: str = "") -> str:
    """The title and the words of a page, a line for each line and a blank line between paragraphs.

    >>> read(b"<title>Tides</title><p>High at <b>six</b>.<script>alert(1)</script>")
    'Tides\\n\\nHigh at six.'
    """
    return words(decoded(data, content_type))


def decoded(data: bytes, content_type: str = "") -> str:
    """A page's source, in the encoding that it, or its content type, names."""
    named = charset(content_type) or _declared(data)
    return decode(data, f"charset={named}" if named else "")


def words(source: str) -> str:
    """What a page says. Raises Unreadable."""
    page = _Page()
    try:
        page.feed(source)
        page.close()
    except (AssertionError, ValueError):  # the standard library's own word for what it cannot make out
        raise Unreadable("is no web page, or is broken, so it was not read") from None
    return page.text()


def _declared(data: bytes) -> str | None:
    """The charset that a ``meta`` near the beginning names."""
    for meta in _META.findall(data[:2048]):
        named = charset(meta.decode("ascii", "replace"))
        if named is not None:
            return named
    return None


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[tuple[bool, str]] = []  # whether its spaces are to be kept, and a piece of text
        self._title: list[str] = []
        self._hidden: list[str] = []
        self._in_title = False
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" and not self._hidden:
            self._in_title = True
        elif tag in _HIDDEN:
            self._hidden.append(tag)
        if self._hidden:
            return
        if tag == "img":
            alt = dict(attrs).get("alt")
            self._put(f"[{alt}]" if alt else "")
        else:
            self._put("\n\n" if tag in _BLOCKS else _BREAKS.get(tag, ""))
        self._pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif not self._hidden and tag in _BLOCKS:
            self._pre = max(0, self._pre - (tag == "pre"))
            self._put("\n\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._title.append(data)
        elif not self._hidden:
            self._put(data if self._pre else _SPACE.sub(" ", data))

    def _put(self, text: str) -> None:
        self._parts.append((self._pre > 0, text))

    def text(self) -> str:
        title = _SPACE.sub(" ", "".join(self._title)).strip()
        runs = [
            (kept, "".join(text for _, text in run)) for kept, run in groupby(self._parts, key=lambda part: part[0])
        ]
        body = "".join(text if kept else _LINES.sub("\n", text) for kept, text in runs)
        return f"{title}\n\n{_GAPS.sub(_GAP, body).strip()}".strip()
