"""Files as their own libraries write them."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pptx
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from openpyxl.worksheet.worksheet import Worksheet
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

WORDS = "High tide at Kiel"


def pdf(*pages: str) -> bytes:
    """A page for each text."""
    file = io.BytesIO()
    with PdfPages(file) as book:
        for words in pages:
            figure = Figure()
            figure.text(0.1, 0.5, words)
            book.savefig(figure)
    return file.getvalue()


def locked_pdf(password: str, *, owner: str | None = None) -> bytes:
    """One page, encrypted with AES."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(WORDS))))
    writer.encrypt(password, owner, algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def pdf_mapped_to(unit: str) -> bytes:
    """One letter, of which the font says that it is this UTF-16 unit, in hexadecimal."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("A"))))
    (font,) = writer.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]  # a dictionary's values are any
    mapped = StreamObject()
    mapped.set_data(f"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <{unit}> endbfchar".encode())
    font.get_object()[NameObject("/ToUnicode")] = mapped
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def document() -> bytes:
    """A heading, a paragraph, a list entry and a table with a cell that spans two columns."""
    made = docx.Document()
    made.add_heading("Tides", 1)
    made.add_paragraph(WORDS)
    made.add_paragraph("bring boots", style="List Bullet")
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Kiel"
    table.cell(1, 0).text, table.cell(1, 1).text = "06:12", "1.4 m"
    made.add_paragraph("The end")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def workbook() -> bytes:
    """Two sheets; in the first a comma, a number, and a cell far away."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Highs"
    sheet.append(["port, harbour", "metres"])
    sheet.append(["Kiel", 1.4])
    sheet["E9"] = "far"
    made.create_sheet("Lows").append(["Cuxhaven", -0.2])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def presentation() -> bytes:
    """A slide with a title, a group, a table and notes."""
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Tides"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = WORDS
    table = slide.shapes.add_table(1, 2, 0, 0, Inches(2), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "06:12", "1.4 m"
    slide.notes_slide.notes_text_frame.text = "Mention the wind."
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    """An office file with *content* in place of one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return file.getvalue()


def bomb(data: bytes, part: str, size: int) -> bytes:
    """An office file, one part of which unpacks to *size* bytes of blanks."""
    return with_part(data, part, b"<x>" + b" " * size + b"</x>")
