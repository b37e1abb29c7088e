"""Many processes, a store that is started again, and workers of one bot."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from poebook import Store
from tests.store.conftest import MakeStore
from tests.store.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0

_COUNT = """
import asyncio, sys
from poebook import Store

async def count(drawer):
    for _ in range(100):
        await drawer.update("count", lambda before: (before or 0) + 1)

store = Store(sys.argv[1])
sys.stdin.readline()
asyncio.run(count(store.user(sys.argv[2])))
"""


def _python(code: str, *arguments: str) -> subprocess.Popen[str]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    words = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(words, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, **pipes)  # type: ignore[call-overload,no-any-return]


def test_many_processes_count_to_the_same_number(open_store: MakeStore, url: str, who: str) -> None:
    processes = [_python(_COUNT, url, who) for _ in range(6)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert open_store(url).user(who).sync.get("count") == 600


_HOLD = """
import sys, time
from poebook import Store

def hold(before):
    print("within", flush=True)
    time.sleep(600)

Store(sys.argv[1]).user(sys.argv[2]).sync.update("count", hold)
"""


def test_a_process_that_is_killed_while_it_changes_holds_up_nobody(open_store: MakeStore, url: str, who: str) -> None:
    shelf = open_store(url).user(who).sync
    shelf.set("count", 1)
    process = _python(_HOLD, url, who)
    assert process.stdout is not None
    assert process.stdout.readline() == "within\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert shelf.update("count", lambda count: count + 1) == 2


def test_a_server_that_was_started_again_knows_what_it_knew(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    server.start()
    store = Store(server.url)
    try:
        shelf = store.user("u-1").sync
        shelf.set("name", "Ada")
        server.stop()
        server.start()
        assert shelf.get("name") == "Ada"
    finally:
        store.close()
        server.stop()


def test_a_file_that_is_opened_again_knows_what_it_knew(open_store: MakeStore, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/memory.db"
    first = open_store(url)
    first.user("u-1").sync.set("name", "Ada")
    first.close()
    assert open_store(url).user("u-1").sync.get("name") == "Ada"
    assert first.user("u-1").sync.get("name") == "Ada"


_BOT = """
import os
import poebook as fp

store = fp.Store({url!r}, expires_s=3600)

class Memory(fp.PoeBot):
    async def get_response(self, request):
        talk = store.conversation(request)
        said = await talk.update("said", lambda said: [*(said or []), request.query[-1].content])
        yield f"{{os.getpid()}} {{' '.join(said)}}"
"""


@pytest.mark.parametrize("url", ["redis"], indirect=True, ids=["redis"])
def test_two_workers_remember_one_conversation_in_redis(url: str, tmp_path: Path) -> None:
    _workers_remember(url, tmp_path)


def test_two_workers_remember_one_conversation_in_a_file(tmp_path: Path) -> None:
    _workers_remember(f"sqlite:///{tmp_path}/memory.db", tmp_path)


def _workers_remember(url: str, folder: Path) -> None:
    (folder / "memory_bot.py").write_text(_BOT.format(url=url))
    words = [sys.executable, "-m", "poebook", "serve", "memory_bot.py", "--no-key", "--workers", "2"]
    port = _free_port()
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    log = folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen([*words, "--port", str(port)], cwd=folder, env=env, stdout=out, stderr=out)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, process, log)
            processes: set[str] = set()
            expected: list[str] = []
            end = time.monotonic() + PATIENCE
            while len(processes) < 2 or len(expected) < 4:
                assert time.monotonic() < end, f"only {processes} answered"
                expected.append(f"w{len(expected)}")
                answer = _asked(base, f"c-{port}", expected[-1])
                worker, *said = answer.split()
                assert said == expected
                processes.add(worker)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _asked(base: str, conversation_id: str, text: str) -> str:
    """One question on a connection of its own, so that whichever worker is free takes it."""
    said = [{"role": "user", "content": text, "content_type": "text/markdown"}]
    ids = {"user_id": "u-1", "conversation_id": conversation_id, "message_id": "m-1"}
    body = {"version": "1.2", "type": "query", "query": said, **ids}
    answer = httpx.post(f"{base}/", json=body, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    return "".join(json.loads(line).get("text", "") for line in lines)


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(base, timeout=5)
            return
        except httpx.TransportError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
