"""A kernel in trouble: no memory, no disk, a clock that jumps, a machine that sleeps, neighbours, swaps in a storm."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.kernel import bots
from tests.kernel.kernel import Kernel, running

_COUNTING = """\
%%poebot counting --no-chat
import asyncio
async def get_response(request):
    for number in range(40):
        yield f"{number} "
        await asyncio.sleep(0.05)
"""
_COUNTED = "".join(f"{number} " for number in range(40))
_FULL = """\
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
"""
_ROOM = "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))"


@contextmanager
def full_disk(kernel: Kernel) -> Iterator[None]:
    """In this block the kernel can write no byte into any file."""
    kernel.ok(_FULL)
    try:
        yield
    finally:
        kernel.ok(_ROOM)


def test_a_cell_that_runs_out_of_memory_leaves_bots_and_streams_alone(fresh_kernel: Kernel) -> None:
    kernel = fresh_kernel
    kernel.ok(_COUNTING)
    with bots.stream(kernel, "counting") as texts:
        first = next(texts)
        kernel.ok(
            "import psutil, resource\n"
            "most = psutil.Process().memory_info().vms + 500_000_000\n"
            "resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))"
        )
        for _ in range(3):
            failed = kernel.run("heap = []\nwhile True: heap.append(bytes(20_000_000))")
            assert failed.error is not None
            assert failed.error.startswith("MemoryError")
            kernel.run("heap = None")
        kernel.ok("resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))")
        assert first + "".join(texts) == _COUNTED
    assert bots.ask(kernel, "counting") == _COUNTED


def test_a_machine_that_sleeps_in_mid_stream_wakes_to_a_whole_answer(kernel: Kernel) -> None:
    kernel.ok(_COUNTING)
    process = psutil.Process(kernel.pid)
    with bots.stream(kernel, "counting") as texts:
        first = next(texts)
        os.kill(kernel.pid, signal.SIGSTOP)
        try:
            end = time.monotonic() + 3
            while time.monotonic() < end or process.status() != psutil.STATUS_STOPPED:
                time.sleep(0.05)
        finally:
            os.kill(kernel.pid, signal.SIGCONT)
        assert first + "".join(texts) == _COUNTED
    assert bots.ask(kernel, "counting") == _COUNTED


@pytest.mark.parametrize("hours", [-36, 36])
def test_a_clock_that_jumps_changes_no_answer(kernel: Kernel, hours: int) -> None:
    kernel.ok(_COUNTING)
    kernel.ok("import time\nown_time = time.time")
    try:
        with bots.stream(kernel, "counting") as texts:
            first = next(texts)
            kernel.ok(f"time.time = lambda: own_time() + {hours * 3600}")
            assert first + "".join(texts) == _COUNTED
        kernel.ok("answer = fp.Conversation('counting').ask('hi')")
        assert kernel.value("answer.text") == _COUNTED
        assert 0 <= kernel.value("answer.first_event_s") <= kernel.value("answer.total_s") < 60
        kernel.ok("call = fp.served()['counting'].calls[-1]")
        assert 0 < kernel.value("call.total_s") < 60
    finally:
        kernel.ok("time.time = own_time")


def test_a_full_disk_costs_a_warning_and_no_answer(kernel: Kernel) -> None:
    home = Path(os.environ["POEBOOK_HOME"])
    with full_disk(kernel):
        cell = kernel.ok(bots.ECHO.replace("echo", "unkept"))
        assert bots.ask(kernel, "unkept", "still here") == "still here"
        said = cell.text + cell.stderr
        key = kernel.value("fp.served()['unkept'].key")
    assert "cannot be kept" in said
    assert key not in said
    assert not (home / "keys" / "unkept.key").exists(), "a torn key is worse than none"
    assert not list((home / "keys").glob(".*")), "what could not be written whole is gone"


def test_what_is_logged_needs_no_disk(kernel: Kernel) -> None:
    with full_disk(kernel):
        kernel.ok(
            "%%poebot chatty --no-chat\ndef get_response(request):\n"
            "    for n in range(3000): print('line', n)\n    return 'x'"
        )
        assert bots.ask(kernel, "chatty") == "x"
        assert "line 2999" in kernel.ok("%poebot logs chatty").text


def test_a_conversation_that_finds_the_disk_full_leaves_the_file_as_it_was(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    kernel.ok("talk = fp.Conversation('echo')\ntalk.ask('one')\ntalk.save('talk.json')")
    before = (kernel.folder / "talk.json").read_bytes()
    with full_disk(kernel):
        kernel.ok("talk.ask('two')")
        failed = kernel.run("talk.save('talk.json')")
    assert failed.error is not None
    assert "talk.json" in failed.error
    assert (kernel.folder / "talk.json").read_bytes() == before
    assert [file.name for file in kernel.folder.glob("*talk*")] == ["talk.json"]
    assert kernel.ok("talk.save('talk.json')").error is None


def test_two_kernels_serve_one_name_with_one_key_at_addresses_of_their_own(
    quiet_surroundings: None, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        folders = [tmp_path / name for name in ("one", "two")]
        for folder in folders:
            folder.mkdir()
        kernels = [stack.enter_context(running(folder)) for folder in folders]
        cells = [kernel.start(bots.ECHO.replace("echo", "shared")) for kernel in kernels]  # both at once
        for kernel, cell in zip(kernels, cells, strict=True):
            assert kernel.finish(cell).error is None
        doors = [bots.door(kernel, "shared") for kernel in kernels]
        assert doors[0][1] == doors[1][1], "one key, whoever was faster"
        assert doors[0][0] != doors[1][0]
        assert [bots.ask_at(door, "hi") for door in doors] == ["hi", "hi"]
        kernels[0].manager.shutdown_kernel(now=True)
        assert bots.ask_at(doors[1], "still") == "still"
        (file,) = (Path(os.environ["POEBOOK_HOME"]) / "keys").glob("shared.key")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_port_that_somebody_took_meanwhile_is_left_to_them(fresh_kernel: Kernel) -> None:
    kernel = fresh_kernel
    kernel.ok(bots.ECHO)
    port = urlsplit(bots.door(kernel, "echo")[0]).port
    assert port is not None
    with pytest.raises(OSError, match="in use"), socket.socket() as thief:
        thief.bind(("127.0.0.1", port))  # while the bot is served nobody takes it
    kernel.restart()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else was faster, which is as good
            thief.bind(("127.0.0.1", port))
            thief.listen()
        kernel.ok("%load_ext poebook\nimport poebook as fp")
        kernel.ok(bots.ECHO)
        assert urlsplit(bots.door(kernel, "echo")[0]).port != port
        assert bots.ask(kernel, "echo", "elsewhere") == "elsewhere"


def test_200_cells_run_anew_under_load_lose_no_answer(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    opened = bots.door(kernel, "echo")
    storm = (
        "import time\nfor n in range(200):\n"
        f"    get_ipython().run_cell_magic('poebot', 'echo --no-chat', {bots.ECHO.partition(chr(10))[2]!r})\n"
        "    time.sleep(0.005)"
    )
    cell = kernel.start(storm)

    def ask(who: int) -> int:
        asked = 0
        while not cell.over or asked < 5:
            assert bots.ask_at(opened, f"{who} {asked}") == f"{who} {asked}"
            asked += 1
        return asked

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, who) for who in range(4)]
        kernel.finish(cell)
        counts = [one.result() for one in asking]
    assert cell.error is None
    assert kernel.value("fp.served()['echo'].version") >= 200
    assert sum(counts) >= 20
