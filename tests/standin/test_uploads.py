"""Files handed over, and what bots read of them."""

from __future__ import annotations

import asyncio
import io
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

import poebook as fp
from tests.standin.asking import PATIENCE_S, Keeps, Says, status_and_error, until
from tests.standin.conftest import Asks, OpenPoe

UPLOAD = "poe_api/file_upload_3RD_PARTY_POST"


def upload(client: Any, **said: Any) -> Any:
    """What the library's ``upload_file`` gives."""
    options = {"num_tries": 1, "on_error": lambda error, words: None}
    key, base_url = said.pop("api_key", client.poe.api_key), f"{client.poe.base_url}poe_api/"
    return asyncio.run(client.library.upload_file(api_key=key, base_url=base_url, **options, **said))


def test_bytes_are_handed_over_and_had_back(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe())
    file = upload(client, file=b"port,high\n", file_name="tides table.csv")
    assert (file.name, file.content_type) == ("tides table.csv", "text/csv")
    assert file.url.startswith(f"{client.poe.base_url}files/")
    response = httpx.get(file.url)
    assert response.content == b"port,high\n"
    assert response.headers["content-type"].startswith("text/csv")


def test_a_large_file_comes_through_whole(open_poe: OpenPoe, asks: Asks) -> None:
    data = bytes(range(256)) * 20_000
    file = upload(asks(open_poe()), file=io.BytesIO(data), file_name="tides.bin")
    assert httpx.get(file.url).content == data


def test_what_lies_at_an_address_is_fetched(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe())
    there = upload(client, file=b"%PDF-1.7", file_name="chart")
    file = upload(client, file_url=there.url, file_name="chart.pdf")
    assert (file.name, file.content_type) == ("chart.pdf", "application/pdf")
    assert httpx.get(file.url).content == b"%PDF-1.7"


def test_a_bot_posts_a_picture_with_its_key(open_poe: OpenPoe, asks: Asks) -> None:
    class Draws(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            yield "Here it is."
            png = b"\x89PNG\r\n\x1a\n..."
            await self.post_message_attachment(
                message_id=request.message_id, file_data=png, filename="moon.png", is_inline=True
            )

    text, picture = asks(open_poe([Draws])).parts("Draws")
    assert text.text == "Here it is."
    assert (picture.attachment.name, picture.attachment.content_type) == ("moon.png", "image/png")
    assert len(picture.attachment.inline_ref) == 8
    assert httpx.get(picture.attachment.url).content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "kind"), [("a.docx", "wordprocessingml"), ("a.xlsx", "sheet"), ("a.unheard", "octet")]
)
def test_content_types_are_known_by_name(open_poe: OpenPoe, asks: Asks, name: str, kind: str) -> None:
    assert kind in upload(asks(open_poe()), file=b"...", file_name=name).content_type


def test_a_file_is_read_for_the_bot(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    client = asks(open_poe([bot]))
    file = upload(client, file=b"<p>High water at <b>noon</b></p>", file_name="tides.html")
    message = client.message("when?", attachments=[file])
    client.parts("Keeps", request=client.request(message))
    inserted, last = bot.last.query
    assert "High water at" in inserted.content
    assert last.attachments[0].parsed_content is not None


def test_a_bot_that_reads_files_itself_gets_them_unread(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps(fp.SettingsResponse(expand_text_attachments=False))
    client = asks(open_poe([bot]))
    file = upload(client, file=b"a,b", file_name="tides.csv")
    client.parts("Keeps", request=client.request(client.message("when?", attachments=[file])))
    assert bot.last.query[-1].attachments[0].parsed_content is None


def test_a_picture_is_described_for_a_bot_that_wants_it(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps(fp.SettingsResponse(enable_image_comprehension=True))
    poe = open_poe([bot])
    poe.describe = lambda name, data: f"{len(data)} bytes of moon"
    client = asks(poe)
    file = upload(client, file=b"\x89PNG", file_name="moon.png")
    client.parts("Keeps", request=client.request(client.message("what?", attachments=[file])))
    assert "<image_analysis>4 bytes of moon</image_analysis>" in bot.last.query[0].content


def test_an_address_lives_ten_minutes(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe()
    client = asks(poe)
    file = upload(client, file=b"a", file_name="a.txt")
    clock = poe._state.clock
    poe._state.clock = lambda: clock() + 599
    assert httpx.get(file.url).status_code == 200
    poe._state.clock = lambda: clock() + 601
    response = httpx.get(file.url)
    assert (response.status_code, response.json()["error"]["message"]) == (410, "The address of a.txt has expired.")
    assert len(poe._state.files) == 0


def test_what_has_expired_makes_room_at_the_next_upload(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe()
    client = asks(poe)
    upload(client, file=b"a", file_name="a.txt")
    clock = poe._state.clock
    poe._state.clock = lambda: clock() + 601
    upload(client, file=b"b", file_name="b.txt")
    assert len(poe._state.files) == 1


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(open_poe: OpenPoe, asks: Asks) -> None:
    poe = open_poe(limits={"upload_bytes": 1000})
    client = asks(poe)
    upload(client, file=b"x" * 1000, file_name="just.bin")
    with pytest.raises(client.library.client.AttachmentUploadError, match=r"413.*larger than 1,000 bytes"):
        upload(client, file=b"x" * 1001, file_name="more.bin")
    with pytest.raises(client.library.client.AttachmentUploadError, match="413"):
        upload(client, file=b"x" * 1_000_000, file_name="much.bin")
    assert len(poe._state.files) == 1


def test_an_upload_that_breaks_off_leaves_nothing(open_poe: OpenPoe) -> None:
    poe = open_poe([Says("still here")])
    parts = urlsplit(poe.base_url)
    head = (
        f"POST /{UPLOAD} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: {poe.api_key}\r\nContent-Length: 100000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="half.bin"\r\n\r\nhalf of it'
    )
    with socket.create_connection((str(parts.hostname), parts.port or 80), PATIENCE_S) as door:
        door.sendall(head.encode())
    until(lambda: httpx.get(poe.base_url).status_code == 200, "the server is gone")
    assert len(poe._state.files) == 0


def test_a_wrong_key_hands_nothing_over(open_poe: OpenPoe, asks: Asks) -> None:
    client = asks(open_poe())
    with pytest.raises(client.library.client.AttachmentUploadError, match="401"):
        upload(client, file=b"a", file_name="a.txt", api_key="wrong")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"data": {"download_url": "ftp://a.example/x"}}, "begins with http"),
        ({"data": {"download_url": "http://127.0.0.1:9/x"}}, "nothing could be had from http://127.0.0.1:9/x"),
        ({"data": {"other": "x"}}, "either a `file`"),
        ({"content": b"raw", "headers": {"content-type": "text/plain"}}, "is a form"),
        ({"content": b"raw", "headers": {"content-type": "multipart/form-data; boundary=b"}}, "cannot be read"),
    ],
)
def test_an_odd_upload_is_refused_with_the_reason(open_poe: OpenPoe, more: dict[str, Any], words: str) -> None:
    poe = open_poe()
    headers = {"Authorization": poe.api_key, **more.pop("headers", {})}
    response = httpx.post(poe.base_url + UPLOAD, headers=headers, **more)
    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


def test_no_file_is_found_by_guessing(open_poe: OpenPoe) -> None:
    assert httpx.get(f"{open_poe().base_url}files/guess/a.txt").status_code == 404


def test_files_end_with_the_local_poe(open_poe: OpenPoe) -> None:
    with fp.LocalPoe() as poe:
        base_url = f"{poe.base_url}poe_api/"
        fp.upload_file_sync(b"a", file_name="a.txt", api_key=poe.api_key, base_url=base_url)
        assert len(poe._state.files) == 1
        folder = next(iter(poe._state.files._kept.values())).path.parent
    assert not folder.exists()


def test_the_error_of_an_upload_has_poes_shape(open_poe: OpenPoe) -> None:
    status, error = status_and_error(open_poe(), UPLOAD, None)
    assert (status, error["type"]) == (401, "authentication_error")


def test_a_bot_may_describe_pictures(open_poe: OpenPoe, asks: Asks) -> None:
    class Sees(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            yield f"{request.query[-1].attachments[0].name} shows the moon"

    bot = Keeps(fp.SettingsResponse(enable_image_comprehension=True))
    poe = open_poe({"bot": bot, "sees": Sees()})
    poe.describe = "sees"
    client = asks(poe)
    file = upload(client, file=b"\x89PNG", file_name="moon.png")
    client.parts("bot", request=client.request(client.message("what?", attachments=[file])))
    assert "<image_analysis>moon.png shows the moon</image_analysis>" in bot.last.query[0].content
