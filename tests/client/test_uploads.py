"""Uploads against a local stand-in: what is sent, what is tried again, what is refused before anything is sent."""

from __future__ import annotations

import io
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

import poebook as fp
from poebook.client import AttachmentUploadError
from tests.client.player import Asked, Player, Scene
from tests.conftest import ServeApp
from tests.upstream import fastapi_poe

TAKEN = Scene([b'{"attachment_url": "https://a.example/1", "mime_type": "text/csv"}'], headers=[])
BUSY = Scene([b"busy"], 500, headers=[])


def quiet(error: Exception, text: str) -> None: ...


def form_of(asked: Asked) -> dict[str, tuple[str | None, bytes]]:
    """The file name and the content of each field of a multipart form."""
    message = message_from_bytes(f"content-type: {asked.headers['content-type']}\r\n\r\n".encode() + asked.body)
    parts: Any = message.get_payload()
    fields = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        fields[name] = (part.get_filename(), part.get_payload(decode=True))
    return fields


async def test_bytes_are_uploaded_with_their_name_and_the_bare_key(serve_app: ServeApp) -> None:
    player = Player([TAKEN])
    attachment = await fp.upload_file(b"1,2", file_name="tides.csv", api_key="k", base_url=serve_app(player))
    assert attachment == fp.Attachment(url="https://a.example/1", content_type="text/csv", name="tides.csv")
    asked = player.asked[0]
    assert (asked.path, asked.headers["authorization"]) == ("/file_upload_3RD_PARTY_POST", "k")
    assert form_of(asked) == {"file": ("tides.csv", b"1,2")}


async def test_a_url_is_handed_on_with_the_name_for_it(serve_app: ServeApp) -> None:
    player = Player([TAKEN])
    base = serve_app(player)
    named = await fp.upload_file(file_url="https://b.example/x", file_name="x.csv", api_key="k", base_url=base)
    plain = await fp.upload_file(file_url="https://b.example/x", api_key="k", base_url=base)
    assert [parse_qs(asked.body.decode()) for asked in player.asked] == [
        {"download_url": ["https://b.example/x"], "download_filename": ["x.csv"]},
        {"download_url": ["https://b.example/x"]},
    ]
    assert (named.name, plain.name) == ("x.csv", "file")


async def test_a_file_object_has_its_own_name_and_is_read_once(serve_app: ServeApp, tmp_path: Path) -> None:
    path = tmp_path / "tides.csv"
    path.write_bytes(b"1,2")
    player = Player([BUSY, TAKEN])
    with path.open("rb") as file:
        attachment = await fp.upload_file(
            file, api_key="k", on_error=quiet, retry_sleep_time=0, base_url=serve_app(player)
        )
    assert attachment.name == "tides.csv"
    assert [form_of(asked)["file"] for asked in player.asked] == [("tides.csv", b"1,2")] * 2


@pytest.mark.parametrize(
    "given",
    [
        {"file": b"x", "file_name": "x", "api_key": ""},
        {},
        {"file": b"x", "file_name": "x", "file_url": "https://b.example/x"},
        {"file": b"x"},
        {"file": io.BytesIO(b"x")},
        {"file": "tides.csv"},
        {"file": "tides.csv", "file_name": "tides.csv"},
        {"file": 7, "file_name": "x"},
        {"file": io.StringIO("x"), "file_name": "x"},
    ],
)
async def test_what_cannot_be_sent_is_refused_before_any_request(serve_app: ServeApp, given: dict[str, Any]) -> None:
    player = Player([TAKEN])
    base = serve_app(player)
    given = {"api_key": "k", "base_url": base, **given}
    with pytest.raises(ValueError, match=r"\w"):
        await fp.upload_file(**given)
    with pytest.raises(ValueError, match=r"\w"):
        fp.upload_file_sync(**given)
    assert not player.asked


async def test_a_refusal_is_told_after_the_tries_as_fastapi_poe_tells_it(serve_app: ServeApp) -> None:
    player = Player([Scene([b"no such key: s3cret"], 403, headers=[])])
    base = serve_app(player)
    told: dict[str, list[str]] = {}
    for library in (fp, fastapi_poe):
        texts = told.setdefault(library.__name__, [])
        with pytest.raises(Exception, match="403 Forbidden: ") as caught:
            await library.upload_file(
                b"x",
                file_name="x",
                api_key="s3cret",
                num_tries=3,
                retry_sleep_time=0,
                on_error=lambda e, text, texts=texts: texts.append(text),
                base_url=base,
            )
        if library is fp:
            assert isinstance(caught.value, AttachmentUploadError)
            assert "s3cret" not in str(caught.value)
    assert told["poebook"] == told["fastapi_poe"] == [f"upload attempt {n}/3 failed" for n in (1, 2, 3)]
    assert len(player.asked) == 6


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"attachment_url": "https://a.example/1"}', b'"x"'])
async def test_an_answer_without_the_address_is_an_error(serve_app: ServeApp, body: bytes) -> None:
    base = serve_app(Player([Scene([body], headers=[])]))
    with pytest.raises(AttachmentUploadError, match="Unexpected response format: "):
        await fp.upload_file(b"x", file_name="x", api_key="k", num_tries=1, on_error=quiet, base_url=base)


async def test_nobody_there_is_an_upload_error_that_says_where() -> None:
    with pytest.raises(AttachmentUploadError, match=r"Nothing answers at http://127\.0\.0\.1:9/"):
        await fp.upload_file(
            b"x", file_name="x", api_key="k", num_tries=1, on_error=quiet, base_url="http://127.0.0.1:9"
        )


async def test_a_lent_session_stays_open(serve_app: ServeApp) -> None:
    base = serve_app(Player([TAKEN]))
    async with httpx.AsyncClient() as session:
        for _ in range(2):
            await fp.upload_file(b"x", file_name="x", api_key="k", session=session, base_url=base)
        assert not session.is_closed


async def test_extra_headers_override(serve_app: ServeApp) -> None:
    player = Player([TAKEN])
    extra = {"Authorization": "other", "X-Trace": "7"}
    await fp.upload_file(b"x", file_name="x", api_key="k", extra_headers=extra, base_url=serve_app(player))
    headers = player.asked[0].headers
    assert (headers["authorization"], headers["x-trace"]) == ("other", "7")


async def test_the_blocking_twin_works_inside_a_running_loop(serve_app: ServeApp) -> None:
    base = serve_app(Player([BUSY, TAKEN]))
    attachment = fp.upload_file_sync(
        io.BytesIO(b"x"), file_name="x", api_key="k", on_error=quiet, retry_sleep_time=0, base_url=base
    )
    assert attachment.url == "https://a.example/1"


def test_the_blocking_twin_works_in_a_script_and_keeps_a_lent_session_open(serve_app: ServeApp) -> None:
    from poebook.client.portal import client_portal

    base = serve_app(Player([TAKEN]))
    session = httpx.AsyncClient()
    for _ in range(2):
        fp.upload_file_sync(b"x", file_name="x", api_key="k", session=session, base_url=base)
    assert not session.is_closed
    client_portal().run(session.aclose())


async def test_poe_base_url_is_where_files_go(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player([TAKEN])
    monkeypatch.setenv("POE_BASE_URL", serve_app(player))
    await fp.upload_file(b"x", file_name="x", api_key="k")
    assert player.asked[0].path == "/poe_api/file_upload_3RD_PARTY_POST"
