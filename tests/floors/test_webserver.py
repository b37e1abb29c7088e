"""The web server that the other tests lean on."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from tests.conftest import ServeApp
from tests.webserver import serving


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"hello"})


def test_it_answers_as_soon_as_it_is_given(serve_app: ServeApp) -> None:
    assert httpx.get(serve_app(hello)).text == "hello"


def test_two_can_stand_side_by_side(serve_app: ServeApp) -> None:
    assert serve_app(hello) != serve_app(hello)


def test_nothing_of_it_is_left_afterwards() -> None:
    before = set(threading.enumerate())
    with serving(hello) as url:
        assert httpx.get(url).status_code == 200
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) <= before
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_small_answers_do_not_wait_for_nagle(serve_app: ServeApp) -> None:
    url = serve_app(hello)
    with httpx.Client() as client:
        client.get(url)
        spans = []
        for _ in range(9):
            start = time.perf_counter()
            client.get(url)
            spans.append(time.perf_counter() - start)
    assert sorted(spans)[4] < 0.03
