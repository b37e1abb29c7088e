"""What holds for every file of an office program: a zip archive of XML, of a sane size, that declares no entities."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from xml.parsers import expat

from poebook.client.documents.refusal import Unreadable

UNPACKED_LIMIT = 200_000_000  # bytes of all parts together
PARTS_LIMIT = 10_000
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container that an encrypted file is kept in, and any old one


def checked(data: bytes, words: str) -> io.BytesIO:
    """*data* to be opened by a library, when it is what it should be. Raises Unreadable.

    >>> checked(b"nothing of that kind", "Word document")
    Traceback (most recent call last):
        ...
    poebook.client.documents.refusal.Unreadable: is no Word document, or is broken, so it was not read
    """
    if data.startswith(_CFB):
        raise Unreadable("is protected by a password, or in an old format, so it was not read")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise broken(words) from None
    return io.BytesIO(data)


def broken(words: str) -> Unreadable:
    """Why a library that knows this kind of file cannot open this one."""
    return Unreadable(f"is no {words}, or is broken, so it was not read")


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise Unreadable("unpacks to far more than a document holds, so it was not read")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares(archive.open(part).read()):
            raise Unreadable("declares entities, which no office program writes, so it was not read")


def _declares(xml: bytes) -> bool:
    """Whether a document type stands before the first element."""
    found = False

    def doctype(*_: object) -> None:
        nonlocal found
        found = True
        raise _Enough

    def element(*_: object) -> None:
        raise _Enough

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    with suppress(_Enough, expat.ExpatError):  # broken XML is for the library to refuse
        parser.Parse(xml, True)
    return found


class _Enough(Exception):
    """What was looked for has been seen."""
