"""Chats whose comm is at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import comm
import pytest

from poebook import Chat
from tests.widget.page import Page, Wire

OpenPage = Callable[[Chat], Page]


@pytest.fixture(autouse=True)
def wires(monkeypatch: pytest.MonkeyPatch) -> list[Wire]:
    """Every widget opens a comm that keeps what it sends."""
    opened: list[Wire] = []

    def create(*args: object, **kwargs: object) -> Wire:
        opened.append(Wire(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(comm, "create_comm", create)
    return opened


@pytest.fixture
def open_page() -> Iterator[OpenPage]:
    """``open_page(chat)`` is a page that shows *chat*; it has its snapshot. The chats are closed at the end."""
    chats: list[Chat] = []

    def open_it(chat: Chat) -> Page:
        chats.append(chat)
        page = Page(chat.comm)
        page.say({"kind": "hello"})
        page.wait(lambda: page.seq is not None)
        return page

    yield open_it
    for chat in chats:
        chat.close()
