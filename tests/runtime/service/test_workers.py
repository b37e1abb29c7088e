"""Several processes: they share the work, one that dies takes only its own answers along, none is left behind."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from poebook.server.sockets import listening
from tests.runtime.service.running import PATIENCE, asked, running, streaming, until


def test_a_worker_killed_under_100_streams_takes_only_its_own_along_and_is_replaced(folder: Path) -> None:
    with running("bots.py:Worker", "bots.py:Slow", "--no-key", "--workers", "2", folder=folder) as service:
        first = workers_of(service.urls["Worker"], 2)
        streams, wait = streaming(service.urls["Slow"], "600", 100)
        until(lambda: all(one.worker for one in streams), "all 100 streams under way")
        shares = Counter(one.worker for one in streams)
        assert shares.keys() == first
        victim = min(shares, key=shares.__getitem__)
        os.kill(victim, signal.SIGKILL)
        service.wait_for(f"The worker process {victim} was killed by SIGKILL; another takes its place.")
        (folder / "over").touch()
        wait()
        assert [one.whole for one in streams if one.worker != victim] == [True] * (100 - shares[victim])
        assert not any(one.whole for one in streams if one.worker == victim)
        assert victim not in workers_of(service.urls["Worker"], 2)


def test_all_workers_let_their_streams_finish_while_nobody_else_is_let_in(folder: Path) -> None:
    with running("bots.py:Slow", "--no-key", "--workers", "2", folder=folder) as service:
        streams, wait = streaming(service.url, "600", 20)
        until(lambda: all(one.worker for one in streams), "all streams under way")
        service.process.send_signal(signal.SIGTERM)
        until(lambda: not is_open(service.root))
        (folder / "over").touch()
        wait()
        assert all(one.whole for one in streams)
        assert service.process.wait(PATIENCE) == 0
        shares = Counter(one.worker for one in streams)
        assert len(shares) == 2
        assert min(shares.values()) >= 5, "each has its part"
        assert not any(map(is_alive, shares))
        listening("127.0.0.1", service.port, exactly=True).close()


def test_workers_end_and_leave_nothing_when_whoever_started_them_is_killed(folder: Path) -> None:
    kept = folder / "kept"
    kept.mkdir()
    words = ["--no-key", "--workers", "2", "--metrics"]
    with running("bots.py:Slow", *words, folder=folder, TMPDIR=str(kept)) as service:
        streams, wait = streaming(service.url, "600", 6)
        until(lambda: all(one.worker for one in streams), "all streams under way")
        service.process.kill()
        service.process.wait(PATIENCE)
        until(lambda: not is_open(service.root))
        (folder / "over").touch()
        wait()
        assert all(one.whole for one in streams)
        assert list(kept.iterdir()), "figures were kept there"
        until(lambda: not any(is_alive(one.worker) for one in streams))
        assert not list(kept.iterdir())
        listening("127.0.0.1", service.port, exactly=True).close()


def test_bots_that_cannot_be_made_are_told_of_once(folder: Path) -> None:
    (folder / "broken.py").write_text("x = 1\n\ny = x / 0\n")
    command = [sys.executable, "-m", "poebook", "serve", "broken.py", "--workers", "3", "--port", "0"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert done.stderr.count('broken.py", line 3') == 1
    assert "poebook/runtime" not in done.stderr


def test_keys_reach_workers_by_the_environment_alone_and_a_hangup_renews_all(folder: Path) -> None:
    key = "w" * 32
    with running("bots.py:Worker", "--key", "$SOME_KEY", "--workers", "2", folder=folder, SOME_KEY=key) as service:
        workers = workers_of(service.url, 2, key)
        assert httpx.post(service.url, json={}).status_code == 401
        for pid in workers:
            assert key.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
        service.process.send_signal(signal.SIGHUP)
        service.wait_for("Reloaded: Worker.")
        until(lambda: not any(map(is_alive, workers)))
        assert not workers_of(service.url, 2, key) & workers, "all are others now"
        assert key not in service.told


@pytest.mark.parametrize("option", ["--workers=2", "--reload"])
def test_closing_the_terminal_ends_what_was_begun_in_it(folder: Path, option: str) -> None:
    command = [sys.executable, "-m", "poebook", "serve", "bots.py:Worker", option, "--port", "0", "--no-key"]
    pid, terminal = pty.fork()
    if pid == 0:  # the child becomes the command
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # below nohup it is ignored, and the command heeds that
        os.chdir(folder)
        os.execv(sys.executable, command)
    said = b""
    while b"Ctrl-C ends it" not in said:
        said += os.read(terminal, 4096)
    os.close(terminal)
    until(lambda: os.waitpid(pid, os.WNOHANG) != (0, 0))
    port = int(said.rpartition(b"http://127.0.0.1:")[2].split(b"/")[0])
    listening("127.0.0.1", port, exactly=True).close()


def workers_of(url: str, number: int, key: str | None = None) -> set[int]:
    """The processes that answer, once there are *number* of them."""
    found: set[int] = set()

    def ask() -> bool:
        found.add(int(asked(url, key=key)))
        return len(found) == number

    until(ask, found)
    return found


def is_open(root: str) -> bool:
    try:
        httpx.get(f"{root}/readyz", timeout=PATIENCE)
    except httpx.TransportError:
        return False
    return True


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
