"""A bot server to be reached, and programs of the machine's by other programs' names."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance.sound import Sound
from tests.runtime.asking import until
from tests.runtime.tunnel.agents import Agents
from tests.runtime.tunnel.sshd import PROGRAM, Sshd
from tests.webserver import serving

Program = Callable[[str, str], Path]


@pytest.fixture
def port() -> Iterator[int]:
    """Where a sound bot answers."""
    with serving(Sound()) as url:
        yield int(url.rpartition(":")[2])


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    if PROGRAM is None:
        pytest.skip("sshd is not installed (Debian: openssh-server)")
    folder = tmp_path / "sshd"
    folder.mkdir(mode=0o700)
    one = Sshd(folder)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """``program("ssh", source)`` puts a stand-in of Python before the machine's own programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def make(name: str, source: str) -> Path:
        file = folder / name
        file.write_text(f"#!{sys.executable}\n{source}")
        file.chmod(0o755)
        return file

    return make


@pytest.fixture
def agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agents]:
    """The stand-in for ngrok's agent; none of them runs on after the test."""
    folder = tmp_path / "ngrok"
    folder.mkdir()
    one = Agents(folder, monkeypatch)
    yield one
    until(lambda: one.running == [], "an agent was still running")
