"""PDF and office files, as their own libraries write them, and as somebody hostile would."""

from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest

from poebook.client.documents import apart
from poebook.client.documents.kinds import KINDS
from poebook.client.documents.parsing import TEXT_LIMIT, parse
from poebook.client.documents.refusal import Unreadable
from tests.client.documents import made

BILLION = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def test_pages_of_a_pdf_come_in_order() -> None:
    read = parse("tides.pdf", "application/pdf", made.pdf("first page", "second page"))
    assert read.problem is None
    assert read.text is not None
    assert read.text.split("\n\n") == ["first page", "second page"]


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    read = parse("tides.docx", "application/octet-stream", made.document())
    assert read.text == f"# Tides\n\n{made.WORDS}\n\n- bring boots\n\nKiel\n06:12\t1.4 m\n\nThe end"


def test_each_sheet_is_csv_under_its_name() -> None:
    read = parse("tides.xlsx", "", made.workbook())
    assert read.text == '# Highs\n"port, harbour",metres\nKiel,1.4\n,,,,far\n\n# Lows\nCuxhaven,-0.2'


def test_slides_give_titles_groups_tables_and_notes() -> None:
    read = parse("tides.pptx", "", made.presentation())
    assert read.text == f"# Slide 1\n\nTides\n\n{made.WORDS}\n\n06:12\t1.4 m\n\nNotes: Mention the wind."


def test_half_a_character_becomes_a_question_mark() -> None:
    """Fonts may map a sign to half a surrogate pair, which no message can hold."""
    assert parse("a.pdf", "", made.pdf_mapped_to("D800")).text == "?"
    assert parse("a.pdf", "", made.pdf_mapped_to("00C4")).text == "Ä"


def test_a_pdf_that_is_only_locked_against_changes_is_read() -> None:
    assert parse("a.pdf", "application/pdf", made.locked_pdf("", owner="mine")).text == made.WORDS


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.pdf", made.locked_pdf("x"), "a.pdf is protected by a password, so it was not read; attach it without one."),
        ("a.pdf", made.pdf(""), "a.pdf has no text in it, only pictures perhaps, so there was nothing to read."),
        ("a.pdf", b"%PDF-1.7 and then nothing", "a.pdf is no PDF file, or is broken, so it was not read."),
        ("a.pdf", made.pdf("words")[:500], "a.pdf is no PDF file, or is broken, so it was not read."),
        ("a.docx", b"", "a.docx is no Word document, or is broken, so it was not read."),
        ("a.docx", made.workbook(), "a.docx is no Word document, or is broken, so it was not read."),
        ("a.docx", made.document()[:-200], "a.docx is no Word document, or is broken, so it was not read."),
        ("a.xlsx", made.document(), "a.xlsx is no Excel workbook, or is broken, so it was not read."),
        (
            "a.xlsx",
            made.with_part(made.workbook(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
            "a.xlsx is no Excel workbook, or is broken, so it was not read.",
        ),
        ("a.pptx", made.document(), "a.pptx is no PowerPoint presentation, or is broken, so it was not read."),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "a.xlsx is protected by a password, or in an old format, so it was not read.",
        ),
        ("a.doc", b"...", "a.doc is a Word document in the old format; save it as .docx to have it read."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_a_sentence(name: str, data: bytes, problem: str) -> None:
    read = parse(name, "", data)
    assert read.text is None
    assert read.problem == problem


@pytest.mark.parametrize(
    "entities", [BILLION, OUTSIDE, OUTSIDE.decode().encode("utf-16")], ids=["many", "file", "wide"]
)
@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("a.docx", made.document(), "word/document.xml"),
        ("a.xlsx", made.workbook(), "xl/worksheets/sheet1.xml"),
        ("a.pptx", made.presentation(), "ppt/slides/slide1.xml"),
    ],
    ids=["docx", "xlsx", "pptx"],
)
def test_entities_are_refused(name: str, data: bytes, part: str, entities: bytes) -> None:
    read = parse(name, "", made.with_part(data, part, entities))
    assert read.problem == f"{name} declares entities, which no office program writes, so it was not read."


def test_a_zip_bomb_is_not_unpacked() -> None:
    data = made.bomb(made.document(), "word/document.xml", 250_000_000)
    assert len(data) < 1_000_000
    began = time.monotonic()
    assert parse("a.docx", "", data).problem == "a.docx unpacks to far more than a document holds, so it was not read."
    assert time.monotonic() - began < 20


def test_a_zip_that_lies_about_its_size_is_broken() -> None:
    data = made.bomb(made.document(), "word/document.xml", 50_000_000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lied = data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert parse("a.docx", "", lied).problem == "a.docx is no Word document, or is broken, so it was not read."


def test_a_document_that_takes_too_long_is_given_up() -> None:
    kind = next(kind for kind in KINDS if kind.reader == "pdf")
    with pytest.raises(Unreadable, match=r"took more than 0\.01 s to read and was given up"):
        apart.read(kind, made.pdf("words"), TEXT_LIMIT, time_s=0.01)


def test_of_a_document_without_end_as_much_is_read_as_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_SOFT", 0.1)
    rows = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 3 + b"<row/>" * 3_000_000
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<worksheet xmlns="{name}"><dimension ref="A1:A3"/><sheetData>'.encode() + rows + b"</sheetData></worksheet>"
    )
    read = parse("a.xlsx", "", made.with_part(made.workbook(), "xl/worksheets/sheet1.xml", sheet))
    assert read.text == "# Highs\nx\nx\nx"
    assert read.problem == "Only the first 13 characters of a.xlsx were read; the rest took too long."


def test_a_page_that_would_take_minutes_is_read_apart() -> None:
    kind = next(kind for kind in KINDS if kind.reader == "html")
    with pytest.raises(Unreadable, match="took more than 1 s"):
        apart.read(kind, b"<a " * 100_000, TEXT_LIMIT, time_s=1)


def test_a_long_page_gives_the_same_as_a_short_one() -> None:
    page = f"<meta charset=latin-1><p>{'Gezeiten in Köln. ' * 1000}</p>"
    assert parse("a.html", "text/html", page.encode("latin-1")).text == ("Gezeiten in Köln. " * 1000).strip()


def test_what_is_too_long_is_cut_and_says_so() -> None:
    sheet = openpyxl.Workbook(write_only=True)
    rows = sheet.create_sheet("many")
    for _ in range(1100):
        rows.append(["x" * 1000])
    file = io.BytesIO()
    sheet.save(file)
    read = parse("a.xlsx", "", file.getvalue())
    assert read.text is not None
    assert len(read.text) == TEXT_LIMIT
    assert read.problem == "Only the first 1,000,000 characters of a.xlsx were read."


def test_a_cell_in_the_farthest_corner_costs_little() -> None:
    book = openpyxl.Workbook()
    book["Sheet"]["XFD1048576"] = "corner"
    file = io.BytesIO()
    book.save(file)
    read = parse("a.xlsx", "", file.getvalue())
    assert read.text is not None
    assert read.text.endswith("corner")


def test_keys_are_not_in_the_surroundings_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_API_KEY", "a secret of 32 characters, about")
    assert "a secret of 32 characters, about" not in apart._surroundings().values()
