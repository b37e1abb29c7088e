"""An observer is told what happens while bots are served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

import poebook as fp
from tests.conftest import ServeApp
from tests.server.asking import events, post, query, request

where: ContextVar[str] = ContextVar("where", default="nowhere")


class _Diary:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, ...]] = []

    @contextmanager
    def around(self, bot: object, request: object) -> Iterator[None]:
        token = where.set("around")
        try:
            yield
        finally:
            where.reset(token)

    def started(self, bot: Any, request: Any) -> None:
        self.lines.append(("started", request.message_id))

    def event(self, bot: Any, request: Any, name: str, data: str) -> None:
        self.lines.append(("event", name, data))

    def failed(self, bot: Any, request: Any, exc: BaseException) -> None:
        self.lines.append(("failed", request.type, str(exc)))

    def ended(self, bot: Any, request: Any, outcome: str) -> None:
        self.lines.append(("ended", outcome))


class _Bot(fp.PoeBot):
    async def get_response(self, request: Any) -> AsyncIterator[Any]:
        yield where.get()
        if request.query[-1].content == "fail":
            raise ValueError("no")

    def get_settings(self, setting: object) -> Any:
        raise ValueError(where.get())


@pytest.mark.parametrize("asked", ["hi", "fail"])
async def test_a_query_is_told_from_start_to_end(serve_app: ServeApp, asked: str) -> None:
    diary = _Diary()
    answer = await events(serve_app(_Bot().asgi_app(observer=diary)), query(asked))
    assert answer[0] == ("text", {"text": "around"})
    assert diary.lines[0] == ("started", "m-1")
    assert [line[1] for line in diary.lines if line[0] == "event"] == [name for name, _ in answer]
    failed = ("failed", "query", "no")
    assert (failed in diary.lines) is (asked == "fail")
    assert diary.lines[-1] == ("ended", "failed" if asked == "fail" else "done")


async def test_a_report_that_fails_is_told(serve_app: ServeApp) -> None:
    diary = _Diary()
    response = await post(serve_app(_Bot().asgi_app(observer=diary)), request("settings"))
    assert response.status_code == 500
    assert diary.lines == [("failed", "settings", "around")]


async def test_what_may_not_come_in_is_not_told(serve_app: ServeApp) -> None:
    diary = _Diary()
    url = serve_app(_Bot().asgi_app(key="k", observer=diary))
    await post(url, query())
    await post(url, b"{", key="k")
    assert diary.lines == []
