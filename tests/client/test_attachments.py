"""Files that go with a question, as a bot at the other end of the wire gets them."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from matplotlib.figure import Figure

import poebook as fp
from poebook.client.filestore import store
from poebook.errors import InvalidParameterError
from poebook.runtime.registry import stop_all
from tests.client.documents import made

pd: Any = import_module("pandas")  # has no types


class Opener(fp.PoeBot):
    """Says of each file what it was told, and what it finds at the file's address."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        async with httpx.AsyncClient() as client:
            for message in request.query:
                for file in message.attachments:
                    found = await client.get(file.url)
                    seen = {
                        "name": file.name,
                        "type": file.content_type,
                        "parsed": file.parsed_content,
                        "status": found.status_code,
                        "served": found.headers["content-type"],
                        "bytes": found.content.hex(),
                    }
                    yield json.dumps(seen) + "\n"
        yield fp.PartialResponse(text="")

    should_insert_attachment_messages = False


class Refuser(fp.PoeBot):
    """Takes no files."""

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(allow_attachments=False)


class Bare(Opener):
    """Wants files without their text."""

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(expand_text_attachments=False)


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    yield
    stop_all()


def seen(answer: Any) -> list[dict[str, Any]]:
    assert answer.error is None, answer.error
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_served_bot_fetches_what_was_attached_and_has_its_text(tmp_path: Path) -> None:
    path = tmp_path / "tides.pdf"
    path.write_bytes(made.pdf(made.WORDS))
    with fp.serve(Opener(), "opener", port=0) as served:
        (file,) = seen(served.ask("What does it say?", attachments=[path]))
    assert (file["name"], file["type"], file["parsed"]) == ("tides.pdf", "application/pdf", made.WORDS)
    assert (file["status"], file["served"]) == (200, "application/pdf")
    assert bytes.fromhex(file["bytes"]) == path.read_bytes()


def test_a_bot_in_process_finds_its_files_with_nothing_served() -> None:
    figure = Figure()
    figure.subplots().plot([1, 2])
    frame = pd.DataFrame({"port": ["Kiel"], "high": [1.4]})
    conversation = fp.Conversation(Opener(access_key=None))
    image, table, words = seen(conversation.ask("Look.", [figure, frame, ("a.txt", "words")]))
    assert (image["type"], image["parsed"]) == ("image/png", None)
    assert bytes.fromhex(image["bytes"]).startswith(b"\x89PNG")
    assert (table["name"], table["parsed"]) == ("data.csv", "port,high\nKiel,1.4\n")
    assert words["parsed"] == "words"


def test_files_stay_with_the_conversation_and_find_a_server_that_moved() -> None:
    served = fp.serve(Opener(), "opener", port=0)
    conversation = fp.Conversation("opener")
    assert len(seen(conversation.ask("Look.", b"words"))) == 1
    served.stop()
    fp.serve(Opener(), "opener", port=0)
    assert [file["status"] for file in seen(conversation.ask("Again."))] == [200]
    assert [file["status"] for file in seen(conversation.regenerate())] == [200]
    assert [file["status"] for file in seen(conversation.edit(0, "Look here."))] == [200]
    fork = conversation.fork(0)
    del conversation
    gc.collect()
    assert [file["status"] for file in seen(fork.ask("And now?"))] == [200]


def test_files_are_gone_with_their_conversation() -> None:
    conversation = fp.Conversation(Opener())
    conversation.ask("Look.", b"words")
    (upload,) = conversation.snapshot()["turns"][0]["attachments"]
    assert upload["url"] is not None
    id = upload["url"].split("/")[-2]
    assert store.find(id) is not None
    conversation.new()
    gc.collect()
    assert store.find(id) is None
    assert httpx.get(upload["url"]).status_code == 404
    conversation.ask("Look.", b"words")
    (upload,) = conversation.snapshot()["turns"][0]["attachments"]
    assert httpx.get(str(upload["url"])).status_code == 200
    del conversation
    until = time.monotonic() + 10
    while httpx.get(str(upload["url"])).status_code != 404:  # the portal's thread may hold it for a moment
        assert time.monotonic() < until
        gc.collect()


def test_the_state_says_what_was_attached() -> None:
    conversation = fp.Conversation(Opener())
    conversation.ask("Look.", [("a.pdf", b"no PDF"), ("b.txt", "hi")])
    broken, words = conversation.snapshot()["turns"][0]["attachments"]
    assert (broken["state"], broken["parsed_chars"]) == ("ready", None)
    assert broken["problem"] == "a.pdf is no PDF file, or is broken, so it was not read."
    assert (words["state"], words["size"], words["parsed_chars"], words["problem"]) == ("ready", 2, 2, None)
    assert [file.name for file in conversation.messages[0].attachments] == ["a.pdf", "b.txt"]


def test_a_bot_that_wants_no_text_gets_none_while_another_does() -> None:
    conversation = fp.Conversation(Opener(), Bare())
    with_text, without = conversation.ask("Look.", ("a.txt", b"words"))
    assert seen(with_text)[0]["parsed"] == "words"
    assert seen(without)[0]["parsed"] is None


def test_a_bot_that_takes_no_files_is_not_asked() -> None:
    conversation = fp.Conversation(Refuser())
    with pytest.raises(InvalidParameterError) as caught:
        conversation.ask("Look.", b"words")
    assert str(caught.value) == "Refuser takes no files. A bot takes them when its settings have `allow_attachments`."
    assert conversation.snapshot()["turns"] == []
    assert conversation.ask("Hello.").text == "hello"


def test_a_file_over_the_limit_is_not_asked_about() -> None:
    conversation = fp.Conversation(Opener())
    conversation.max_upload = 10
    with pytest.raises(InvalidParameterError, match=r"a\.txt is 11 bytes; the limit is 10 bytes"):
        conversation.ask("Look.", ("a.txt", b"x" * 11))
    conversation.max_upload = 11
    assert len(seen(conversation.ask("Look.", ("a.txt", b"x" * 11)))) == 1


def test_an_answer_goes_on_to_another_bot() -> None:
    class Artist(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
            yield "# A tide table"

    answer = fp.Conversation(Artist()).ask("Draw.")
    (file,) = seen(fp.Conversation(Opener()).ask("Read.", answer))
    assert (file["name"], file["type"], file["parsed"]) == ("Artist.md", "text/markdown", "# A tide table")


def test_a_file_that_a_bot_posted_goes_on_with_its_text(serve_app: Any) -> None:
    async def table(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"1,2"})

    url = serve_app(table)
    known = fp.Attachment(url=f"{url}/x", content_type="text/csv", name="tides.csv")
    (file,) = seen(fp.Conversation(Opener()).ask("Read.", fp.Answer(target="artist", attachments=[known])))
    assert (file["name"], file["parsed"], bytes.fromhex(file["bytes"])) == ("tides.csv", "1,2", b"1,2")
    gone = fp.Attachment(url="http://127.0.0.1:9/x", content_type="text/csv", name="tides.csv")
    conversation = fp.Conversation(fp.PoeBot())
    conversation.ask("Read.", fp.Answer(target="artist", attachments=[gone]))
    assert conversation.messages[0].attachments == [gone]


async def test_the_async_twins_take_the_same() -> None:
    conversation = fp.Conversation(Opener())
    assert len(seen(await conversation.ask_async("Look.", [b"words"]))) == 1
    events = [event async for event in conversation.stream("And these?", ["no such file"][:0] or [b"more"])]
    assert '"parsed": "more"' in "".join(event.text for event in events)
    with pytest.raises(InvalidParameterError, match="There is no file"):
        await conversation.ask_async("Look.", "no/such/file")


def test_a_saved_conversation_keeps_what_was_read(tmp_path: Path) -> None:
    conversation = fp.Conversation(Opener())
    conversation.ask("Look.", ("a.txt", "words"))
    conversation.save(tmp_path / "talk.json")
    again = fp.Conversation.load(tmp_path / "talk.json", Opener())
    (file,) = again.messages[0].attachments
    assert (file.name, file.parsed_content) == ("a.txt", "words")
    assert again.snapshot()["turns"][0]["attachments"] == conversation.snapshot()["turns"][0]["attachments"]


async def _poe(scope: Any, receive: Any, send: Any) -> None:
    """Takes uploads and answers with what it was told of them."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    upload = scope["path"].endswith("file_upload_3RD_PARTY_POST")
    if upload and b"too much" in body:
        answer, status, kind = b"no room", 413, b"text/plain"
    elif upload:
        uploads.append(body)
        where = f"https://files.example/{len(uploads)}"
        answer, status, kind = json.dumps({"attachment_url": where, "mime_type": "text/plain"}).encode(), 200, b"x/json"
    else:
        told = json.dumps([message["attachments"] for message in json.loads(body)["query"]])
        answer = f"event: text\ndata: {json.dumps({'text': told})}\n\nevent: done\ndata: {{}}\n\n".encode()
        status, kind = 200, b"text/event-stream"
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": answer})


uploads: list[bytes] = []


def test_a_bot_on_poe_gets_what_was_uploaded_there_once(serve_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.clear()
    monkeypatch.setenv("POE_BASE_URL", serve_app(_poe))
    monkeypatch.setenv("POE_API_KEY", "key of an account")
    conversation = fp.Conversation("GPT-5")
    first = json.loads(conversation.ask("Look.", ("a.txt", "words")).text)
    assert first[0][0]["url"] == "https://files.example/1"
    assert (first[0][0]["name"], first[0][0]["parsed_content"]) == ("a.txt", "words")
    later = json.loads(conversation.ask("Again.").text)
    assert later[0][0]["url"] == "https://files.example/1"
    assert len(uploads) == 1
    assert b"words" in uploads[0]
    monkeypatch.setattr("poebook.client.held.POE_LIFE_S", -1.0)  # from here on none lives
    monkeypatch.setenv("POE_API_KEY", "key of another account")
    for number in (2, 3):
        assert json.loads(conversation.ask("Again.").text)[0][0]["url"] == f"https://files.example/{number}"


def test_an_upload_that_poe_refuses_is_the_answers_error(serve_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_BASE_URL", serve_app(_poe))
    monkeypatch.setenv("POE_API_KEY", "key of an account")
    conversation = fp.Conversation("GPT-5")
    with pytest.raises(fp.AttachmentUploadError, match="no room"):
        conversation.ask("Look.", ("a.txt", "too much"))
    error = conversation.answers["GPT-5"].error
    assert error is not None
    assert "no room" in error.title
