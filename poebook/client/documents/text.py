"""Text in any encoding."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64_000  # bytes from which an encoding is guessed
_SHORT = 200
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.ASCII | re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, content_type: str = "") -> str:
    """The text in *data*, whatever its encoding; what no encoding explains becomes a replacement sign.

    A byte order mark decides, then the content type's charset, then whether it is UTF-8, then what is likely.

    >>> decode("Gezeiten für Köln".encode("utf-16")), decode("Köln".encode("latin-1"))
    ('Gezeiten für Köln', 'Köln')
    """
    text = data.decode(encoding_of(data, content_type), errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(data: bytes, content_type: str = "") -> str:
    """The name of the encoding that *data* is most likely in."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    named = charset(content_type)
    if named is not None:
        return named
    sample = data[:_SAMPLE]
    if _is_utf8(sample, whole=len(sample) == len(data)) and b"\x00" not in sample:
        return "utf-8"
    return _wide(sample) or _likely(sample)


def charset(words: str) -> str | None:
    """The charset that a content type or an HTML ``meta`` names, if Python knows it.

    >>> charset("text/plain; charset=Shift_JIS")
    'shift_jis'
    """
    found = _CHARSET.search(words)
    try:
        return codecs.lookup(found[1]).name if found and "".encode(found[1]) is not None else None
    except (LookupError, UnicodeError):
        return None


def looks_like_text(data: bytes) -> bool:
    """Whether bytes of which nothing is known read as text."""
    sample = data[:_SAMPLE]
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return True
    return _is_utf8(sample, whole=len(sample) == len(data)) and not _CONTROLS.search(sample)


def _is_utf8(data: bytes, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain words is zero."""
    pairs = len(sample) // 2
    if pairs and sample[1::2].count(0) > pairs * 0.4 > sample[0::2].count(0):
        return "utf-16-le"
    if pairs and sample[0::2].count(0) > pairs * 0.4 > sample[1::2].count(0):
        return "utf-16-be"
    return None


def _likely(sample: bytes) -> str:
    """What a guess by frequencies says, where the extra ``files`` is installed; else the most usual of the West."""
    if len(sample) < _SHORT and sum(byte > 127 for byte in sample) * 4 <= len(sample):
        return "cp1252"  # a few accents among plain letters say too little
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return "cp1252"
    best = from_bytes(sample[: sample.rfind(b"\n") + 1] or sample).best()
    return best.encoding if best is not None else "cp1252"
