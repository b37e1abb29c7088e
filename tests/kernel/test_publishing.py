"""A public address lives as long as its kernel, whether a cell is interrupted or the kernel is killed."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.kernel.bots import BUSY
from tests.kernel.kernel import Kernel, running
from tests.kernel.test_life import wait_until
from tests.runtime.asking import question
from tests.runtime.tunnel.agents import Agents
from tests.runtime.tunnel.conftest import agents, sshd
from tests.runtime.tunnel.sshd import Sshd

__all__ = ["agents", "sshd"]

ECHO = "%%poebot echo\ndef get_response(request): return request.query[-1].content"


def answers(url: str, key: str) -> bool:
    """Whether the bot answers at its public address."""
    try:
        sent = httpx.post(url, json=question(), headers={"Authorization": f"Bearer {key}"}, timeout=10)
    except httpx.HTTPError:
        return False
    return sent.status_code == 200 and '"hi"' in sent.text


@pytest.fixture
def with_agent(quiet_surroundings: None, agents: Agents, tmp_path: Path) -> Iterator[Kernel]:
    """A kernel in whose environment pyngrok finds the stand-in agent."""
    folder = tmp_path / "notebook"
    folder.mkdir()
    with running(folder) as kernel:
        kernel.ok(f"import pyngrok.conf\npyngrok.conf.DEFAULT_NGROK_CONFIG_PATH = {str(agents.config)!r}")
        yield kernel


def published(kernel: Kernel, how: str) -> tuple[str, str]:
    """Its public address and its key."""
    kernel.ok(ECHO)
    cell = kernel.ok(f"%poebot publish echo {how}")
    key: str = kernel.value("fp.served()['echo'].key")
    assert key not in str(kernel.heard)
    assert "echo" in cell.text
    return kernel.value("fp.served()['echo'].public_url"), key


def test_an_interrupted_cell_ends_no_tunnel_and_a_killed_kernel_leaves_none(fresh_kernel: Kernel, sshd: Sshd) -> None:
    kernel = fresh_kernel
    url, key = published(kernel, f"--via ssh --host localhost --config {sshd.config}")
    assert answers(url, key)
    family = kernel.family()
    busy = kernel.start(BUSY)
    kernel.until(lambda: "busy" in busy.stdout, "the cell did not start")
    kernel.manager.interrupt_kernel()
    kernel.finish(busy)
    assert answers(url, key)
    assert kernel.value("fp.served()['echo'].publication.broken") is None
    with kernel.busy():
        assert answers(url, key)
    kernel.manager.signal_kernel(signal.SIGKILL)
    wait_until(lambda: sshd.sessions() == [], "ssh was still connected")
    wait_until(lambda: not any(_lives(one) for one in family[1:]), "a process was left behind")


def test_a_restarted_kernel_takes_its_tunnel_along(with_agent: Kernel, agents: Agents) -> None:
    url, key = published(with_agent, "--for 1h")
    assert answers(url, key)
    with_agent.restart()
    wait_until(lambda: agents.running == [], "the agent was left behind")
    assert not answers(url, key)


def test_an_interrupt_ends_a_publishing_that_waits_for_a_silent_agent(with_agent: Kernel, agents: Agents) -> None:
    with_agent.ok(ECHO)
    with_agent.ok("import os\nos.environ['STAND_IN_AGENT'] = 'silent'")
    cell = with_agent.start("%poebot publish echo")
    wait_until(lambda: agents.running != [], "no agent was started")
    time.sleep(0.2)  # the interrupt is to meet the wait
    with_agent.manager.interrupt_kernel()
    with_agent.finish(cell)
    assert cell.error is not None
    wait_until(lambda: agents.running == [], "the silent agent was left behind")
    assert with_agent.value("fp.served()['echo'].public_url") is None
    with_agent.ok("os.environ['STAND_IN_AGENT'] = 'good'")
    url, key = published(with_agent, "")
    assert answers(url, key)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
