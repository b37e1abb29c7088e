"""The words of a PDF file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from poebook.client.documents.refusal import Unreadable


def read(data: bytes) -> Iterator[str]:
    """The text of each page that has some. Raises Unreadable."""
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is protected by a password, so it was not read; attach it without one")
        pages = iter(reader.pages)
        read = 0
        while (page := next(pages, None)) is not None:
            text = page.extract_text().strip()
            read += bool(text)
            if text:
                yield f"{text}\n\n"
    except PyPdfError:
        raise Unreadable("is no PDF file, or is broken, so it was not read") from None
    if not read:
        raise Unreadable("has no text in it, only pictures perhaps, so there was nothing to read")
