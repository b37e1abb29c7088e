"""Bots given a public address: what is asked first, what Poe is told, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.runtime.registry import renew
from tests.conftest import ServeApp
from tests.runtime.asking import Says, headers, question, until
from tests.runtime.tunnel import proxies
from tests.runtime.tunnel.agents import Agents
from tests.runtime.tunnel.conftest import agents, sshd
from tests.runtime.tunnel.sshd import Sshd
from tests.server.poe import Poe

__all__ = ["agents", "sshd"]


class Introduces(Says):
    """Says something of itself to Poe."""

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message=self.what)


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poebook.client.conformance.probe.PATIENCE_S", 0.5)
    monkeypatch.setattr("poebook.client.conformance.probe.probe.__kwdefaults__", {"limits": None, "patience_s": 0.5})


@pytest.fixture
def echo() -> Iterator[fp.Served]:
    with fp.serve(Introduces("hello"), "echo") as bot:
        yield bot


@pytest.fixture
def poe(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> Poe:
    """A stand-in for Poe's servers that keeps what it was sent."""
    one = Poe()
    monkeypatch.setenv("POE_BASE_URL", serve_app(one))
    return one


def test_an_address_that_leads_here_is_asked_from_outside_and_published(echo: fp.Served, serve_app: ServeApp) -> None:
    outside = serve_app(proxies.Proxy(echo.base_url))
    assert echo.public_url is None
    assert echo.publish("url", url=outside) is echo
    assert echo.public_url == f"{outside}/echo"
    assert echo.publication is not None
    assert [one.says for one in echo.publication.asked] == [
        "A wrong key is refused",
        "The right key is accepted",
        "The first event comes within 5 s",
        "Events arrive one by one",
    ]
    assert [one.figure.split()[1] for one in echo.publication.asked] == ["ms", "ms", "ms", "events"]
    echo.unpublish()
    assert echo.public_url is None
    echo.unpublish()


def test_the_handler_is_not_asked_for_that(echo: fp.Served) -> None:
    echo.publish("url", url=echo.base_url)
    assert echo.calls == []


def test_an_address_that_ends_in_the_bots_own_path_is_understood(echo: fp.Served, serve_app: ServeApp) -> None:
    outside = serve_app(proxies.Proxy(echo.base_url))
    echo.publish("url", url=f"{outside}/echo")
    assert echo.public_url == f"{outside}/echo"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (proxies.Gathers, "gathers an answer and passes it on in a lump"),
        (proxies.ShowsPage, "shows a web page"),
        (proxies.WantsLogin, "wants a login of its own"),
        (proxies.DropsKey, "The key does not come through"),
        (proxies.ChangesPaths, "leads to this kernel, but to another path"),
        (proxies.OtherAnswers, "should be answered with 501"),
        (proxies.CutsStreams, "does not come whole"),
        (proxies.LeadsOn, "leads on to https://www.example.org/there; give that address"),
        (proxies.NothingThere, "There is nothing at"),
        (proxies.DeadBehind, "does not reach this kernel"),
        (proxies.NoBot, "is no bot server"),
    ],
)
def test_what_stands_in_the_way_is_told_and_nothing_is_published(
    echo: fp.Served, serve_app: ServeApp, kind: type[proxies.Proxy], words: str
) -> None:
    outside = serve_app(kind(echo.base_url))
    with pytest.raises(fp.TunnelError, match=words) as caught:
        echo.publish("url", url=outside)
    assert "s3cret" not in str(caught.value)
    assert str(echo.key) not in str(caught.value)
    assert echo.public_url is None
    echo.publish("url", url=echo.base_url)


def test_something_that_shows_the_key_for_everybody_is_told(echo: fp.Served, serve_app: ServeApp) -> None:
    proxy = proxies.AddsKey(echo.base_url)
    proxy.key = str(echo.key)
    with pytest.raises(fp.TunnelError, match="adds a key of its own"):
        echo.publish("url", url=serve_app(proxy))


def test_nobody_at_the_address_is_told(echo: fp.Served) -> None:
    with pytest.raises(fp.TunnelError, match="Nothing answers at"):
        echo.publish("url", url="http://127.0.0.1:9")


def test_a_bot_without_a_key_is_not_published() -> None:
    with fp.serve(Says(), "open", no_key=True) as bot, pytest.raises(fp.ServeError, match="serve it with one"):
        bot.publish("url", url=bot.base_url)


def test_a_stopped_bot_is_not_published(echo: fp.Served) -> None:
    echo.stop()
    with pytest.raises(fp.ServeError, match="has been stopped"):
        echo.publish("url", url="http://127.0.0.1:9")


def test_all_bots_share_one_way_in(echo: fp.Served, serve_app: ServeApp) -> None:
    outside = serve_app(proxies.Proxy(echo.base_url))
    with fp.serve(Says(), "other") as other:
        echo.publish("url", url=outside)
        other.publish()
        assert other.public_url == f"{outside}/other"
        with pytest.raises(fp.TunnelError, match="share one way in, which is url now, for other"):
            echo.publish("url", url=echo.base_url)
        echo.unpublish()
        assert (echo.public_url, other.public_url) == (None, f"{outside}/other")


def test_the_address_outlives_a_swap_and_not_a_stop(echo: fp.Served) -> None:
    echo.publish("url", url=echo.base_url)
    public = echo.public_url
    fp.serve(Says("more"), "echo")
    assert echo.public_url == public
    echo.stop()
    assert echo.public_url is None


def test_it_ends_by_itself_after_the_time_given(echo: fp.Served) -> None:
    echo.publish("url", url=echo.base_url, during=0.3)
    assert echo.publication is not None
    assert echo.publication.until is not None
    until(lambda: echo.public_url is None, "it was still published")
    assert "its public address is gone" in echo.journal.lines[-1].text


def test_poes_first_request_is_noticed(echo: fp.Served, serve_app: ServeApp) -> None:
    outside = serve_app(proxies.Proxy(echo.base_url))
    echo.publish("url", url=outside)
    publication = echo.publication
    assert publication is not None
    echo.ask("hi")
    httpx.post(str(echo.public_url), json=question(), headers={"Authorization": "Bearer wrong"})
    assert publication.heard is None
    httpx.post(str(echo.public_url), json=question(), headers=headers(echo))
    until(lambda: publication.heard is not None, "Poe was not heard")


# -- settings ----------------------------------------------------------------------------------------------------


def pushes(poe: Poe) -> list[Any]:
    return [sent.json() for sent in poe.sent]


def test_settings_are_pushed_after_publishing_and_after_swaps_that_change_them(echo: fp.Served, poe: Poe) -> None:
    echo.publish("url", url=echo.base_url)
    (sent,) = poe.sent
    assert sent.path == f"/bot/update_settings/echo/{echo.key}/1.2"
    assert sent.json()["introduction_message"] == "hello"
    assert echo.publication is not None
    assert echo.publication.pushed is not None
    assert echo.publication.pushed.says == "Poe has the settings."
    fp.serve(Introduces("good evening"), "echo")
    until(lambda: len(poe.sent) == 2, "the new settings were not pushed")
    assert pushes(poe)[1]["introduction_message"] == "good evening"


def test_settings_that_did_not_change_are_not_pushed_again(echo: fp.Served, poe: Poe) -> None:
    echo.publish("url", url=echo.base_url)
    fp.serve(Introduces("hello"), "echo")
    fp.serve(Introduces("good evening"), "echo")
    until(lambda: len(poe.sent) == 2, "the new settings were not pushed")
    assert pushes(poe)[1]["introduction_message"] == "good evening"


def test_nothing_is_pushed_of_what_is_not_published(echo: fp.Served, poe: Poe) -> None:
    echo.publish("url", url=echo.base_url)
    echo.unpublish()
    fp.serve(Introduces("good evening"), "echo")
    echo.publish("url", url=echo.base_url)
    assert [said["introduction_message"] for said in pushes(poe)] == ["hello", "good evening"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "Poe knows no bot echo yet; create it there, then push the settings."),
        (401, "Poe refused the key of echo; enter the key of the card at Poe, then push again."),
        (503, "Poe could not take the settings of echo (status 503); push them again later."),
    ],
)
def test_a_refusal_is_kept_for_the_card_and_publishes_all_the_same(
    echo: fp.Served, poe: Poe, status: int, words: str
) -> None:
    poe.status = status
    echo.publish("url", url=echo.base_url)
    assert echo.publication is not None
    assert echo.publication.pushed is not None
    assert (echo.publication.pushed.ok, echo.publication.pushed.says) == (False, words)
    with pytest.raises(fp.BotError):
        echo.sync()
    poe.status = 200
    echo.sync()
    assert echo.publication.pushed.ok


def test_sync_pushes_or_has_poe_ask(echo: fp.Served, poe: Poe) -> None:
    echo.sync()
    echo.sync(fetch=True)
    assert [sent.path.split("/")[2] for sent in poe.sent] == ["update_settings", "fetch_settings"]


def test_the_name_at_poe_is_the_bots_own_where_it_has_one(poe: Poe) -> None:
    bot = Introduces("hello")
    bot.bot_name = "Echo-of-Ada"
    with fp.serve(bot, "echo") as served:
        served.sync()
    assert poe.sent[0].path.split("/")[3] == "Echo-of-Ada"


def test_a_new_key_is_pushed_with(echo: fp.Served, poe: Poe) -> None:
    echo.publish("url", url=echo.base_url)
    renew("echo")
    until(lambda: len(poe.sent) == 2, "nothing was pushed")
    assert str(echo.key) in poe.sent[1].path


def test_settings_that_cannot_be_said_are_told(poe: Poe) -> None:
    class Fails(Says):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            raise KeyError("lisbon")

    with fp.serve(Fails(), "fails") as bot, pytest.raises(fp.ServeError, match="could not say its settings"):
        bot.sync()
    assert poe.sent == []


def test_a_local_poe_knows_the_settings_then(echo: fp.Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with fp.LocalPoe({"echo": echo}) as poe:
        monkeypatch.setenv("POE_BASE_URL", poe.base_url)
        echo.publish("url", url=echo.base_url)
        assert echo.publication is not None
        assert echo.publication.pushed is not None
        assert echo.publication.pushed.ok


# -- through providers -------------------------------------------------------------------------------------------


def test_through_ssh_and_through_its_breaking(echo: fp.Served, sshd: Sshd) -> None:
    echo.publish("ssh", host="localhost", config=str(sshd.config))
    publication = echo.publication
    assert publication is not None
    assert (publication.via, publication.broken) == ("ssh", None)
    told: list[str | None] = []
    echo.subscribe(lambda: told.append(publication.broken))
    sshd.drop_sessions()
    until(lambda: len(told) >= 2 and told[-1] is None, "it was not restored")
    assert "being restored" in str(told[0])
    assert httpx.post(str(echo.public_url), json=question(), headers=headers(echo)).status_code == 200
    echo.unpublish()
    until(lambda: sshd.sessions() == [], "ssh was still connected")


def test_through_a_stand_in_for_ngroks_agent(echo: fp.Served, agents: Agents) -> None:
    echo.publish()
    assert echo.publication is not None
    assert echo.publication.via == "ngrok"
    assert httpx.post(str(echo.public_url), json=question(), headers=headers(echo)).status_code == 200
    fp.served()["echo"].stop()
    until(lambda: agents.running == [], "the agent was left behind")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("buffering", "does not come whole|in a lump"),
        ("interstitial", "shows a web page"),
        ("refusing", "does not know this auth token"),
        ("used-up", "used up for this month"),
    ],
)
def test_a_stand_in_agent_that_spoils_something_is_told_and_ended(
    echo: fp.Served, agents: Agents, how: str, words: str
) -> None:
    agents.behave(how)
    with pytest.raises(fp.TunnelError, match=words):
        echo.publish("ngrok")
    assert echo.public_url is None
    assert agents.running == []


def test_through_jupyter_the_token_is_part_of_the_address_and_of_nothing_that_is_shown(
    echo: fp.Served, serve_app: ServeApp
) -> None:
    class Jupyter(proxies.Proxy):
        async def serve(self, scope: Any, body: bytes, send: Any) -> None:
            if scope["query_string"] != b"token=t0ken":
                await self.plainly(send, 403, b"log in")
            else:
                await self.pass_on(scope, body, send)

        def path(self, scope: Any) -> str:
            _, _, _, _, port, *rest = str(scope["path"]).split("/")
            self.upstream = f"http://127.0.0.1:{port}"
            return "/" + "/".join(rest)

    outside = serve_app(Jupyter(echo.base_url))
    echo.publish("jupyter", url=f"{outside}/user/ada", token="t0ken")
    assert str(echo.public_url).endswith("/echo?token=t0ken")
    assert echo.publication is not None
    assert "t0ken" not in repr(echo) + repr(echo.publication)
    assert "this kernel" in str(echo.publication.warning)


def test_nothing_secret_is_written(echo: fp.Served, poe: Poe, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    echo.publish("url", url=echo.base_url)
    renew("echo")
    until(lambda: len(poe.sent) == 2, "nothing was pushed")
    ours = [record.getMessage() for record in caplog.records if record.name != "uvicorn.access"]  # the stand-in's own
    assert ours
    assert str(echo.key) not in "".join(ours)


def test_an_agent_that_had_to_start_again_is_asked_anew_and_its_new_address_told(
    echo: fp.Served, agents: Agents
) -> None:
    import os

    echo.publish("ngrok")
    publication = echo.publication
    assert publication is not None
    first, at = echo.public_url, publication.at
    assert not publication.moved
    os.kill(agents.running[0], 9)
    until(lambda: publication.at != at and publication.broken is None, "it was not asked anew")
    assert publication.moved
    assert echo.public_url != first
    assert httpx.post(str(echo.public_url), json=question(), headers=headers(echo)).status_code == 200
    echo.unpublish()


def test_an_agent_that_comes_back_worse_is_told(echo: fp.Served, agents: Agents) -> None:
    import os

    echo.publish("ngrok")
    publication = echo.publication
    assert publication is not None
    agents.behave("interstitial")
    os.kill(agents.running[0], 9)
    until(lambda: "shows a web page" in str(publication.broken), "nobody noticed")
    echo.unpublish()


def test_a_tunnel_leads_to_bots_that_have_a_key_and_to_nothing_else(echo: fp.Served, sshd: Sshd) -> None:
    with fp.serve(Says(), "open", no_key=True) as keyless, fp.serve(Says(), "other") as other:
        echo.publish("ssh", host="localhost", config=str(sshd.config))
        public = str(echo.public_url).removesuffix("/echo")

        def status(path: str, **headers: str) -> int:
            return httpx.post(public + path, json=question(), headers=headers).status_code

        assert status("/other", Authorization=f"Bearer {other.key}") == 200
        assert status("/open") == 403
        assert status("/open", Host="127.0.0.1") == 403
        assert httpx.get(f"{public}/_poe/v1/models").status_code == 404
        assert httpx.post(keyless.url, json=question()).status_code == 200
        assert httpx.get(f"{keyless.base_url}/_poe/v1/models").status_code != 404
        echo.unpublish()


def test_a_published_bot_answers_on_the_loop_of_all_its_other_answers(echo: fp.Served, sshd: Sshd) -> None:
    import asyncio

    class Names(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
            yield str(id(asyncio.get_running_loop()))

    with fp.serve(Names(), "names") as names:
        names.publish("ssh", host="localhost", config=str(sshd.config))
        here = names.ask("hi").text
        assert here in httpx.post(str(names.public_url), json=question(), headers=headers(names)).text


def test_publishing_again_mends_a_way_in_that_was_given_up_for_all_bots(echo: fp.Served, sshd: Sshd) -> None:
    how = {"host": "localhost", "config": str(sshd.config)}
    keys = sshd.folder / "authorized_keys"
    allowed = keys.read_text()
    with fp.serve(Says(), "other") as other:
        echo.publish("ssh", **how)
        other.publish()
        publication = other.publication
        assert publication is not None
        keys.write_text("")
        sshd.drop_sessions()
        until(lambda: "refused the login" in str(publication.broken), "nobody noticed")
        keys.write_text(allowed)
        echo.publish("ssh", **how)
        until(lambda: publication.broken is None, "the other was left behind")
        assert httpx.post(str(other.public_url), json=question(), headers=headers(other)).status_code == 200


def test_a_bot_that_is_stopped_while_it_is_being_published_stops(
    echo: fp.Served, sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading
    import time

    world = echo._house.world
    opening, entered = world._open_outside, threading.Event()

    def slowly() -> Any:  # what the opening gives
        entered.set()
        time.sleep(0.3)  # in which the bot is stopped
        return opening()

    monkeypatch.setattr(world, "_open_outside", slowly)
    outcome: list[BaseException] = []

    def publish() -> None:
        try:
            echo.publish("ssh", host="localhost", config=str(sshd.config))
        except fp.PoebookError as error:
            outcome.append(error)

    publishing = threading.Thread(target=publish)
    publishing.start()
    assert entered.wait(20)
    stopping = threading.Thread(target=echo.stop)
    stopping.start()
    stopping.join(20)
    publishing.join(20)
    assert not stopping.is_alive()
    assert not publishing.is_alive()
    assert echo.public_url is None
    until(lambda: sshd.sessions() == [], "ssh was still connected")


def test_a_bot_whose_key_is_taken_away_is_unpublished_and_says_so(echo: fp.Served) -> None:
    echo.publish("url", url=echo.base_url)
    fp.serve(Says(), "echo", no_key=True)
    assert echo.public_url is None
    assert echo.obstacle == "echo has no key any more, so it was unpublished."
