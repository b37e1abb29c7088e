"""What is kept, for whom, for how long, and what is refused; on both places."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from poebook import PoebookError, ProtocolMessage, QueryRequest, Store, StoreError
from poebook.errors import InvalidParameterError
from tests.store.conftest import MakeStore
from tests.store.redis_server import RedisServer


async def test_a_value_comes_back_as_it_was(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url).user(who)
    value = {"text": "ä\u2028\U0001f30a", "list": [1, 2.5, None, True], "nested": {"": []}}
    await drawer.set("value", value)
    assert await drawer.get("value") == value


async def test_what_is_not_there_is_the_default(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url).user(who)
    assert await drawer.get("nothing") is None
    assert await drawer.get("nothing", 7) == 7
    await drawer.set("none", None)
    assert await drawer.get("none", 7) is None


async def test_what_was_deleted_is_gone(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url).user(who)
    await drawer.set("value", 1)
    await drawer.delete("value")
    await drawer.delete("value")
    assert await drawer.get("value", "gone") == "gone"


async def test_users_and_conversations_have_their_own(open_store: MakeStore, url: str, who: str) -> None:
    store = open_store(url)
    request = QueryRequest(
        version="1.2", type="query", query=[ProtocolMessage(role="user", content="hi")],
        user_id=f"u{who}", conversation_id=f"c{who}", message_id="m",
    )  # fmt: skip
    await store.user(request).set("name", "Ada")
    await store.conversation(request).set("name", "tides")
    await store.shared.set(who, "all")
    assert await store.user(f"u{who}").get("name") == "Ada"
    assert await store.conversation(f"c{who}").get("name") == "tides"
    assert await store.user(f"c{who}").get("name") is None
    assert await store.shared.get(who) == "all"


async def test_no_id_reaches_into_anothers_drawer(open_store: MakeStore, url: str, who: str) -> None:
    store = open_store(url)
    await store.user(f"{who}:a").set("b", 1)
    assert await store.user(who).get("a:b") is None


async def test_a_value_is_forgotten_when_its_time_is_over(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url, expires_s=0.3).user(who)
    await drawer.set("short", 1)
    await drawer.set("long", 1, expires_s=60)
    end = time.monotonic() + 10
    while await drawer.get("short") is not None:
        assert time.monotonic() < end
        await asyncio.sleep(0.02)
    assert await drawer.update("short", lambda before: before) is None
    assert await drawer.get("long") == 1


async def test_a_change_that_fails_changes_nothing(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url).user(who)
    await drawer.set("count", 1)
    with pytest.raises(ZeroDivisionError):
        await drawer.update("count", lambda count: count // 0)
    with pytest.raises(InvalidParameterError):
        await drawer.update("count", lambda count: {count})
    assert await drawer.get("count") == 1
    assert await drawer.update("count", lambda count: count + 1) == 2


async def test_changes_at_once_are_all_there(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url).user(who)
    await asyncio.gather(*(drawer.update("count", lambda count: (count or 0) + 1) for _ in range(60)))
    assert await drawer.get("count") == 60


def test_handlers_that_block_have_the_same(open_store: MakeStore, url: str, who: str) -> None:
    shelf = open_store(url).user(who).sync
    shelf.set("count", 1)
    assert shelf.update("count", lambda count: count + 1) == 2
    shelf.delete("count")
    assert shelf.get("count") is None


async def test_the_event_loop_goes_on_while_a_value_is_changed(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url).user(who)
    loop, held, begun = asyncio.get_running_loop(), threading.Event(), asyncio.Event()

    def wait(before: object) -> int:
        loop.call_soon_threadsafe(begun.set)
        assert held.wait(20)  # until the loop, which goes on, says so
        return 1

    task = asyncio.create_task(drawer.update("count", wait))
    await begun.wait()
    held.set()
    assert await task == 1


@pytest.mark.parametrize("value", [{1}, object(), b"bytes", {1: "number"}, [{None: 1}], float("nan"), "\ud800"])
async def test_what_is_no_json_is_refused_in_a_sentence(
    open_store: MakeStore, url: str, who: str, value: object
) -> None:
    with pytest.raises(InvalidParameterError, match=r"^A Store keeps JSON, .*'tags' is none: make it of .*\.$"):
        await open_store(url).user(who).set("tags", value)


async def test_what_is_too_much_is_refused_in_a_sentence(open_store: MakeStore, url: str, who: str) -> None:
    drawer = open_store(url, max_bytes=100).user(who)
    with pytest.raises(InvalidParameterError, match=r"'text' takes 402 bytes, .* at most 100 .* larger max_bytes\.$"):
        await drawer.set("text", "ä" * 200)
    await drawer.set("text", "a" * 98)


@pytest.mark.parametrize("name", ["", "a" * 201, "a\0b"])
async def test_a_name_that_is_none_is_refused(open_store: MakeStore, url: str, who: str, name: str) -> None:
    store = open_store(url)
    with pytest.raises(InvalidParameterError, match="a name of 1 to 200 characters"):
        await store.user(who).get(name)


@pytest.mark.parametrize("expires_s", [0, -1, float("inf"), float("nan"), 1e12])
def test_a_time_that_is_none_is_refused(url: str, expires_s: float) -> None:
    with pytest.raises(InvalidParameterError, match="expires_s is a number of seconds"):
        Store(url, expires_s=expires_s)


@pytest.mark.parametrize("url", ["", "memory.db", "sqlite:///", "sqlite:///:memory:", "postgres://u:secret@h/1"])
def test_an_url_that_leads_nowhere_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidParameterError, match=r"sqlite:///memory\.db") as caught:
        Store(url)
    assert "secret" not in str(caught.value)


async def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"missing/memory.db cannot be used .* Make its folder"):
        await Store(f"sqlite:///{tmp_path}/missing/memory.db").shared.get("count")


async def test_a_file_that_is_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "memory.db").write_text("A diary, and no database at all. " * 100)
    with pytest.raises(StoreError, match="Move the file away"):
        await Store(f"sqlite:///{tmp_path}/memory.db").shared.get("count")


@pytest.mark.parametrize("secret", ["wrong-password", "wrong%40password", "wrong?pass@word"])
async def test_no_password_is_ever_told(tmp_path: Path, secret: str) -> None:
    server = RedisServer(tmp_path, "right-password")
    server.start()
    told: list[str] = []
    try:
        url = server.url.replace("right-password", secret)
        try:
            store = Store(url)
            told.append(repr(store))
            await store.shared.get("count")
        except PoebookError as error:
            told.append(str(error))
    finally:
        server.stop()
    assert len(told) >= 1
    assert "pass" not in "".join(told).replace("the password", "")
    right = Store(server.url)
    with pytest.raises(StoreError, match=rf"at redis://127.0.0.1:{server.port}/0 cannot be reached; start Redis"):
        await right.shared.get("count")


async def test_the_right_password_opens(tmp_path: Path) -> None:
    server = RedisServer(tmp_path, "right-password")
    server.start()
    store = Store(server.url)
    try:
        await store.shared.set("count", 1)
        assert await store.shared.get("count") == 1
        with pytest.raises(StoreError, match="refuses the password"):
            await Store(server.url.replace("right", "wrong")).shared.get("count")
    finally:
        store.close()
        server.stop()
