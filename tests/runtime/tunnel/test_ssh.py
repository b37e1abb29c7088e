"""``ssh -R``: against a real sshd on the loopback interface, and against a stand-in for ssh where one is scripted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

import poebook as fp
from tests.conformance.sound import KEY
from tests.runtime.asking import until
from tests.runtime.tunnel.conftest import Program
from tests.runtime.tunnel.sshd import Sshd, answers, children, free_port


def asked(url: str) -> bool:
    """Whether the bot answers there."""
    try:
        return httpx.post(url, json={"type": "settings"}, headers={"Authorization": f"Bearer {KEY}"}).status_code == 200
    except httpx.HTTPError:
        return False


def opened(sshd: Sshd, port: int, **options: object) -> fp.Tunnel:
    return fp.open_tunnel(port, "ssh", host="localhost", config=str(sshd.config), **options)


def test_a_port_given_by_the_host_is_the_address(sshd: Sshd, port: int) -> None:
    with opened(sshd, port) as tunnel:
        assert tunnel.url.startswith("http://127.0.0.1:")
        assert tunnel.url != f"http://127.0.0.1:{port}"
        assert asked(tunnel.url)
        assert (tunnel.state, tunnel.provider) == ("open", "ssh")
    assert tunnel.state == "closed"
    until(lambda: not asked(tunnel.url), "the address was still there")
    until(lambda: sshd.sessions() == [], "ssh was still connected")


def test_a_port_of_ones_own_and_an_address_before_it(sshd: Sshd, port: int) -> None:
    remote = free_port()
    with opened(sshd, port, remote_port=remote, url="https://bots.example.org/") as tunnel:
        assert tunnel.url == "https://bots.example.org"
        assert asked(f"http://127.0.0.1:{remote}")


def test_a_broken_connection_is_restored_under_the_same_address(sshd: Sshd, port: int) -> None:
    with opened(sshd, port) as tunnel:
        url, states = tunnel.url, []
        tunnel.subscribe(lambda: states.append(tunnel.state))
        sshd.drop_sessions()
        until(lambda: states[-1:] == ["open"], "it was not restored")
        assert states[0] == "broken"
        assert tunnel.url == url
        assert asked(url)


def test_a_host_that_goes_away_for_a_while_is_waited_for(sshd: Sshd, port: int) -> None:
    with opened(sshd, port) as tunnel:
        sshd.stop()
        until(lambda: tunnel.state == "broken", "nobody noticed")
        assert tunnel.trouble
        sshd.start()
        until(lambda: tunnel.state == "open", "it was not restored")
        assert asked(tunnel.url)


def test_a_login_that_is_refused_later_is_not_tried_for_ever(sshd: Sshd, port: int) -> None:
    with opened(sshd, port) as tunnel:
        (sshd.folder / "authorized_keys").write_text("")
        sshd.drop_sessions()
        until(lambda: tunnel.state == "failed", "it went on trying")
        assert "refused the login" in str(tunnel.trouble)


def test_a_login_that_is_refused_is_said_at_once(sshd: Sshd, port: int) -> None:
    (sshd.folder / "authorized_keys").write_text("")
    with pytest.raises(fp.TunnelError, match="`ssh localhost` in a terminal must work without a password") as caught:
        opened(sshd, port)
    assert caught.value.final


def test_a_host_that_is_not_known_is_said(sshd: Sshd, port: int) -> None:
    (sshd.folder / "known_hosts").write_text("")
    with pytest.raises(fp.TunnelError, match="ssh does not know localhost yet"):
        opened(sshd, port)


def test_a_port_that_is_taken_is_said(sshd: Sshd, port: int) -> None:
    with pytest.raises(fp.TunnelError, match=f"Port {port} of localhost cannot be had"):
        opened(sshd, port, remote_port=port)


def test_a_host_that_forbids_forwarding_is_said(sshd: Sshd, port: int) -> None:
    sshd.stop()
    sshd.forbid_forwarding()
    sshd.start()
    with pytest.raises(fp.TunnelError, match="sshd forbids it"):
        opened(sshd, port, remote_port=free_port())


def test_nobody_there_is_said(sshd: Sshd, port: int) -> None:
    sshd.stop()
    with pytest.raises(fp.TunnelError, match="is sshd running there"):
        opened(sshd, port)


PROGRAM = """
import os, signal, sys, poebook as fp
signal.signal(signal.SIGINT, lambda *_: None)  # as a kernel, which lives on
tunnel = fp.open_tunnel(int(sys.argv[1]), "ssh", host="localhost", config=sys.argv[2])
print(tunnel.url, tunnel._line._process.pid, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("how", ["end", "kill", "interrupt"])
def test_nothing_outlives_the_process_and_an_interrupt_ends_nothing(sshd: Sshd, port: int, how: str) -> None:
    command = [sys.executable, "-c", PROGRAM, str(port), str(sshd.config)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdin is not None
    url, pid = process.stdout.readline().split()
    assert asked(url)
    match how:
        case "end":
            process.stdin.close()
        case "kill":
            process.kill()
        case "interrupt":  # as Jupyter does it: to the whole group
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.3)  # what must not happen needs a moment in which it could
            assert asked(url)
            assert Path(f"/proc/{pid}").exists()
    process.stdin.close()
    process.wait(20)
    process.stdout.close()
    until(lambda: not asked(url), "the tunnel was still there")
    until(lambda: not Path(f"/proc/{pid}").exists() or children(int(pid)) == [], "ssh was still there")


SCRIPTED = """
import sys, time
sys.stderr.write({says!r})
sys.stderr.flush()
time.sleep({sleeps})
sys.exit(255)
"""


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("ssh: Could not resolve hostname localhost: Name or service not known", "check the name, and the network"),
        ("ssh: connect to host localhost port 22: Connection timed out", "localhost does not answer"),
        ("no luck today.", "ssh to localhost ended: no luck today."),
        ("", "it said nothing"),
    ],
)
def test_what_a_stand_in_for_ssh_complains_of_is_told(program: Program, says: str, words: str) -> None:
    program("ssh", SCRIPTED.format(says=f"debug1: hm\n{says}\n" if says else "", sleeps=0))
    with pytest.raises(fp.TunnelError, match=words):
        fp.open_tunnel(9, "ssh", host="localhost")


def test_a_stand_in_for_ssh_that_says_nothing_and_lives_is_taken_for_up(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poebook.runtime.tunnel.ssh.GRACE_S", 0.3)
    program("ssh", SCRIPTED.format(says="", sleeps=60))
    began = time.monotonic()
    with fp.open_tunnel(9, "ssh", host="localhost", remote_port=12345) as tunnel:
        assert tunnel.url == "http://127.0.0.1:12345"
    assert time.monotonic() - began < 10


def test_without_ssh_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(fp.TunnelError, match="no program ssh"):
        fp.open_tunnel(9, "ssh", host="localhost")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "needs host="),
        ({"host": "-oProxyCommand=x"}, "needs host="),
        ({"host": "a b"}, "needs host="),
        ({"host": "bots.example.org"}, "needs url="),
        ({"host": "bots.example.org", "url": "http://bots.example.org"}, "Poe asks https only"),
        ({"host": "localhost", "remote_port": "many"}, "is no remote_port"),
        ({"host": "localhost", "hots": "x"}, "did you mean host"),
    ],
)
def test_wrong_use_is_said_before_ssh_runs(options: dict[str, str], words: str) -> None:
    with pytest.raises(fp.TunnelError, match=words):
        fp.open_tunnel(9, "ssh", **options)
    assert not answers(9)


def test_a_stand_in_for_ssh_that_tells_its_port_late_is_waited_for(program: Program) -> None:
    says = "debug1: remote forward success for: listen 0, connect 127.0.0.1:9\n"
    late = "time.sleep(0.3)\nsys.stderr.write('Allocated port 45678 for remote forward to 127.0.0.1:9\\n')\n"
    source = SCRIPTED.format(says=says, sleeps=60).replace(
        "time.sleep(60)", f"{late}sys.stderr.flush()\ntime.sleep(60)"
    )
    program("ssh", source)
    with fp.open_tunnel(9, "ssh", host="localhost") as tunnel:
        assert tunnel.url == "http://127.0.0.1:45678"
