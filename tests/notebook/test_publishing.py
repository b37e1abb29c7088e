"""``%poebot publish``, ``unpublish`` and ``sync``, and ``%%poebot --publish``."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import poebook as fp
from poebook.notebook.commands.publish import parsed
from poebook.notebook.completion import at_end_of
from poebook.notebook.options import words_of
from poebook.runtime.tunnel.providers import DEFAULT, provider_named
from tests.conftest import ServeApp
from tests.notebook.conftest import Notebook
from tests.notebooks.readme import README
from tests.runtime.asking import until
from tests.runtime.tunnel import proxies
from tests.server.poe import Poe

ECHO = "%%poebot echo{}\ndef get_response(request): return request.query[-1].content"
SAYS = "\ndef get_settings(setting): return fp.SettingsResponse(introduction_message={!r})"


@pytest.fixture
def poe(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> Poe:
    """A stand-in for Poe's servers that keeps what it was sent."""
    one = Poe()
    monkeypatch.setenv("POE_BASE_URL", serve_app(one))
    return one


def here(notebook: Notebook) -> str:
    """The address of this kernel's own server, which a test may take for a public one."""
    notebook.ok("%%poebot other\ndef get_response(request): return ''")
    return fp.served()["other"].base_url


def test_a_bot_is_published_and_unpublished(terminal: Notebook) -> None:
    url = here(terminal)
    terminal.ok(ECHO.format(""))
    told = terminal.ok(f"%poebot publish echo --via url --url {url}").stdout
    assert told.splitlines() == [
        f"echo is published at {url}/echo through url.",
        "At Poe: https://poe.com/create_bot?server=1 takes the name echo, this address, and the key.",
    ]
    assert str(fp.served()["echo"].key) not in told
    assert f"and published at {url}/echo" in terminal.ok(ECHO.format("")).text
    assert terminal.ok("%poebot unpublish echo").stdout == "echo has no public address any more.\n"
    assert terminal.ok("%poebot unpublish echo").stdout == "echo was not published.\n"
    assert terminal.ok("%poebot unpublish --all").stdout == "Nothing was published.\n"


def test_in_a_front_end_the_card_says_it(notebook: Notebook) -> None:
    url = here(notebook)
    notebook.ok(ECHO.format(""))
    (shown,) = notebook.ok(f"%poebot publish echo --via=url --url={url} --for 2h").displays
    assert "application/vnd.jupyter.widget-view+json" in shown
    publication = fp.served()["echo"].publication
    assert publication is not None
    assert publication.until is not None
    assert 7100 < (publication.until - publication.at).total_seconds() < 7300


def test_a_cell_publishes_its_bot_and_pushes_what_it_says_of_itself(terminal: Notebook, poe: Poe) -> None:
    url = here(terminal)
    first = ECHO.format(f" --publish url --url {url}") + SAYS.format("hello")
    assert f"echo is published at {url}/echo" in terminal.ok(first).stdout
    terminal.ok(first.replace("'hello'", "'good evening'"))
    until(lambda: len(poe.sent) == 2, "the new settings were not pushed")
    assert [sent.json()["introduction_message"] for sent in poe.sent] == ["hello", "good evening"]


def test_a_cell_that_cannot_be_published_is_served_all_the_same(terminal: Notebook, serve_app: ServeApp) -> None:
    outside = serve_app(proxies.ShowsPage(here(terminal)))
    sentence = terminal.run(ECHO.format(f" --publish url --url {outside}")).stderr
    assert "UsageError: echo is served here, but not published: " in sentence
    assert "shows a web page" in sentence
    assert str(fp.served()["echo"].ask("hi")) == "hi"


def test_what_is_in_the_way_is_one_sentence(terminal: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.ok(ECHO.format(""))
    monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", "/nowhere/ngrok.yml")
    assert "set NGROK_AUTHTOKEN" in terminal.wrong("%poebot publish echo")
    assert "ssh needs host=" in terminal.wrong("%poebot publish echo --via ssh")
    assert "plain http, and Poe asks https only" in terminal.wrong(
        "%poebot publish echo --via url --url http://a.example"
    )
    assert "There is no provider carrier" in terminal.wrong("%poebot publish echo --via carrier")
    assert "url has no option host" in terminal.wrong("%poebot publish echo --via url --host x")
    assert "Did you mean --via ssh?" in terminal.wrong("%poebot publish echo ssh")
    assert "Did you mean --remote-port?" in terminal.wrong("%poebot publish echo --remoteport 8")
    assert "is no length of time" in terminal.wrong("%poebot publish echo --for ever")
    assert "--via needs a value" in terminal.wrong("%poebot publish echo --via")
    assert "Which bot?" in terminal.wrong("%poebot publish")
    assert "Which bot?" in terminal.wrong("%poebot unpublish")


def test_sync_tells_poe_and_says_why_not(terminal: Notebook, poe: Poe) -> None:
    terminal.ok(ECHO.format(""))
    assert terminal.ok("%poebot sync echo").stdout == "Poe has the settings of echo.\n"
    assert terminal.ok("%poebot sync echo --fetch").stdout == "Poe has asked for the settings of echo.\n"
    assert [sent.path.split("/")[2] for sent in poe.sent] == ["update_settings", "fetch_settings"]
    poe.status = 404
    assert "Poe knows no bot echo yet" in terminal.wrong("%poebot sync echo")


def test_tab_offers_providers_and_their_options(terminal: Notebook) -> None:
    terminal.ok(ECHO.format(""))
    assert at_end_of("%poebot publish ") == ["echo"]
    assert at_end_of("%poebot publish echo --via ") == ["ngrok", "ssh", "url", "jupyter"]
    assert at_end_of("%poebot publish echo --via ssh --") == ["--for", "--host", "--remote-port", "--url", "--config"]
    assert at_end_of("%poebot sync ec") == ["echo"]


def test_the_command_line_has_poe_ask_with_the_key_that_is_kept(terminal: Notebook, poe: Poe) -> None:
    command = [sys.executable, "-m", "poebook", "sync", "echo"]

    def sync() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    unknown = sync()
    assert (unknown.returncode, poe.sent) == (2, [])
    assert "no key of echo is kept here" in unknown.stderr
    terminal.ok(ECHO.format(""))
    done = sync()
    assert (done.returncode, done.stdout) == (0, "Poe has asked for the settings of echo.\n")
    assert poe.sent[0].path == f"/bot/fetch_settings/echo/{fp.served()['echo'].key}/1.2"
    poe.status = 404
    failed = sync()
    assert failed.returncode == 1
    assert "create it there" in failed.stderr
    assert not re.search(str(fp.served()["echo"].key), done.stdout + done.stderr + failed.stdout + failed.stderr)


def test_what_the_readme_says_is_understood() -> None:
    said = re.findall(r"`%poebot publish echo([^`]*)`", README.read_text(encoding="utf-8"))
    assert len(said) >= 3
    for line in said:
        options = parsed(words_of(line))
        provider = provider_named(options.pop("provider", DEFAULT))
        options.pop("during", None)
        assert set(options) <= set(provider.options)


def test_tab_offers_how_to_publish_on_the_line_of_a_cell() -> None:
    assert at_end_of("%%poebot echo --publish ")[:4] == ["ngrok", "ssh", "url", "jupyter"]
    assert at_end_of("%%poebot echo --publish url --ur") == ["--url"]
    assert at_end_of("%%poebot echo --publish --via ") == ["ngrok", "ssh", "url", "jupyter"]
    assert at_end_of("%%poebot echo --publish url --url ") == []
    assert "--url" not in at_end_of("%%poebot echo ")
