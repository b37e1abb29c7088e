"""Files that a handler posts with its answer."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.errors import InvalidParameterError
from tests.conftest import ServeApp
from tests.server.asking import KEY, events
from tests.server.poe import Poe

UPLOADED = json.dumps({"attachment_url": "https://poe.example/f", "mime_type": "text/csv"}).encode()
OTHER = "o" * 32


@pytest.fixture
def poe() -> Poe:
    return Poe(UPLOADED)


@pytest.fixture
def uploads(serve_app: ServeApp, poe: Poe) -> str:
    return serve_app(poe) + "/"


class _Poster(fp.PoeBot):
    """Posts what it was told to, between two texts."""

    files: list[dict[str, Any]]

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
        yield "before"
        for file in self.files:
            self.result = await self.post_message_attachment(message_id=request.message_id, **file)
        if self.files[-1].get("filename") != "at the end":
            yield "after"
        if self.files[-1].get("filename") == "fails":
            raise ValueError


async def _posted(serve_app: ServeApp, uploads: str, *files: dict[str, Any]) -> tuple[_Poster, list[tuple[str, Any]]]:
    bot = _Poster(access_key=KEY)
    bot.files = [{"base_url": uploads, **file} for file in files]
    answer = await events(serve_app(fp.make_app(bot)), key=KEY)
    return bot, answer


async def test_a_posted_file_is_shown_before_what_is_yielded_next(serve_app: ServeApp, uploads: str, poe: Poe) -> None:
    bot, answer = await _posted(serve_app, uploads, {"file_data": b"a,b", "filename": "t.csv"})
    file = {"url": "https://poe.example/f", "content_type": "text/csv", "name": "t.csv", "inline_ref": None}
    assert answer == [
        ("text", {"text": "before"}),
        ("file", file),
        ("text", {"text": "after"}),
        ("done", {}),
    ]
    assert bot.result.attachment_url == "https://poe.example/f"
    assert bot.result.mime_type == "text/csv"
    assert poe.sent[0].path == "/file_upload_3RD_PARTY_POST"
    assert poe.sent[0].headers["authorization"] == KEY
    assert b'filename="t.csv"' in poe.sent[0].body
    assert b"a,b" in poe.sent[0].body


async def test_a_file_posted_last_is_shown_before_the_end(serve_app: ServeApp, uploads: str) -> None:
    _, answer = await _posted(serve_app, uploads, {"file_data": b"x", "filename": "at the end"})
    assert [name for name, _ in answer] == ["text", "file", "done"]


async def test_a_file_is_shown_although_the_handler_fails(serve_app: ServeApp, uploads: str) -> None:
    _, answer = await _posted(serve_app, uploads, {"file_data": b"x", "filename": "fails"})
    assert [name for name, _ in answer] == ["text", "file", "text", "error", "done"]


async def test_several_files_keep_their_order(serve_app: ServeApp, uploads: str) -> None:
    files = [{"file_data": b"x", "filename": name} for name in ("a", "b", "c")]
    _, answer = await _posted(serve_app, uploads, *files)
    assert [data["name"] for name, data in answer if name == "file"] == ["a", "b", "c"]


async def test_an_inline_file_has_the_same_reference_in_event_and_result(serve_app: ServeApp, uploads: str) -> None:
    bot, answer = await _posted(serve_app, uploads, {"file_data": b"x", "filename": "a", "is_inline": True})
    shown = dict(answer)["file"]["inline_ref"]
    assert bot.result.inline_ref == shown
    assert len(shown) == 8


@pytest.mark.parametrize(
    ("said", "name", "form"),
    [
        ({"download_url": "https://a.example/x%20y.png?q=1"}, "x y.png", None),
        ({"download_url": "https://a.example/"}, "downloaded_file", None),
        ({"download_url": "https://a.example/x", "download_filename": "d.png"}, "d.png", b"download_filename=d.png"),
        (
            {"download_url": "https://a.example/x", "download_filename": "d", "filename": "f"},
            "f",
            b"download_filename=f",
        ),
    ],
)
async def test_a_file_at_a_url_is_fetched_by_poe(
    serve_app: ServeApp, uploads: str, poe: Poe, said: dict[str, Any], name: str, form: bytes | None
) -> None:
    _, answer = await _posted(serve_app, uploads, said)
    assert dict(answer)["file"]["name"] == name
    assert poe.sent[0].body.startswith(b"download_url=https%3A%2F%2Fa.example%2F")
    assert (b"download_filename" in poe.sent[0].body) is (form is not None)
    assert form is None or form in poe.sent[0].body


async def test_an_open_file_has_its_own_name(serve_app: ServeApp, uploads: str, tmp_path: Path) -> None:
    (tmp_path / "own.bin").write_bytes(b"zz")
    with (tmp_path / "own.bin").open("rb") as file:
        _, answer = await _posted(serve_app, uploads, {"file_data": file})
    assert dict(answer)["file"]["name"] == "own.bin"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"message_id": "m"}, InvalidParameterError),
        ({"message_id": "m", "file_data": b"x"}, InvalidParameterError),
        ({"message_id": "m", "filename": "a"}, ValueError),
        ({"message_id": "m", "file_data": io.BytesIO(b"x")}, InvalidParameterError),
        ({"message_id": "m", "file_data": b"x", "filename": "a", "download_url": "https://a.example/x"}, ValueError),
        ({"file_data": b"x", "filename": "a"}, AssertionError),
    ],
)
async def test_what_cannot_be_posted_is_refused_before_any_request(
    uploads: str, poe: Poe, said: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await fp.PoeBot(access_key=KEY).post_message_attachment(base_url=uploads, **said)
    assert poe.sent == []


async def test_a_bot_without_key_cannot_post(uploads: str) -> None:
    with pytest.raises(InvalidParameterError, match="access key"):
        await fp.PoeBot().post_message_attachment(message_id="m", file_data=b"x", filename="a", base_url=uploads)


async def test_a_key_given_beside_the_bots_own_is_warned_about_and_wins(uploads: str, poe: Poe) -> None:
    with pytest.warns(DeprecationWarning, match="access_key") as caught:
        await fp.PoeBot(access_key=KEY).post_message_attachment(
            OTHER, "m", file_data=b"x", filename="a", base_url=uploads
        )
    assert poe.sent[0].headers["authorization"] == OTHER
    assert caught[0].filename == __file__


async def test_a_key_given_to_a_bot_without_one_is_no_slip(uploads: str, poe: Poe) -> None:
    await fp.PoeBot().post_message_attachment(OTHER, "m", file_data=b"x", filename="a", base_url=uploads)
    assert poe.sent[0].headers["authorization"] == OTHER


async def test_a_content_type_is_warned_about_and_ignored(uploads: str) -> None:
    with pytest.warns(DeprecationWarning, match="content_type"):
        result = await fp.PoeBot(access_key=KEY).post_message_attachment(
            message_id="m", file_data=b"x", filename="a", content_type="a/b", base_url=uploads
        )
    assert result.mime_type == "text/csv"


async def test_a_refused_upload_is_an_error_that_its_author_can_catch(serve_app: ServeApp) -> None:
    url = serve_app(Poe(b"too large", status=413)) + "/"
    with pytest.raises(fp.client.AttachmentUploadError, match="413"):
        await fp.PoeBot(access_key=KEY).post_message_attachment(
            message_id="m", file_data=b"x", filename="a", base_url=url
        )


async def test_a_file_is_shown_before_the_error_that_ends_the_answer(serve_app: ServeApp, uploads: str) -> None:
    class Fails(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
            await self.post_message_attachment(
                message_id=request.message_id, file_data=b"x", filename="a", base_url=uploads
            )
            raise ValueError
            yield

    answer = await events(serve_app(fp.make_app(Fails(access_key=KEY))), key=KEY)
    assert [name for name, _ in answer] == ["file", "error", "done"]


async def test_a_name_without_a_file_is_a_value_error_as_it_ever_was(uploads: str) -> None:
    with pytest.raises(ValueError, match="file_data"):
        await fp.PoeBot(access_key=KEY).post_message_attachment(message_id="m", filename="a", base_url=uploads)
