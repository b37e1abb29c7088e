"""Text of any encoding, web pages, and what is neither."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poebook.client.documents.kinds import content_type_of
from poebook.client.documents.parsing import TEXT_LIMIT, Parsed, parse

GERMAN = "Die Gezeiten für Köln, Größe in Metern: über null. Früh am Morgen ist schönes Wetter.\n" * 3
JAPANESE = "本日の満潮は午前六時十二分です。風は南西、波の高さは一メートルです。\n" * 3
RUSSIAN = "Сегодня прилив будет в шесть часов двенадцать минут, ветер юго-западный.\n" * 3


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
    ],
)
def test_an_encoding_that_nobody_names_is_found(words: str, encoding: str) -> None:
    assert parse("tides.txt", "text/plain", words.encode(encoding)).text == words


def test_an_encoding_that_is_named_is_taken() -> None:
    assert parse("a.txt", "text/plain; charset=KOI8-R", "да".encode("koi8-r")).text == "да"
    assert parse("a.txt", "text/plain; charset=no-such", b"yes").text == "yes"


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.csv", "a", "a.png"]))
def test_no_bytes_make_it_fail(data: bytes, name: str) -> None:
    assert isinstance(parse(name, "", data), Parsed)


@given(st.text())
def test_utf8_comes_out_as_it_went_in(words: str) -> None:
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" not in words and not words.startswith("\ufeff"):
        assert parse("a.txt", "text/plain", words.encode("utf-8", "surrogatepass")).text == plain


def test_a_character_that_the_sample_cuts_in_two_is_no_reason_to_doubt() -> None:
    words = "a" * 63_999 + "é"
    assert parse("a.txt", "text/plain", words.encode()).text == words


def test_a_long_text_is_cut_and_says_so() -> None:
    read = parse("a.txt", "text/plain", b"x" * 50_000_000)
    assert read.text == "x" * TEXT_LIMIT
    assert read.problem == "Only the first 1,000,000 characters of a.txt were read."


@pytest.mark.parametrize(
    ("name", "content_type", "data", "text"),
    [
        ("a.py", "", b"print(1)", "print(1)"),
        ("Makefile", "application/octet-stream", b"all:\n\ttrue", "all:\n\ttrue"),
        ("a.png", "text/plain", b"words", "words"),  # the type decides where it is given
        ("a.txt", "image/png", b"words", None),
        ("a.ts", "video/mp2t", b"const a = 1", "const a = 1"),  # but for what browsers mistake
        ("a.ts", "video/mp2t", b"\x47\x00\xff", None),
        ("a.csv", "application/vnd.ms-excel", b"1,2", "1,2"),
        ("a.svg", "image/svg+xml", b"<svg/>", None),
        ("a.bin", "application/octet-stream", b"\x00\x01\x02", None),
        ("a.zip", "application/zip", b"PK", None),
        ("a", "application/vnd.api+json", b"{}", "{}"),
        ("a.txt", "", b"", ""),
        ("a", "", b"", None),
    ],
)
def test_what_is_text_is_read_and_nothing_else(name: str, content_type: str, data: bytes, text: str | None) -> None:
    assert parse(name, content_type, data) == Parsed(text)


def test_a_page_gives_its_words_and_nothing_hidden() -> None:
    page = b"""<!doctype html><html><head><meta charset="utf-8"><title>Tides &amp; winds</title>
      <style>p { color: red }</style><script>var a = "<p>no</p>"</script><body>
      <h1>Today</h1><p>High   at
      <b>six</b>.<br>Low at noon.</p><ul><li>boots<li>coat</ul>
      <table><tr><th>port</th><th>m</th></tr><tr><td>Kiel</td><td>1.4</td></tr></table>
      <pre>  kept
    as it is</pre><template>no</template><img alt="a chart"></body></html>"""
    read = parse("a.html", "text/html", page).text
    assert read == (
        "Tides & winds\n\nToday\n\nHigh at six.\nLow at noon.\n\n- boots\n- coat\n\nport\tm\nKiel\t1.4\n\n"
        "  kept\n    as it is\n\n[a chart]"
    )


@pytest.mark.parametrize("page", [b"<![oh", b"<!--", b"<script>", b"<p", b"&#x110000;", b"</svg></pre><pre><pre>x"])
def test_a_broken_page_does_no_harm(page: bytes) -> None:
    assert isinstance(parse("a.html", "text/html", page), Parsed)


def test_content_types_follow_the_name_and_then_the_bytes() -> None:
    assert content_type_of("a.PDF") == "application/pdf"
    assert content_type_of("photo.jpeg") == "image/jpeg"
    assert content_type_of("a.tar.gz") == "application/octet-stream"
    assert content_type_of("", b"\x89PNG\r\n\x1a\n") == "image/png"
    assert content_type_of("", b"no idea") == "application/octet-stream"


def test_without_the_extra_text_is_read_and_the_rest_says_what_to_install() -> None:
    refused = "pypdf docx openpyxl pptx charset_normalizer"
    code = f"""
import sys
for name in "{refused}".split():
    sys.modules[name] = None
from poebook.client.documents import __main__ as child, parsing
assert parsing.parse("a.txt", "text/plain", "K\\xf6ln".encode("latin-1")).text == "K\\xf6ln"
assert parsing.parse("a.html", "text/html", b"<p>hi").text == "hi"
for reader, words in {{"pdf": "PDF file", "word": "Word document", "sheets": "x", "slides": "y"}}.items():
    try:
        child._read(reader, words, b"", 10, 0.0)
    except child.Unreadable as reason:
        print(reason)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.splitlines() == [
        f"was not read; to have a {words} read: pip install 'poebook[files]'"
        for words in ("PDF file", "Word document", "x", "y")
    ]
