"""Streams outlive what happens to cells; nothing outlives the kernel."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.kernel import bots
from tests.kernel.kernel import PATIENCE, Kernel


def wait_until(condition: Callable[[], bool], failure: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, failure
        time.sleep(0.02)


def is_listening(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname or "", parts.port or 80)) == 0


def test_a_stream_ends_with_the_bot_it_began_with(kernel: Kernel) -> None:
    kernel.ok(bots.SLOW.format(version=1))
    kernel.ok("first_go = go")
    with bots.stream(kernel, "slow") as texts:
        assert next(texts) == "one of 1 "
        kernel.ok(bots.SLOW.format(version=2))
        kernel.ok("first_go.set(); go.set()")
        assert list(texts) == ["two of 1"]
    assert bots.ask(kernel, "slow") == "one of 2 two of 2"


def test_an_interrupt_of_a_cell_leaves_a_stream_alone(kernel: Kernel) -> None:
    kernel.ok(bots.SLOW.format(version=3))
    with bots.stream(kernel, "slow") as texts:
        assert next(texts) == "one of 3 "
        busy = kernel.start(bots.BUSY)
        kernel.until(lambda: "busy" in busy.stdout, "the cell did not start")
        kernel.manager.interrupt_kernel()
        kernel.finish(busy)
        assert busy.error is not None
        assert busy.error.startswith("KeyboardInterrupt")
        kernel.ok("go.set()")
        assert list(texts) == ["two of 3"]


_DRIPPING = """\
%%poebot dripping --no-chat
import asyncio, pathlib
async def get_response(request):
    for number in range(60_000):
        yield "."
        await asyncio.sleep(0.01)
        if number == 50:
            pathlib.Path("dripping").touch()
"""


@pytest.mark.parametrize("asking", ["conversation.ask('hi')", "fp.Chat(conversation).conversation.ask('hi')"])
def test_an_interrupt_ends_an_ask_by_the_users_own_line_and_what_was_answered_stays(
    kernel: Kernel, asking: str
) -> None:
    (kernel.folder / "dripping").unlink(missing_ok=True)
    kernel.ok(_DRIPPING)
    kernel.ok("conversation = fp.Conversation('dripping')")
    cell = kernel.start(f"answer = (\n    {asking}\n)")
    wait_until((kernel.folder / "dripping").exists, "the answer did not begin")
    kernel.manager.interrupt_kernel()
    kernel.finish(cell)
    assert cell.error == "KeyboardInterrupt: "
    assert f"----> 2     {asking}" in cell.traceback
    assert "File " not in cell.traceback, "no frame is below the cell's"
    wait_until(lambda: bool(kernel.value("'dripping' in conversation.answers")), "the answer did not stay")
    state, text = kernel.value("(conversation.answers['dripping'].state, conversation.answers['dripping'].text)")
    assert state == "stopped"
    assert set(text) == {"."}


def test_an_asker_who_leaves_ends_the_handler(kernel: Kernel) -> None:
    kernel.ok(
        "%%poebot patient --no-chat\nimport asyncio\nleft = []\n"
        "async def get_response(request):\n"
        "    try:\n"
        "        yield 'waiting'\n"
        "        await asyncio.sleep(600)\n"
        "    finally:\n"
        "        left.append(True)"
    )
    with bots.stream(kernel, "patient") as texts:
        assert next(texts) == "waiting"
    wait_until(lambda: bool(kernel.value("left")), "the handler went on after its asker had left")


def test_what_a_handler_prints_and_logs_stays_out_of_other_cells(kernel: Kernel) -> None:
    kernel.ok(
        "%%poebot talkative --no-chat\nimport logging, sys\n"
        "async def get_response(request):\n"
        "    print('printed by the handler')\n"
        "    print('complained by the handler', file=sys.stderr)\n"
        "    logging.getLogger('author').warning('logged by the handler')\n"
        "    yield 'said'"
    )
    opened = bots.door(kernel, "talkative")
    with kernel.busy() as other:
        assert bots.ask_at(opened, "hi") == "said"
    assert (other.stdout, other.stderr, other.displays) == ("busy\n", "", [])
    logs = kernel.ok("%poebot logs talkative").text
    for line in ("printed by the handler", "complained by the handler", "logged by the handler"):
        assert line in logs


def leave_nothing(kernel: Kernel, end: Callable[[Kernel], Any]) -> None:
    """Serve, stream, end the kernel, and look for what is left."""
    kernel.ok(bots.ECHO)
    kernel.ok(bots.SLOW.format(version=1))
    url, _ = bots.door(kernel, "echo")
    assert is_listening(url)
    family = kernel.family()
    with bots.stream(kernel, "slow") as texts:
        assert next(texts) == "one of 1 "
        end(kernel)
        wait_until(lambda: not is_listening(url), "the port is still open")
    wait_until(lambda: not any(one.is_running() and one.status() != "zombie" for one in family), "a process is left")


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda kernel: kernel.manager.shutdown_kernel(), id="shutdown"),
        pytest.param(lambda kernel: os.kill(kernel.pid, signal.SIGKILL), id="kill"),
        pytest.param(lambda kernel: os.kill(kernel.pid, signal.SIGTERM), id="terminate"),
    ],
)
def test_a_kernel_that_ends_leaves_no_process_and_no_port(fresh_kernel: Kernel, end: Callable[[Kernel], Any]) -> None:
    leave_nothing(fresh_kernel, end)


def test_a_restarted_kernel_serves_again_at_the_same_path_with_the_same_key(fresh_kernel: Kernel) -> None:
    kernel = fresh_kernel
    kernel.ok(bots.ECHO)
    url = kernel.value("fp.served()['echo'].url")
    before = kernel.value("(lambda s: (s.path, s.key))(fp.served()['echo'])")
    family = kernel.family()
    kernel.restart()
    wait_until(lambda: not any(one.is_running() and one.status() != "zombie" for one in family), "a process is left")
    assert not is_listening(url)
    kernel.ok("%load_ext poebook\nimport poebook as fp")
    kernel.ok(bots.ECHO)
    assert kernel.value("(lambda s: (s.path, s.key))(fp.served()['echo'])") == before


def test_the_last_bot_stopped_closes_the_server_and_its_thread(fresh_kernel: Kernel) -> None:
    kernel = fresh_kernel
    kernel.ok("import threading\nbefore = {thread.name for thread in threading.enumerate()}")
    kernel.ok(bots.ECHO)
    url, _ = bots.door(kernel, "echo")
    kernel.ok("%poebot stop echo")
    wait_until(lambda: not is_listening(url), "the port is still open")
    kernel.ok("now = {thread.name for thread in threading.enumerate()}")
    assert not [name for name in kernel.value("now - before") if "server" in name]


def test_the_help_of_the_magic_names_every_option(kernel: Kernel) -> None:
    (page,) = kernel.ok("%%poebot?").pages
    for option in ("--key", "--no-key", "--path", "--no-chat", "--introduction", "--with"):
        assert option in page


def test_tab_completes_verbs_names_and_options(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    assert {"status", "stop"} <= {match.split()[-1] for match in kernel.complete("%poebot st")}
    assert "--introduction" in [match.split()[-1] for match in kernel.complete("%%poebot echo --int")]
    assert "echo" in [match.split()[-1] for match in kernel.complete("%poebot stop ec")]
