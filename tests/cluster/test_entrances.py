"""Other ways in: this machine alone, Ray's own command, and a cluster that does not fit."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from poebook.server.sockets import listening
from tests.cluster.machines import KEY, PATIENCE, Machines, poebook, surroundings, wait
from tests.cluster.streams import query
from tests.runner import cluster

FUNCTION = "def get_response(request):\n    yield 'Hello, '\n    yield request.query[-1].content\n"
BLOCKING = """\
import os
import time

import poebook as fp


class Slow(fp.PoeBot):
    async def get_response(self, request):
        while not os.path.exists(request.query[-1].content):
            time.sleep(0.01)
        yield "at last"
"""
RAY_APP = """\
from pathlib import Path

from poebook.runtime.cluster import deployment

app = deployment(Path(__file__).parent, env=["FLAVOUR"])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bot.py").write_text(FUNCTION)
    (tmp_path / "ray_app.py").write_text(RAY_APP)
    return tmp_path


def asked(url: str, key: str = KEY, content: str = "you") -> str:
    """What the bot at *url* says to *content*, as it travels."""
    return httpx.post(url, json=query(content), headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE).text


@contextmanager
def running(*words: str, folder: Path, until: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A program of Ray's Python that has said *until*, and the line that said it; Ctrl-C ends it."""
    with open(folder / "said.log", "w+") as log:
        process = subprocess.Popen(
            [cluster.python(), "-m", *words],
            cwd=folder,
            env=surroundings(POE_ACCESS_KEY=KEY, FLAVOUR="mild"),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait(lambda: process.poll() is not None or until in (folder / "said.log").read_text(), until)
            said = (folder / "said.log").read_text()
            assert until in said, said
            yield process, next(line for line in said.splitlines() if until in line)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def test_without_a_cluster_this_machine_is_one_until_ctrl_c(folder: Path) -> None:
    before = _rays()
    words = ("poebook", "serve", "bot.py", "--engine", "ray", "--host", "127.0.0.1", "--port", str(_free()))
    with running(*words, "--max-replicas", "2", folder=folder, until=" is running on ") as (process, line):
        assert "by up to 2 replicas (Ctrl-C ends it)." in line
        url = line.partition(" is running on ")[2].split()[0]
        assert '"Hello, "' in asked(url)
        assert "Hello" not in asked(url, "x" * 32)
        assert _rays() - before
    assert process.returncode == 0, (folder / "said.log").read_text()
    assert KEY not in (folder / "said.log").read_text()
    wait(lambda: not _rays() - before, "the end of all processes of Ray")


def test_a_handler_that_blocks_is_told_with_its_line_while_it_does(folder: Path) -> None:
    (folder / "slow.py").write_text(BLOCKING)
    over = folder / "over"
    words = ("poebook", "serve", "slow.py", "--engine", "ray", "--host", "127.0.0.1", "--port", str(_free()))
    with (
        running(*words, folder=folder, until=" is running on ") as (_, line),
        ThreadPoolExecutor() as pool,
    ):
        answer = pool.submit(asked, line.partition(" is running on ")[2].split()[0], content=str(over))
        try:
            wait(lambda: "held up" in (folder / "said.log").read_text(), "the notice")
            assert not answer.done()
        finally:
            over.touch()
        assert "at last" in answer.result(PATIENCE)
    assert re.search(r"Slow: .*slow\.py, line (9|10), in get_response, has held", (folder / "said.log").read_text())


def test_rays_own_command_serves_an_exported_project(machines: Machines, folder: Path) -> None:
    words = ("run", "ray_app:app", "--address", machines.address, "--name", "exported", "--route-prefix", "/exported")
    with running("ray.serve.scripts", *words, folder=folder, until="Application 'exported' is ready at") as (_, line):
        url = line.rpartition(" ready at ")[2].rstrip(".") + "/"
        assert '"Hello, "' in asked(url)
        assert "Hello" not in asked(url, "x" * 32)


@pytest.mark.parametrize(
    ("ray", "python", "says"),
    [
        ("None", "'3.7.1'", "runs Python 3.7 and this is Python"),
        ("'2.0.0'", "None", "pip install 'ray[serve]==2.0.0'"),
    ],
)
def test_another_version_on_the_cluster_is_said_with_what_to_do(ray: str, python: str, says: str) -> None:
    """Ray's own check, told of a cluster that there is not."""
    program = f"""
from poebook.runtime.cluster.joining import _reason
import ray, sys
from ray._private.utils import check_version_info
there = {{"ray_version": {ray} or ray.__version__, "python_version": {python} or sys.version.split()[0]}}
try:
    check_version_info(there, "here", python_version_match_level="minor")
except RuntimeError as error:
    print(_reason("head:6379", error))
"""
    done = subprocess.run([cluster.python(), "-c", program], capture_output=True, text=True, env=surroundings())
    assert done.stdout.startswith("The cluster at head:6379 runs "), done.stderr
    assert says in done.stdout


def test_a_cluster_that_nobody_finds_is_said_with_the_form_of_an_address(folder: Path) -> None:
    done = poebook("serve", "bot.py", "--no-key", "--engine", "ray", "--address", "127.0.0.1:9", folder=folder)
    assert done.returncode == 1
    assert "No cluster of Ray answered at 127.0.0.1:9" in done.stderr
    assert "ray://HOST:10001" in done.stderr


def _rays() -> set[int]:
    """The processes that make up a machine of Ray."""
    return {one.pid for one in psutil.process_iter() if one.name() in ("raylet", "gcs_server")}


def _free() -> int:
    with listening("127.0.0.1", 0) as door:
        return int(door.getsockname()[1])
