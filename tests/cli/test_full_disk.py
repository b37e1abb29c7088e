"""Where nothing can be written any more, neither lines nor logs, bots go on answering."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.server.asking import query, read, text

PATIENCE = 40.0
_BOT = """\
import logging

import poebook as fp


class Echo(fp.PoeBot):
    async def get_response(self, request):
        logging.getLogger("author").warning("asked")
        yield request.query[-1].content
"""


def _asked(url: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return httpx.post(url, json=query("still here"), timeout=10)
        except httpx.TransportError:
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "nobody answers"
            time.sleep(0.1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a file that takes nothing")
@pytest.mark.parametrize("words", [[], ["--access-log", "json"], ["--workers", "2"]], ids=" ".join)
def test_serve_answers_when_its_output_finds_the_disk_full(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "echo.py").write_text(_BOT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "poebook", "serve", "echo.py", "--no-key", "--host", "127.0.0.1", "-p", str(port)]
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen([*command, *words], cwd=tmp_path, stdout=full, stderr=full)
    try:
        for _ in range(3):
            answer = _asked(f"http://127.0.0.1:{port}/", process)
            assert text(read(answer.content)) == "still here"
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(PATIENCE)
