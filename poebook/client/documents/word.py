"""The words of a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from poebook.client.documents.package import broken, checked


def read(data: bytes) -> Iterator[str]:
    """Paragraphs and tables in their order; a table's cells have tabs between them. Raises Unreadable."""
    file = checked(data, "Word document")
    try:
        document = Document(file)
        yield from _blocks(document.iter_inner_content())
    except (KeyError, ValueError, SyntaxError, AttributeError):
        raise broken("Word document") from None


def _blocks(blocks: Iterable[Paragraph | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield f"{_head(block)}{block.text}\n\n" if block.text.strip() else ""
        else:
            yield from _rows(block)


def _head(paragraph: Paragraph) -> str:
    """Headings and list entries as Markdown has them."""
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    if name == "Title":
        return "# "
    if name.startswith("Heading ") and name[8:].isdigit():
        return "#" * min(6, int(name[8:])) + " "
    return "- " if name.startswith("List ") else ""


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}  # one that spans columns comes for each
        yield "\t".join(cells.values()) + "\n"
    yield "\n"
