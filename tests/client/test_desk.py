"""The asker's files on their way to a question: in pieces from a page, whole from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.client.attaching import Blob, Link, given
from poebook.client.desk import CUT_OFF, MAX_UPLOAD, Desk, too_large
from poebook.client.documents.kinds import content_type_of
from poebook.client.filestore import store
from poebook.errors import InvalidParameterError
from tests.client.documents import made
from tests.conftest import ServeApp


@pytest.fixture
def desk() -> Desk:
    return Desk()


def begun(desk: Desk, size: int, name: str = "tides.csv", content_type: str = "") -> Any:
    return desk.begin("f-1", name, content_type, size, None)


async def test_pieces_become_a_file_that_is_read(desk: Desk) -> None:
    state: Any = begun(desk, 7)
    assert (state["state"], state["received"], state["content_type"]) == ("receiving", 0, "text/csv")
    assert await desk.read("f-1") is None
    told: Any = None
    for index, piece in enumerate((b"a,b", b"\n1", b",2")):
        told = desk.chunk("f-1", index, piece)
        assert told is not None
    assert (told["state"], told["received"]) == ("reading", 7)
    read = await desk.read("f-1")
    assert read is not None
    assert (read["state"], read["problem"], read["parsed_chars"]) == ("ready", None, 7)
    (held,) = desk.take(["f-1"])
    assert held.text == "a,b\n1,2"
    assert held.file is not None
    assert held.file.read() == b"a,b\n1,2"
    assert desk.find("f-1") is None


async def test_an_empty_file_is_a_file(desk: Desk) -> None:
    begun(desk, 0)
    told = desk.chunk("f-1", 0, b"")
    assert told is not None
    assert told["state"] == "reading"
    read = await desk.read("f-1")
    assert read is not None
    assert (read["state"], read["parsed_chars"]) == ("ready", 0)


@pytest.mark.parametrize(
    "pieces",
    [[(1, b"x")], [(0, b"x"), (0, b"x")], [(0, b"x" * 11)], [(0, b"")], [(0, b"x" * 300_000)]],
    ids=["late", "twice", "long", "empty", "large"],
)
def test_pieces_that_do_not_fit_end_the_upload_and_leave_nothing(desk: Desk, pieces: list[tuple[int, bytes]]) -> None:
    begun(desk, 10)
    held = desk.find("f-1")
    assert held is not None
    assert held.file is not None
    id, path = held.file.id, held.file.path
    del held
    told = [desk.chunk("f-1", index, piece) for index, piece in pieces][-1]
    assert told is not None
    assert (told["state"], told["problem"]) == ("refused", CUT_OFF)
    assert desk.chunk("f-1", 0, b"x") is None
    assert store.find(id) is None
    assert not path.exists()


def test_a_file_over_the_limit_is_refused_before_it_travels(desk: Desk) -> None:
    state = begun(desk, 61_000_000, "night.mov")
    assert (state["state"], state["problem"]) == ("refused", "night.mov is 61 MB; the limit is 50 MB.")
    assert desk.chunk("f-1", 0, b"x") is None
    desk.limit = 100_000_000
    assert begun(desk, 61_000_000, "night.mov")["state"] == "receiving"


@pytest.mark.parametrize(
    ("size", "limit", "words"),
    [
        (61_000_000, MAX_UPLOAD, "a is 61 MB; the limit is 50 MB."),
        (50_000_001, MAX_UPLOAD, "a is more than 50 MB; the limit is 50 MB."),
        (3_200_000_000, 1_500_000, "a is 3.2 GB; the limit is 1.5 MB."),
        (2_000, 999, "a is 2 kB; the limit is 999 bytes."),
        (50_000_000, MAX_UPLOAD, None),
    ],
)
def test_sizes_are_said_as_people_say_them(size: int, limit: int, words: str | None) -> None:
    assert too_large("a", size, limit) == words


def test_what_the_bots_do_not_take_is_refused_with_their_sentence(desk: Desk) -> None:
    state = desk.begin("f-1", "a.txt", "", 1, "echo takes no attachments.")
    assert (state["state"], state["problem"]) == ("refused", "echo takes no attachments.")


def test_old_drafts_make_room(desk: Desk) -> None:
    for number in range(70):
        desk.begin(f"f-{number}", "a", "", 1, None)
    assert desk.find("f-5") is None
    assert desk.find("f-6") is not None
    assert desk.find("f-69") is not None


def test_a_file_that_is_gone_goes_as_a_refused_one(desk: Desk) -> None:
    begun(desk, 2)
    held = desk.take(["f-1", "f-1", "f-2"])
    assert [(one.state["state"], one.state["problem"]) for one in held] == [
        ("refused", "tides.csv is not here any more; attach it again."),
        ("refused", "file is not here any more; attach it again."),
    ]


@pytest.mark.parametrize(
    ("name", "said", "content_type"),
    [
        ("a.csv", "application/vnd.ms-excel", "text/csv"),
        ("a.ts", "video/mp2t", "text/x-typescript"),
        ("a.py", "", "text/x-python"),
        ("a.mov", "video/quicktime", "video/quicktime"),
        ("a.xyz9", "what\r\nx: y", "application/octet-stream"),
        ("a.txt", "text/plain\n", "text/plain"),
    ],
)
def test_a_browsers_word_on_the_type_is_taken_where_it_makes_sense(
    desk: Desk, name: str, said: str, content_type: str
) -> None:
    assert begun(desk, 1, name, said)["content_type"] == content_type


async def test_what_python_attaches_is_held_and_read(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tides.docx"
    path.write_bytes(made.document())
    link = fp.Attachment(url="https://a.example/x", content_type="text/csv", name="x", parsed_content="1,2")
    document, words, elsewhere = await desk.hold(given([path, ("a.txt", "hi"), link]))
    path.unlink()  # a copy is held
    assert document.text is not None
    assert document.text.startswith("# Tides")
    assert document.state["size"] == len(made.document())
    assert (words.text, words.state["parsed_chars"]) == ("hi", 2)
    assert elsewhere.attachment == link
    assert elsewhere.state["parsed_chars"] == 3


async def test_what_cannot_be_read_is_held_with_the_reason(desk: Desk) -> None:
    (held,) = await desk.hold([Blob("a.pdf", "application/pdf", b"no")])
    assert held.state["state"] == "ready"
    assert held.state["problem"] == "a.pdf is no PDF file, or is broken, so it was not read."


async def test_a_large_film_is_not_loaded_to_be_read(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "night.mov"
    with path.open("wb") as file:
        file.truncate(40_000_000)
    (held,) = await desk.hold([Blob(path.name, content_type_of(path.name), path)])
    assert (held.text, held.state["problem"], held.state["size"]) == (None, None, 40_000_000)


async def test_python_is_told_how_to_raise_the_limit(desk: Desk) -> None:
    desk.limit = 10
    with pytest.raises(InvalidParameterError) as caught:
        await desk.hold([Blob("a.txt", "text/plain", b"x" * 11)])
    assert str(caught.value) == "a.txt is 11 bytes; the limit is 10 bytes. Raise it with `conversation.max_upload`."


async def test_an_address_is_fetched(desk: Desk, serve_app: ServeApp) -> None:
    url = serve_app(_pages)
    first, second = await desk.hold([Link(f"{url}/tides%20today.csv"), Link(f"{url}/")])
    assert (first.state["name"], first.state["content_type"], first.text) == ("tides today.csv", "text/csv", "1,2")
    assert (second.state["name"], second.text) == ("page.html", "Tides")


async def test_an_address_with_nothing_to_have_is_said(desk: Desk, serve_app: ServeApp) -> None:
    url = serve_app(_pages)
    for address, words in (
        (f"{url}/gone?key=secret", f"{url}/gone cannot be attached: 404 Not Found."),
        ("http://127.0.0.1:9/a", "http://127.0.0.1:9/a cannot be attached: nothing answers there."),
        ("http://[oops", "this address cannot be attached: nothing answers there."),
        ("http://\x01", "http://\x01 cannot be attached: it is no address that can be fetched."),
    ):
        with pytest.raises(InvalidParameterError) as caught:
            await desk.hold([Link(address)])
        assert str(caught.value) == words
    desk.limit = 1000
    with pytest.raises(InvalidParameterError, match="the limit is 1 kB"):
        await desk.hold([Link(f"{url}/endless")])


async def _pages(scope: Any, receive: Any, send: Any) -> None:
    """A table, a page, nothing, and what never ends."""
    path = scope["path"]
    page, table = (b"text/html", b"<p>Tides"), (b"text/csv", b"1,2")
    known = {"/tides today.csv": table, "/": page, "/endless": (b"text/plain", b"")}
    content_type, body = known.get(path, (b"text/plain", b"no"))
    headers = [(b"content-type", content_type)]
    await send({"type": "http.response.start", "status": 200 if path in known else 404, "headers": headers})
    while path == "/endless":
        if (await receive())["type"] == "http.disconnect":
            return
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"x" * 100, "more_body": True})
    await send({"type": "http.response.body", "body": body})
