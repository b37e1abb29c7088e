"""What may be attached to a question, and what is said of what may not."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from PIL import Image

import poebook as fp
from poebook.client.attaching import Blob, Link, given
from poebook.errors import InvalidParameterError

pd: Any = import_module("pandas")  # has no types


def one(thing: object) -> Blob:
    (file,) = given([thing])
    assert isinstance(file, Blob)
    return file


def test_a_path_is_left_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "tides.csv"
    path.write_bytes(b"1,2")
    for thing in (path, str(path)):
        assert one(thing) == Blob("tides.csv", "text/csv", path)
        assert one(thing).size == 3


@pytest.mark.parametrize(
    ("thing", "blob"),
    [
        (b"%PDF-1.7 ...", Blob("file.pdf", "application/pdf", b"%PDF-1.7 ...")),
        (b"some words", Blob("file.txt", "text/plain", b"some words")),
        (b"\x00\x01", Blob("file", "application/octet-stream", b"\x00\x01")),
        (bytearray(b"hi"), Blob("file.txt", "text/plain", b"hi")),
        (("a.json", b"{}"), Blob("a.json", "application/json", b"{}")),
        (("notes", "words"), Blob("notes", "text/plain", b"words")),
        (("notes", "öh"), Blob("notes", "text/plain", "öh".encode())),
        (("a.png", memoryview(b"x")), Blob("a.png", "image/png", b"x")),
        (io.BytesIO(b"hi"), Blob("file.txt", "text/plain", b"hi")),
        (io.StringIO("hi"), Blob("file.txt", "text/plain", b"hi")),
        (fp.Answer(target="echo", text="**hi**"), Blob("echo.md", "text/markdown", b"**hi**")),
    ],
)
def test_bytes_and_words_get_a_name_and_a_type(thing: object, blob: Blob) -> None:
    assert one(thing) == blob


def test_an_open_file_is_read_from_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# a\nb", encoding="utf-8")
    with path.open("rb") as file:
        file.readline()
        assert one(file) == Blob("a.md", "text/markdown", b"b")
    with path.open(encoding="utf-8") as text:
        assert one(text) == Blob("a.md", "text/markdown", b"# a\nb")


def test_a_frame_is_csv_and_its_index_goes_along_when_it_says_something() -> None:
    frame = pd.DataFrame({"port": ["Kiel"], "high": [1.4]})
    assert one(frame) == Blob("data.csv", "text/csv", b"port,high\nKiel,1.4\n")
    assert one(frame.set_index("port")).data == b"port,high\nKiel,1.4\n"


def test_a_figure_and_images_of_any_mode_are_png() -> None:
    figure = Figure()
    figure.subplots().plot([1, 2])
    images = [Image.new(mode, (3, 2)) for mode in ("RGB", "RGBA", "L", "1", "P", "CMYK", "F", "YCbCr", "HSV", "LAB")]
    for thing in (figure, *images):
        file = one(thing)
        assert file.content_type == "image/png"
        assert isinstance(file.data, bytes)
        with Image.open(io.BytesIO(file.data)) as read:
            assert read.format == "PNG"
    assert one(figure).name == "figure.png"
    assert one(images[0]).name == "image.png"


def test_what_a_bot_attached_is_passed_on() -> None:
    file = fp.Attachment(url="https://a.example/x.png", content_type="image/png", name="x.png")
    answer = fp.Answer(target="artist", text="![x][1]", attachments=[file])
    assert given([answer, file]) == [Link("https://a.example/x.png", file), file]
    assert given("https://a.example/x.png") == [Link("https://a.example/x.png")]


@pytest.mark.parametrize("many", [[b"a", b"b"], (b"a", b"b"), (one for one in (b"a", b"b"))])
def test_several_come_in_any_order_that_python_has(many: Any) -> None:
    files = given(many)
    assert [file.name for file in files if isinstance(file, Blob)] == ["file.txt", "file-2.txt"]


@pytest.mark.parametrize("single", [b"a", ("a", b"a"), io.BytesIO(b"a"), pd.DataFrame({"a": [1]}), Path(__file__)])
def test_one_thing_needs_no_list(single: object) -> None:
    assert len(given(single)) == 1
    assert given(None) == given([]) == given(()) == []


def test_two_paths_in_a_tuple_are_two_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x")
    assert len(given((str(tmp_path / "a"), str(tmp_path / "b")))) == 2
    with pytest.raises(InvalidParameterError, match="There is no file nowhere"):
        given((str(tmp_path / "a"), "nowhere"))
    assert given(("a", "words")) == [Blob("a", "text/plain", b"words")]


@pytest.mark.parametrize(
    ("thing", "says"),
    [
        ("no/such.csv", 'There is no file no/such.csv; to attach words, give them a name: ("notes.txt", "…").'),
        ("a question? " * 60, "There is no file a question? a question? "),
        ("a\0b", "There is no file"),
        (Path(__file__).parent, "is a folder; attach the files in it, or an archive of it."),
        (7, "An object of the type int cannot be attached; an attachment is a path, bytes, "),
        (("a", "b", "c"), 'A pair to attach is a name and its content: ("tides.csv", b"…").'),
        (("a", 7), "A pair to attach is"),
        (fp.Answer(target="echo"), "The answer of echo is empty, so there is nothing to attach."),
        (pd.Series([1]), "the type Series cannot be attached"),
    ],
)
def test_what_cannot_be_attached_is_said_in_a_sentence(thing: object, says: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        given([thing])
    assert says in str(caught.value)


def test_a_closed_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = (tmp_path / "a.txt").open("w", encoding="utf-8")
    with file, pytest.raises(InvalidParameterError, match=r"a\.txt cannot be read"):
        given(file)
    with pytest.raises(InvalidParameterError, match=r"a\.txt cannot be read"):
        given(file)


def test_other_libraries_are_not_imported() -> None:
    code = """
import sys
from poebook.client.attaching import given
given([b"x", ("a.csv", "1,2")])
try:
    given(object())
except Exception:
    pass
print([name for name in ("pandas", "matplotlib", "PIL", "numpy", "starlette") if name in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.strip() == "[]"
