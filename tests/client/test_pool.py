"""One client a loop: shared, closed with the loop, without cookies."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import warnings

from poebook.client.pool import pooled_client
from tests.client.player import Player, Scene
from tests.client.test_events import read
from tests.conftest import ServeApp

ASK = """
import asyncio, sys, poebook as fp

async def ask():
    request = fp.QueryRequest(
        version="1.2", type="query", query=[], user_id="", conversation_id="", message_id=""
    )
    return await fp.get_final_response(request, "echo", base_url=sys.argv[1])

for _ in range(3):
    assert asyncio.run(ask()) == "hi"
assert "".join(p.text for p in fp.get_bot_response_sync([], "echo", "k", base_url=sys.argv[1])) == "hi"
"""


async def test_a_loop_has_one_client_for_each_scheme() -> None:
    http, https = await pooled_client("http://a.example/"), await pooled_client("https://a.example/")
    assert http is await pooled_client("HTTP://b.example/")
    assert http is not https


def test_the_client_is_closed_with_its_loop() -> None:
    async def both() -> object:
        return await pooled_client("http://a.example/")

    first, second = asyncio.run(both()), asyncio.run(both())
    assert first is not second
    assert first.is_closed  # type: ignore[attr-defined]


def test_a_loop_closed_without_ceremony_does_not_stay(serve_app: ServeApp) -> None:
    from poebook.client import pool

    url = serve_app(Player([Scene([b"event: done\n\n"])]))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(read(url))
    loop.close()
    assert any(place[0] is loop for place in pool._held)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of asyncio: nobody could close the connection any more
        asyncio.run(read(url))
        assert all(place[0] is not loop for place in pool._held)
        del loop
        gc.collect()


async def test_cookies_are_not_kept(serve_app: ServeApp) -> None:
    scene = Scene([b"event: done\n\n"], headers=[(b"content-type", b"text/event-stream"), (b"set-cookie", b"a=1")])
    player = Player([scene])
    url = serve_app(player)
    for _ in range(2):
        await read(url)
    assert "cookie" not in player.asked[1].headers


def test_a_script_leaves_nothing_open(serve_app: ServeApp) -> None:
    player = Player([Scene([b'event: text\ndata: {"text": "hi"}\n\nevent: done\n\n'])])
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", ASK, f"{serve_app(player)}/"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
