"""The one background server: its socket, its paths, its end."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlsplit

import httpx
import pytest

import poebook as fp
from poebook.runtime import registry
from tests.runtime.asking import PATIENCE, Says, Waits, ask, headers, streaming, until


def port_of(bot: fp.Served) -> int:
    return urlsplit(bot.url).port or 0


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("poebook-server")]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def test_all_bots_share_one_server_on_the_loopback_interface() -> None:
    one, two = fp.serve(Says(), "one"), fp.serve(Says(), "two")
    assert urlsplit(one.url).hostname == "127.0.0.1"
    assert port_of(one) == port_of(two)
    assert len(threads()) == 1


def test_accepted_connections_send_without_nagles_delay() -> None:
    bot = fp.serve(Says(), "prompt")
    with socket.create_connection(("127.0.0.1", port_of(bot))) as client:
        client.sendall(b"GET /prompt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        accepted = _other_end(client)
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def _other_end(client: socket.socket) -> socket.socket:
    """The server's socket of a connection, found among the files of this process."""
    for number in range(3, 1024):
        try:
            copy = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        try:
            if copy.family == socket.AF_INET and copy.getpeername() == client.getsockname():
                return copy
        except OSError:
            pass
        copy.close()
    raise AssertionError("the server's end was not found")


def test_a_port_that_is_taken_is_told_when_it_was_asked_for() -> None:
    with taken_port() as port, pytest.raises(fp.ServeError, match=f"Port {port} is taken"):
        fp.serve(Says(), "late", port=port)
    assert fp.served() == {}
    assert threads() == []


def test_a_port_that_was_asked_for_is_had() -> None:
    with taken_port() as port:
        pass
    assert port_of(fp.serve(Says(), "there", port=port)) == port
    assert ask(fp.serve(Says(), "there", port=port)) == "said"


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_port() as port:
        monkeypatch.setattr("poebook.runtime.server.FIRST_PORT", port)
        assert port_of(fp.serve(Says(), "next")) > port


def test_another_port_than_the_others_have_is_refused() -> None:
    bot = fp.serve(Says(), "first")
    with pytest.raises(fp.ServeError, match=f"share port {port_of(bot)}"):
        fp.serve(Says(), "second", port=port_of(bot) + 1)


@pytest.mark.parametrize("port", [70000, -1, "http"])
def test_a_port_that_is_none_is_told(port: object) -> None:
    with pytest.raises(fp.ServeError, match="is no port; a port is a number"):
        fp.serve(Says(), "x", port=port)  # type: ignore[arg-type]


def test_paths_are_exact_and_a_slash_too_many_is_sent_on() -> None:
    bot = fp.serve(Says(), "exact")
    sent_on = httpx.post(f"{bot.url}/?a=b", headers=headers(bot), json={})
    assert (sent_on.status_code, sent_on.headers["location"]) == (307, "/exact?a=b")
    unknown = httpx.get(bot.url + "ly")
    assert unknown.status_code == 404
    assert unknown.json() == {"detail": "No bot is served at this path"}
    assert httpx.get(bot.url.removesuffix("exact")).status_code == 404
    assert httpx.get(bot.url).status_code == 200


def test_a_bot_may_stand_at_the_root_and_below_a_folder() -> None:
    root, deep = fp.serve(Says("root"), "root", path="/"), fp.serve(Says("deep"), "deep", path="/a/b")
    assert (ask(root), ask(deep)) == ("root", "deep")


def test_a_name_with_letters_of_any_script_has_an_address() -> None:
    assert ask(fp.serve(Says("guten Tag"), "grüße")) == "guten Tag"


def test_the_last_stop_closes_port_and_thread() -> None:
    one, two = fp.serve(Says(), "one", port=0), fp.serve(Says(), "two")
    one.stop()
    assert listens(port_of(two))
    two.stop()
    assert threads() == []
    assert not listens(port_of(two))


def test_a_stop_ends_a_stream_that_would_never_end() -> None:
    made = Waits("forever")
    bot = fp.serve(made, "forever")
    with streaming(bot) as texts:
        next(texts)
        began = time.monotonic()
        bot.stop()
        assert time.monotonic() - began < 5
    assert made.left.wait(PATIENCE)
    assert threads() == []


def test_a_stop_lets_a_stream_end_that_is_about_to() -> None:
    made = Waits("nearly")
    bot = fp.serve(made, "nearly")
    with streaming(bot) as texts:
        assert next(texts) == "nearly begins"
        threading.Timer(0.2, made.go.set).start()
        bot.stop()
        assert list(texts) == ["nearly ends"]


def test_a_bot_can_stop_itself_from_its_handler() -> None:
    class Leaves(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> object:  # type: ignore[override]
            fp.served()["leaves"].stop()
            yield "goodbye"

    bot = fp.serve(Leaves(), "leaves")
    assert ask(bot) == "goodbye"
    until(lambda: not threads(), "the server's thread is left")


def test_a_server_whose_thread_died_is_started_anew_with_all_its_bots() -> None:
    one = fp.serve(Says("one"), "one")
    server = registry._house._server
    assert server is not None
    server._server.should_exit = True
    until(lambda: not threads(), "the thread did not end")
    fp.serve(Says("two"), "two")
    assert ask(one) == "one"
    assert ask(fp.served()["two"]) == "two"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_serves_for_itself_and_keeps_no_port_of_its_parent() -> None:
    bot = fp.serve(Says("parent"), "forked")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            nothing = not fp.served()
            mine = fp.serve(Says("child"), "forked")
            os.write(write, f"{nothing} {mine.url != bot.url} {ask(mine)}".encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with open(read) as pipe:
        assert pipe.read() == "True True child"
    assert ask(bot) == "parent"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_that_lives_on_does_not_hold_the_port() -> None:
    bot = fp.serve(Says(), "held", port=0)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write)
        os.read(read, 1)  # until the parent lets go
        os._exit(0)
    bot.stop()
    try:
        assert not listens(port_of(bot))
    finally:
        os.close(write)
        os.close(read)
        os.waitpid(child, 0)


def test_many_answers_in_turn_take_no_delay_each() -> None:
    bot = fp.serve(Says(), "quick")
    with httpx.Client(headers=headers(bot)) as client:
        client.get(bot.url)
        took = []
        for _ in range(30):
            began = time.monotonic()
            client.get(bot.url)
            took.append(time.monotonic() - began)
        assert median(took) < 0.03, "each answer waits, as with Nagle's algorithm"
