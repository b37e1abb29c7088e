"""How a service ends: streams finish, the port is free, the status is 0."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from poebook.server.sockets import listening
from tests.runtime.service.running import running, streaming, until


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_a_stream_under_way_finishes_while_nobody_else_is_let_in(folder: Path, sig: int) -> None:
    with running("bots.py:Slow", "--no-key", folder=folder) as service:
        (stream,), wait = streaming(service.url, "600", 1)
        until(lambda: stream.worker > 0)
        service.process.send_signal(sig)
        service.wait_for("Waiting for 1 answer to end, 25 seconds at most")
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{service.root}/readyz")
        (folder / "over").touch()
        wait()
        assert stream.text.endswith(" end")
        assert stream.whole
        assert service.process.wait(10) == 0
        listening("127.0.0.1", service.port, exactly=True).close()
        assert "Traceback" not in service.told


def test_a_stream_that_takes_longer_than_the_drain_is_cut(folder: Path) -> None:
    with running("bots.py:Slow", "--no-key", "--drain", "1", folder=folder) as service:
        (stream,), wait = streaming(service.url, "600", 1)
        until(lambda: stream.worker > 0)
        began = time.monotonic()
        assert service.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        wait()
        assert not stream.whole


def test_ctrl_c_again_ends_at_once(folder: Path) -> None:
    with running("bots.py:Slow", "--no-key", folder=folder) as service:
        (stream,), wait = streaming(service.url, "600", 1)
        until(lambda: stream.worker > 0)
        service.process.send_signal(signal.SIGINT)
        service.wait_for("Ctrl-C again ends them now")
        began = time.monotonic()
        assert service.end(signal.SIGINT) == 0
        assert time.monotonic() - began < 10
        wait()
        assert not stream.whole


def test_a_worker_whose_bot_keeps_the_loop_to_itself_is_ended_too(folder: Path) -> None:
    (folder / "stuck.py").write_text(
        "import os, time\nasync def get_response(request):\n    yield f'{os.getpid()} '\n    time.sleep(600)\n"
    )
    with running("stuck.py", "--no-key", "--workers", "2", "--drain", "1", folder=folder) as service:
        (stream,), wait = streaming(service.url, "hi", 1)
        until(lambda: stream.worker > 0)
        assert service.end(signal.SIGTERM) == 0
        wait()
        assert not stream.whole
        with pytest.raises(ProcessLookupError):
            os.kill(stream.worker, 0)
