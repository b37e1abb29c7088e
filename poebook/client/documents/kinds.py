"""Which kind of file a name and a content type stand for: one table for reading files and for naming their types."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

Reader = Literal["text", "html", "pdf", "word", "sheets", "slides", "old"]

UNKNOWN = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file that can be read, or of which it is known why it cannot.

    ``words`` is what a person calls it, ``newer`` what an old format is to be saved as.
    """

    reader: Reader
    words: str
    content_type: str
    suffixes: tuple[str, ...]
    newer: str = ""


KINDS = (
    Kind("html", "web page", "text/html", (".html", ".htm", ".xhtml")),
    Kind("html", "web page", "application/xhtml+xml", ()),
    Kind("pdf", "PDF file", "application/pdf", (".pdf",)),
    Kind("word", "Word document", f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    Kind("word", "Word document", "application/vnd.ms-word.document.macroenabled.12", (".docm",)),
    Kind("sheets", "Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    Kind("sheets", "Excel workbook", "application/vnd.ms-excel.sheet.macroenabled.12", (".xlsm",)),
    Kind("slides", "PowerPoint presentation", f"{_OFFICE}.presentationml.presentation", (".pptx",)),
    Kind("slides", "PowerPoint presentation", "application/vnd.ms-powerpoint.presentation.macroenabled.12", (".pptm",)),
    Kind("old", "Word document", "application/msword", (".doc",), ".docx"),
    Kind("old", "Excel workbook", "application/vnd.ms-excel", (".xls",), ".xlsx"),
    Kind("old", "PowerPoint presentation", "application/vnd.ms-powerpoint", (".ppt",), ".pptx"),
    Kind("text", "text", "text/plain", (".txt", ".text", ".log", ".ini", ".cfg", ".conf", ".env", ".srt")),
    Kind("text", "text", "text/markdown", (".md", ".markdown")),
    Kind("text", "text", "text/csv", (".csv",)),
    Kind("text", "text", "text/tab-separated-values", (".tsv",)),
    Kind("text", "text", "application/json", (".json", ".jsonl", ".ndjson", ".geojson")),
    Kind("text", "text", "application/x-ipynb+json", (".ipynb",)),
    Kind("text", "text", "application/xml", (".xml", ".xsd", ".xsl")),
    Kind("text", "text", "application/yaml", (".yaml", ".yml")),
    Kind("text", "text", "application/toml", (".toml",)),
    Kind("text", "text", "application/sql", (".sql",)),
    Kind("text", "text", "application/rtf", ()),
    Kind("text", "text", "application/x-sh", (".sh", ".bash", ".zsh")),
    Kind("text", "text", "application/x-subrip", ()),
    Kind("text", "text", "text/x-python", (".py", ".pyi")),
    Kind("text", "text", "text/css", (".css", ".scss", ".less")),
    Kind("text", "text", "text/javascript", (".js", ".mjs", ".cjs", ".jsx")),
    Kind("text", "text", "application/javascript", ()),
    Kind("text", "text", "text/x-typescript", (".ts", ".tsx")),
    Kind("text", "text", "text/x-c", (".c", ".h", ".cc", ".cpp", ".hpp", ".cu")),
    Kind("text", "text", "text/x-source", (".java", ".kt", ".go", ".rs", ".rb", ".php", ".pl", ".swift", ".scala")),
    Kind("text", "text", "text/x-r", (".r", ".jl", ".lua", ".m")),
    Kind("text", "text", "text/x-tex", (".tex", ".bib", ".rst", ".org")),
)
_BY_TYPE = {kind.content_type: kind for kind in KINDS}
_BY_SUFFIX = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
_MISTAKEN = ("application/vnd.ms-excel", "video/mp2t")  # browsers say so of .csv and .ts
_FAMILIES = ("image/", "audio/", "video/", "font/", "model/")  # never text, SVG being a picture


def content_type_of(name: str, data: bytes = b"") -> str:
    """The content type for a file name, or for the first bytes of a file whose name tells nothing.

    >>> content_type_of("tides.csv"), content_type_of("notes", b"%PDF-1.7")
    ('text/csv', 'application/pdf')
    """
    kind = _BY_SUFFIX.get(_suffix(name))
    if kind is not None:
        return kind.content_type
    guessed, packed = mimetypes.guess_type(name)
    if guessed is not None and packed is None:
        return guessed
    return next((content_type for start, content_type in _STARTS.items() if data.startswith(start)), UNKNOWN)


def kind_of(name: str, content_type: str) -> Kind | None:
    """The kind of file; None for one that holds no text, or of which nothing is known.

    >>> kind_of("report.pdf", "application/octet-stream").words
    'PDF file'
    """
    bare, by_suffix = bare_type(content_type), _BY_SUFFIX.get(_suffix(name))
    if bare in _MISTAKEN and by_suffix is not None:
        return by_suffix
    if bare in _BY_TYPE:
        return _BY_TYPE[bare]
    if bare.startswith(_FAMILIES):
        return None
    if by_suffix is not None:
        return by_suffix
    worded = bare.startswith("text/") or bare.endswith(("+json", "+xml", "+yaml"))
    return _BY_TYPE["text/plain"] if worded else None


def is_unknown(name: str, content_type: str) -> bool:
    """Whether neither name nor content type say what this is."""
    return bare_type(content_type) in ("", UNKNOWN) and content_type_of(name) == UNKNOWN


def bare_type(content_type: str) -> str:
    """A content type without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()


def _suffix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


_STARTS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"<!DOCTYPE html": "text/html",
    b"<html": "text/html",
}
