"""The door behind which bots find what was attached."""

from __future__ import annotations

import gc
from urllib.parse import urlsplit

import httpx
import pytest

import poebook as fp
from poebook.client.filestore import StoredFile, store
from poebook.client.held import _is_far
from poebook.client.hosting import file_url
from poebook.client.targets import resolve
from poebook.runtime.registry import stop_all
from tests.conftest import ServeApp
from tests.runtime.asking import Says
from tests.runtime.tunnel.proxies import Proxy


@pytest.fixture(autouse=True)
def nothing_left_open() -> None:
    stop_all()


def stored(name: str, content_type: str, data: bytes = b"0123456789") -> StoredFile:
    file = store.create(name, content_type)
    file.append(data)
    return file


def test_a_file_is_served_with_its_type_and_nothing_may_guess_another() -> None:
    file = stored("Ebbe & Flut.txt", "text/plain; charset=latin-1")
    answer = httpx.get(file_url(file))
    assert answer.content == b"0123456789"
    assert answer.headers["content-type"] == "text/plain; charset=latin-1"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline; filename*=utf-8''Ebbe%20%26%20Flut.txt"
    stop_all()


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "Text/HTML; charset=utf-8", "application/xml"])
def test_what_a_browser_would_run_is_only_handed_out(content_type: str) -> None:
    file = stored("a", content_type, b"<script>alert(1)</script>")
    answer = httpx.get(file_url(file))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    stop_all()


@pytest.mark.parametrize(
    "content_type", ["text/plain\r\nset-cookie: a=b", "text/plain\0", "é", "😀/a", "", "text/html,text/plain"]
)
def test_a_type_that_may_not_stand_in_a_header_is_not_put_there(content_type: str) -> None:
    file = stored("a", content_type)
    answer = httpx.get(file_url(file))
    assert answer.content == b"0123456789"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in answer.headers
    stop_all()


def test_a_part_of_a_file_and_its_size_can_be_asked_for() -> None:
    file = stored("film.mp4", "video/mp4")
    part = httpx.get(file_url(file), headers={"range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    head = httpx.head(file_url(file))
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "10")
    assert httpx.post(file_url(file)).status_code == 405
    stop_all()


def test_an_id_that_was_guessed_or_is_gone_finds_nothing() -> None:
    file = stored("a.txt", "text/plain")
    url = file_url(file)
    assert httpx.get(url).status_code == 200
    base = url.rpartition("/_files/")[0]
    for path in ("/_files", "/_files/", "/_files/x/a.txt", "/_files/../etc", f"/_files/{file.id[:-1]}/a.txt"):
        assert httpx.get(base + path).status_code == 404
    del file
    gc.collect()
    assert httpx.get(url).status_code == 404
    stop_all()


def test_files_are_found_where_the_bots_are() -> None:
    with fp.serve(fp.PoeBot(), "keeper", port=0) as served:
        file = stored("a.txt", "text/plain")
        assert urlsplit(file_url(file)).netloc == urlsplit(served.url).netloc
        assert httpx.get(file_url(file)).status_code == 200


def test_a_bot_elsewhere_is_told_the_public_address_of_a_file(serve_app: ServeApp) -> None:
    with fp.serve(Says("hello"), "echo", port=0) as served:
        file = stored("a.txt", "text/plain")
        assert file_url(file, outside=True).startswith(served.base_url)  # there is no other
        outside = serve_app(Proxy(served.base_url))
        served.publish("url", url=outside)
        assert file_url(file, outside=True).startswith(f"{outside}/_files/")
        assert httpx.get(file_url(file, outside=True)).content == b"0123456789"
        assert file_url(file).startswith(served.base_url)
        served.unpublish()
        assert file_url(file, outside=True).startswith(served.base_url)


@pytest.mark.parametrize(
    ("url", "far"),
    [
        ("https://bots.example.org/orrery", True),
        ("http://192.0.2.7:8080/x", True),
        ("http://127.0.0.1:8080/x", False),
        ("http://[::1]/x", False),
        ("http://localhost:1/x", False),
    ],
)
def test_an_address_tells_whether_a_bot_is_on_this_machine(url: str, far: bool) -> None:
    assert _is_far(resolve(url)) is far


def test_a_server_that_runs_for_files_alone_takes_nobodys_port() -> None:
    file = stored("a.txt", "text/plain")
    assert httpx.get(file_url(file)).status_code == 200
    with fp.serve(fp.PoeBot(), "keeper", port=0):
        assert httpx.get(file_url(file)).status_code == 200
    assert httpx.get(file_url(file)).status_code == 200  # started again
    stop_all()
