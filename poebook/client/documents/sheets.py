"""The cells of an Excel workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from poebook.client.documents.package import broken, checked


def read(data: bytes) -> Iterator[str]:
    """Each sheet's name, then its rows as CSV, formulas as the values they last had. Raises Unreadable."""
    file = checked(data, "Excel workbook")
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size may be wrong
            yield f"# {sheet.title}\n"
            for row in sheet.iter_rows(values_only=True):
                yield _line(row)
            yield "\n"
    except (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile, InvalidFileException):
        raise broken("Excel workbook") from None


def _line(row: tuple[object, ...]) -> str:
    """A row as CSV; empty cells at its end are left out, and an empty row is nothing."""
    cells = ["" if cell is None else str(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return ""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
