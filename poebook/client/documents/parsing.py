"""From a file's bytes to what a bot gets as ``parsed_content``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from poebook.client.documents import apart, html, text
from poebook.client.documents.kinds import Kind, is_unknown, kind_of
from poebook.client.documents.refusal import Unreadable

TEXT_LIMIT = 1_000_000  # characters of parsed text that are kept
SIZE_LIMIT = 100_000_000  # bytes of a PDF or office file that is opened
PAGE_LIMIT = 10_000_000  # bytes of a web page that are read
_SHORT = 4_000  # characters of a page that is read here
_APART = frozenset({"pdf", "word", "sheets", "slides"})


@dataclass(frozen=True)
class Parsed:
    """What was read of a file.

    ``text`` is None where nothing could be read. ``problem`` is a sentence about what is missing, None where nothing
    is; a picture has neither.

    >>> Parsed("1,2").problem is None
    True
    """

    text: str | None = None
    problem: str | None = None


def parse(name: str, content_type: str, data: bytes) -> Parsed:
    """The text in a file, by its content type, else by its name's suffix.

    Text of any encoding and HTML are always read, PDF, docx, xlsx and pptx with the extra ``files``. Never raises:
    what is broken, protected or hostile gives a ``problem``. Blocks for up to ``apart.TIME_S`` seconds; documents are
    opened in a process of their own, which is held to a time and to a size. At most ``TEXT_LIMIT`` characters.

    >>> parse("tides.csv", "text/csv", b"port,high\\nKiel,06:12\\n").text
    'port,high\\nKiel,06:12\\n'
    >>> parse("moon.png", "image/png", b"...")
    Parsed(text=None, problem=None)
    """
    kind = kind_of(name, content_type)
    try:
        if kind is None:
            unknown = is_unknown(name, content_type) and data and text.looks_like_text(data)
            return _cut(name, text.decode(data[: 4 * TEXT_LIMIT + 4], content_type)) if unknown else Parsed()
        words, whole = _read(kind, content_type, data)
        return _cut(name, words, whole=whole)
    except Unreadable as reason:
        return Parsed(None, f"{name} {reason}.")


def parse_file(name: str, content_type: str, path: Path) -> Parsed:
    """The same for a file on disk, of which no more is loaded than is needed."""
    kind = kind_of(name, content_type)
    if kind is None and not is_unknown(name, content_type):
        return Parsed()
    apart_from_text = kind is not None and kind.reader in _APART
    if kind is not None and apart_from_text and path.stat().st_size > SIZE_LIMIT:
        return Parsed(None, f"{name} {_too_large(kind, path.stat().st_size)}.")
    with path.open("rb") as file:
        return parse(name, content_type, file.read(SIZE_LIMIT if apart_from_text else PAGE_LIMIT))


def _read(kind: Kind, content_type: str, data: bytes) -> tuple[str | None, bool]:
    """The text, and whether there was time for all of it."""
    if kind.reader == "old":
        raise Unreadable(f"is a {kind.words} in the old format; save it as {kind.newer} to have it read")
    if kind.reader in _APART:
        if len(data) > SIZE_LIMIT:
            raise Unreadable(_too_large(kind, len(data)))
        return apart.read(kind, data, TEXT_LIMIT + 1)
    if content_type.startswith("video/") and not text.looks_like_text(data):  # .ts is a suffix of films, too
        return None, True
    if kind.reader == "html":
        return _page(kind, html.decoded(data[:PAGE_LIMIT], content_type))
    return text.decode(data[: 4 * TEXT_LIMIT + 4], content_type), True


def _too_large(kind: Kind, size: int) -> str:
    return f"is {size // 1_000_000} MB; a {kind.words} is read up to {SIZE_LIMIT // 1_000_000} MB"


def _page(kind: Kind, page: str) -> tuple[str, bool]:
    """Apart when it is long, as some pages take the standard library the square of their length."""
    if len(page) <= _SHORT:
        return html.words(page), True
    return apart.read(kind, page.encode("utf-8-sig"), TEXT_LIMIT + 1)


def _cut(name: str, words: str | None, *, whole: bool = True) -> Parsed:
    if words is not None and not whole:
        return Parsed(words, f"Only the first {len(words):,} characters of {name} were read; the rest took too long.")
    if words is None or len(words) <= TEXT_LIMIT:
        return Parsed(words)
    return Parsed(words[:TEXT_LIMIT], f"Only the first {TEXT_LIMIT:,} characters of {name} were read.")
