"""Tunnels in general, and the providers that need no program."""

from __future__ import annotations

import pytest

import poebook as fp
from poebook.runtime.tunnel.backoff import HELD_S, Backoff
from poebook.runtime.tunnel.duration import seconds


def test_an_address_that_leads_here_is_taken_as_it_is() -> None:
    with fp.open_tunnel(8080, "url", url="https://bots.example.org/mine/") as tunnel:
        assert (tunnel.url, tunnel.provider, tunnel.state) == ("https://bots.example.org/mine", "url", "open")
    assert tunnel.state == "closed"
    tunnel.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "No public address was given"),
        ("bots.example.org", "is no complete address"),
        ("https://", "is no complete address"),
        ("ftp://bots.example.org", "is no complete address"),
        ("https://bots.example.org:port", "is no address"),
        ("http://bots.example.org", "plain http, and Poe asks https only"),
    ],
)
def test_what_poe_could_not_ask_is_refused(url: str, words: str) -> None:
    with pytest.raises(fp.TunnelError, match=words) as caught:
        fp.open_tunnel(8080, "url", url=url)
    assert caught.value.final


def test_plain_http_is_fine_on_this_machine() -> None:
    with fp.open_tunnel(8080, "url", url="http://127.0.0.1:9000") as tunnel:
        assert tunnel.url == "http://127.0.0.1:9000"


def test_a_secret_in_an_address_is_not_in_its_error() -> None:
    with pytest.raises(fp.TunnelError) as caught:
        fp.open_tunnel(8080, "url", url="http://bots.example.org/x?token=s3cret")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(("provider", "words"), [("ngork", "Did you mean ngrok?"), ("carrier", "There are ngrok, ssh")])
def test_a_provider_that_there_is_not_is_said(provider: str, words: str) -> None:
    with pytest.raises(fp.TunnelError, match=words.replace("?", r"\?")):
        fp.open_tunnel(8080, provider)


@pytest.mark.parametrize("port", [0, 65536, "8080"])
def test_what_is_no_port_is_said(port: int) -> None:
    with pytest.raises(fp.TunnelError, match="is no port"):
        fp.open_tunnel(port, "url", url="https://bots.example.org")


def test_jupyter_leads_through_its_proxy() -> None:
    with fp.open_tunnel(8080, "jupyter", url="https://hub.example.org/user/ada/", token="t0ken") as tunnel:
        assert tunnel.url == "https://hub.example.org/user/ada/proxy/8080"
        assert "t0ken" not in repr(tunnel)


def test_jupyter_says_which_address_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    with pytest.raises(fp.TunnelError, match="it ends in /user/ada/"):
        fp.open_tunnel(8080, "jupyter")


def test_waits_grow_to_half_a_minute_and_begin_anew_after_a_good_line() -> None:
    waits = Backoff()
    assert [waits.next_s() for _ in range(10)][-1] == 30
    waits.held(HELD_S / 2)
    assert waits.next_s() == 30
    waits.held(HELD_S)
    assert waits.next_s() == 0.2


@pytest.mark.parametrize("words", ["", "soon", "2", "2h and more", "-1h", "0s", "inf"])
def test_what_is_no_length_of_time_is_said(words: str) -> None:
    with pytest.raises(fp.TunnelError, match="no length of time"):
        seconds(words)
