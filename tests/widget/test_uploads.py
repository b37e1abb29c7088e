"""Files from the page: announced, sent in chunks, read, and gone with the question."""

from __future__ import annotations

import hashlib
import os
import time
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.runtime.registry import stop_all
from tests.widget.conftest import OpenPage
from tests.widget.page import Page

CHUNK = 256_000


class Digester(fp.PoeBot):
    """Fetches each file and says its digest, and how much text it was given."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        async with httpx.AsyncClient() as client:
            for file in request.query[-1].attachments:
                found = hashlib.sha256((await client.get(file.url)).content).hexdigest()
                yield f"{file.name} {found} {len(file.parsed_content or '')}\n"
        yield fp.PartialResponse(text=request.query[-1].content)

    should_insert_attachment_messages = False


class Refuser(fp.PoeBot):
    """Takes no files."""

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(allow_attachments=False, introduction_message="No files.")


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Any:
    yield
    stop_all()


def announce(page: Page, name: str, size: int, id: str = "f-1", content_type: str = "") -> Any:
    page.say({"kind": "upload", "upload": id, "name": name, "type": content_type, "size": size})
    return page.wait_for("upload")["upload"]


def upload(page: Page, name: str, data: bytes, id: str = "f-1") -> Any:
    """As the page does it: at most four chunks unanswered."""
    state = announce(page, name, len(data), id)
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)] or [b""]
    sent = taken = 0
    while state["state"] == "receiving":
        while sent < len(chunks) and sent - taken < 4:
            page.say({"kind": "chunk", "upload": id, "index": sent}, [chunks[sent]])
            sent += 1
        state = page.wait_for("upload")["upload"]
        taken = -(-state["received"] // CHUNK)
    while state["state"] == "reading":
        state = page.wait_for("upload")["upload"]
    return state


def answered(page: Page) -> str:
    def done() -> bool:
        turns = page.chat["turns"] if page.chat else []
        return bool(turns) and turns[-1]["answers"][0]["state"] == "done"

    page.wait(done)
    assert page.chat is not None
    return page.chat["turns"][-1]["answers"][0]["text"]


def test_a_file_travels_in_chunks_and_reaches_the_bot(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Digester()))
    data = ("ebb and flow\n" * 50_000).encode()
    state = upload(page, "tides.txt", data)
    assert (state["state"], state["received"], state["parsed_chars"]) == ("ready", len(data), len(data))
    page.say({"kind": "send", "id": "1", "text": "What is it?", "uploads": ["f-1"]})
    said = answered(page)
    assert said == f"tides.txt {hashlib.sha256(data).hexdigest()} {len(data)}\nWhat is it?"
    assert page.chat is not None
    (shown,) = page.chat["turns"][0]["attachments"]
    assert (shown["id"], shown["name"], shown["state"]) == ("f-1", "tides.txt", "ready")
    assert shown["url"] is not None
    assert httpx.get(shown["url"]).content == data


def test_a_hundred_megabytes_pass_and_nothing_waits_for_them(open_page: OpenPage) -> None:
    chat = fp.Chat(Digester())
    chat.conversation.max_upload = 100_000_000
    page = open_page(chat)
    block = os.urandom(CHUNK)
    data = (block * (100_000_000 // CHUNK + 1))[:100_000_000]
    state = announce(page, "night.mov", len(data))
    assert state["state"] == "receiving"
    slowest = 0.0
    for index in range(-(-len(data) // CHUNK)):
        began = time.perf_counter()
        page.say({"kind": "chunk", "upload": "f-1", "index": index}, [data[index * CHUNK : (index + 1) * CHUNK]])
        slowest = max(slowest, time.perf_counter() - began)
        if index == 100:
            page.say({"kind": "send", "id": "1", "text": "meanwhile", "uploads": []})
            assert answered(page) == "meanwhile"
        state = page.wait_for("upload")["upload"]
    assert slowest < 1.0  # it hands over and returns
    while state["state"] == "reading":
        state = page.wait_for("upload")["upload"]
    assert (state["state"], state["received"], state["parsed_chars"]) == ("ready", 100_000_000, None)
    page.say({"kind": "send", "id": "2", "text": "now", "uploads": ["f-1"]})
    page.wait(lambda: page.chat is not None and len(page.chat["turns"]) == 2)
    assert answered(page) == f"night.mov {hashlib.sha256(data).hexdigest()} 0\nnow"


def test_a_file_over_the_limit_is_refused_before_it_travels(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Digester()))
    state = announce(page, "night.mov", 61_000_000)
    assert (state["state"], state["problem"]) == ("refused", "night.mov is 61 MB; the limit is 50 MB.")


def test_a_bot_that_takes_no_files_says_so(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Refuser()))
    page.wait(lambda: page.chat is not None and not page.chat["targets"][0]["allow_attachments"])
    state = announce(page, "a.txt", 5)
    assert state["state"] == "refused"
    assert state["problem"] == "Refuser takes no files. A bot takes them when its settings have `allow_attachments`."


def test_several_files_at_once_and_an_empty_one(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Digester()))
    for id, name, size in (("f-1", "a.txt", 3), ("f-2", "b.txt", 3), ("f-3", "c.txt", 0)):
        assert announce(page, name, size, id)["state"] == "receiving"
    for id, index, data in (("f-2", 0, b"b"), ("f-1", 0, b"aaa"), ("f-3", 0, b""), ("f-2", 1, b"bb")):
        page.say({"kind": "chunk", "upload": id, "index": index}, [data])
    ready: set[str] = set()
    while len(ready) < 3:
        state = page.wait_for("upload")["upload"]
        if state["state"] == "ready":
            ready.add(state["id"])
    page.say({"kind": "send", "id": "1", "text": "", "uploads": ["f-3", "f-1", "f-2"]})
    assert [line.split()[0] for line in answered(page).splitlines()] == ["c.txt", "a.txt", "b.txt"]


def test_what_was_read_can_be_looked_at_before_and_after(open_page: OpenPage) -> None:
    chat = fp.Chat(Digester())
    page = open_page(chat)
    words = "ebb and flow\n" * 20_000  # more than one message holds
    upload(page, "tides.txt", words.encode())
    page.say({"kind": "parsed", "upload": "f-1"})
    told = page.wait_for("parsed")
    assert (told["upload"], told["text"]) == ("f-1", words)
    page.say({"kind": "send", "id": "1", "text": "Look.", "uploads": ["f-1"]})
    answered(page)
    page.say({"kind": "parsed", "upload": "f-1"})
    assert page.wait_for("parsed")["text"] == words
    page.say({"kind": "parsed", "upload": "f-9"})
    assert page.wait_for("parsed")["text"] is None


def test_a_question_that_is_taken_back_leaves_its_files_for_the_next(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Digester()))
    data = b"high,low"
    upload(page, "tides.csv", data)
    for number in (1, 2):
        page.say({"kind": "send", "id": f"send-{number}", "text": "again", "uploads": ["f-1"]})
        assert hashlib.sha256(data).hexdigest() in answered(page)
        page.say({"kind": "undo", "id": f"undo-{number}"})
        page.wait(lambda: page.chat is not None and not page.chat["turns"])


def test_what_is_taken_away_does_not_go(open_page: OpenPage) -> None:
    page = open_page(fp.Chat(Digester()))
    upload(page, "a.txt", b"words")
    page.say({"kind": "drop_upload", "id": "1", "upload": "f-1"})
    page.say({"kind": "send", "id": "2", "text": "Look.", "uploads": ["f-1"]})
    assert answered(page) == "Look."
    assert page.chat is not None
    (gone,) = page.chat["turns"][0]["attachments"]
    assert (gone["state"], gone["problem"]) == ("refused", "file is not here any more; attach it again.")


def test_a_draft_outlives_the_view_that_it_was_made_in(open_page: OpenPage) -> None:
    chat = fp.Chat(Digester())
    upload(open_page(chat), "a.txt", b"words")
    page = open_page(fp.Chat(chat.conversation))
    page.say({"kind": "send", "id": "1", "text": "Look.", "uploads": ["f-1"]})
    assert answered(page).startswith("a.txt ")


@pytest.mark.parametrize(
    ("message", "buffers"),
    [
        ({"kind": "upload", "upload": "f-1", "name": "a", "type": "", "size": -1}, []),
        ({"kind": "upload", "upload": "f-1", "name": "a", "type": "", "size": "5"}, []),
        ({"kind": "upload", "upload": "f-1", "name": None, "type": "", "size": 5}, []),
        ({"kind": "upload", "upload": 7, "name": "a", "type": "", "size": 5}, []),
        ({"kind": "chunk", "upload": "f-2", "index": 0}, []),
        ({"kind": "chunk", "upload": "f-9", "index": 0}, [b"x"]),
        ({"kind": "chunk", "upload": "f-2", "index": "0"}, [b"x"]),
        ({"kind": "drop_upload", "upload": "f-9"}, []),
        ({"kind": "parsed"}, []),
    ],
)
def test_what_makes_no_sense_does_nothing(open_page: OpenPage, message: Any, buffers: list[bytes]) -> None:
    page = open_page(fp.Chat(Digester()))
    assert announce(page, "b.txt", 1, "f-2")["state"] == "receiving"
    page.say(message, buffers)
    page.say({"kind": "chunk", "upload": "f-2", "index": 0}, [b"x"])
    assert page.wait_for("upload")["upload"]["state"] == "reading"
    assert page.wait_for("upload")["upload"]["state"] == "ready"
