"""The words of a PowerPoint presentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation

from poebook.client.documents.package import broken, checked

_DEPTH = 20  # groups within groups


def read(data: bytes) -> Iterator[str]:
    """Each slide's words, tables and notes, under the slide's number. Raises Unreadable."""
    file = checked(data, "PowerPoint presentation")
    try:
        for number, slide in enumerate(Presentation(file).slides, 1):
            yield f"# Slide {number}\n\n"
            yield from _shapes(slide.shapes, _DEPTH)
            notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
            if notes is not None and notes.text.strip():
                yield f"Notes: {notes.text.strip()}\n\n"
    except (KeyError, ValueError, SyntaxError, AttributeError):
        raise broken("PowerPoint presentation") from None


def _shapes(shapes: Iterable[Any], depth: int) -> Iterator[str]:  # python-pptx has no types
    for shape in shapes:
        if hasattr(shape, "shapes") and depth:
            yield from _shapes(shape.shapes, depth - 1)
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield "\t".join(" ".join(cell.text.split()) for cell in row.cells) + "\n"
            yield "\n"
        elif shape.has_text_frame and shape.text_frame.text.strip():
            yield f"{shape.text_frame.text.strip()}\n\n"
