"""pyngrok's real code, against a stand-in for ngrok's agent that really forwards."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import poebook as fp
from tests.runtime.asking import until
from tests.runtime.tunnel.agents import TOKEN, Agents
from tests.runtime.tunnel.test_ssh import asked


def test_an_agent_is_started_and_ended(agents: Agents, port: int) -> None:
    with fp.open_tunnel(port, "ngrok") as tunnel:
        assert asked(tunnel.url)
        assert len(agents.running) == 1
        (opened,) = [note["opened"] for note in agents.notes if "opened" in note]
        assert opened["upstream"] == {"url": f"http://127.0.0.1:{port}"}
    assert agents.running == []
    assert not asked(tunnel.url)


def test_ngrok_is_what_is_meant_when_no_provider_is_named(agents: Agents, port: int) -> None:
    with fp.open_tunnel(port) as tunnel:
        assert tunnel.provider == "ngrok"


def test_a_domain_of_ones_own_is_asked_for(agents: Agents, port: int) -> None:
    with fp.open_tunnel(port, "ngrok", domain="otter.example.org"):
        (opened,) = [note["opened"] for note in agents.notes if "opened" in note]
        assert opened["url"] == "https://otter.example.org"


@pytest.mark.parametrize("given", [True, False])
def test_the_auth_token_reaches_the_agent_and_no_list_of_processes(
    agents: Agents, port: int, given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if given:
        monkeypatch.delenv("NGROK_AUTHTOKEN")
    options: dict[str, object] = {"authtoken": TOKEN} if given else {}
    with fp.open_tunnel(port, "ngrok", **options):
        (started,) = [note for note in agents.notes if "pid" in note]
        assert started["token"] == hashlib.sha256(TOKEN.encode()).hexdigest()
        assert TOKEN not in str(started["arguments"])
        listed = subprocess.run(["ps", "-ef"], capture_output=True, text=True).stdout
        assert TOKEN not in listed
    assert os.environ.get("NGROK_AUTHTOKEN") == (None if given else TOKEN)


def test_without_an_auth_token_nothing_is_started(agents: Agents, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NGROK_AUTHTOKEN")
    with pytest.raises(fp.TunnelError, match=r"set NGROK_AUTHTOKEN .* or publish through ssh or url") as caught:
        fp.open_tunnel(port, "ngrok")
    assert caught.value.final
    assert agents.notes == []


def test_a_token_in_ngroks_own_configuration_is_enough(
    agents: Agents, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NGROK_AUTHTOKEN")
    agents.config.write_text('version: "3"\nagent:\n  authtoken: the-token-of-a-file\n')
    with fp.open_tunnel(port, "ngrok") as tunnel:
        assert asked(tunnel.url)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("refusing", "does not know this auth token; set NGROK_AUTHTOKEN anew"),
        ("taken", "in use by another agent of your ngrok account"),
        ("used-up", "used up for this month"),
    ],
)
def test_what_ngrok_refuses_is_told_with_the_next_step(agents: Agents, port: int, how: str, words: str) -> None:
    agents.behave(how)
    with pytest.raises(fp.TunnelError, match=words) as caught:
        fp.open_tunnel(port, "ngrok")
    assert "b4d" not in str(caught.value)
    assert agents.running == []


def test_an_agent_that_says_nothing_is_given_up(agents: Agents, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poebook.runtime.tunnel.ngrok.DEADLINE_S", 1.0)
    agents.behave("silent")
    began = time.monotonic()
    with pytest.raises(fp.TunnelError, match="said nothing"):
        fp.open_tunnel(port, "ngrok")
    assert time.monotonic() - began < 8
    until(lambda: agents.running == [], "the silent agent was left behind")


def test_an_agent_that_dies_is_started_again(agents: Agents, port: int) -> None:
    with fp.open_tunnel(port, "ngrok") as tunnel:
        states: list[str] = []
        tunnel.subscribe(lambda: states.append(tunnel.state))
        os.kill(agents.running[0], 9)
        until(lambda: states[-1:] == ["open"], "it was not started again")
        assert states[0] == "broken"
        assert asked(tunnel.url)


def test_an_agent_that_does_not_answer_any_more_is_started_again(
    agents: Agents, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poebook.runtime.tunnel.ngrok.ANSWER_S", 0.3)
    agents.behave("dumb")
    with fp.open_tunnel(port, "ngrok") as tunnel:
        first = agents.running
        agents.behave("good")
        until(lambda: len(agents.pids) > 1 and tunnel.state == "open", "it was not started again")
        assert agents.running != first
        assert asked(tunnel.url)


def test_a_program_that_cannot_be_had_is_said(
    agents: Agents, port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pyngrok import installer

    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(tmp_path / "none" / "ngrok"))
    monkeypatch.setattr(installer, "PLATFORMS", dict.fromkeys(installer.PLATFORMS, "http://127.0.0.1:9/ngrok.zip"))
    with pytest.raises(fp.TunnelError, match="could not be fetched"):
        fp.open_tunnel(port, "ngrok")


PROGRAM = """
import sys, poebook as fp
tunnel = fp.open_tunnel(int(sys.argv[1]), "ngrok")
print(tunnel.url, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("how", ["end", "kill"])
def test_no_agent_outlives_the_process(agents: Agents, port: int, how: str) -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(port)], stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    assert asked(process.stdout.readline().strip())
    if how == "kill":
        process.kill()
    process.stdin.close()
    process.wait(20)
    process.stdout.close()
    until(lambda: agents.running == [], "the agent was left behind")


def test_without_pyngrok_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyngrok", None)
    monkeypatch.setitem(sys.modules, "pyngrok.ngrok", None)
    with pytest.raises(fp.MissingExtra, match=r"pip install 'poebook\[ngrok\]'"):
        fp.open_tunnel(8080, "ngrok")
