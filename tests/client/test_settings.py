"""Settings pushed to Poe: the key is in the address, and nowhere else."""

from __future__ import annotations

import logging
import socket
import time

import pytest

import poebook as fp
from poebook.client import settings as module
from tests.client.player import Player, Scene
from tests.conftest import ServeApp

KEY = "k" * 32
TAKEN = Scene([b"ok"], headers=[])


def test_without_settings_poe_is_to_ask_the_bot(serve_app: ServeApp) -> None:
    player = Player([TAKEN])
    fp.sync_bot_settings("Tides", KEY, base_url=f"{serve_app(player)}/bot/")
    assert player.asked[0].path == f"/bot/fetch_settings/Tides/{KEY}/1.2"


def test_settings_are_sent_as_json(serve_app: ServeApp) -> None:
    player = Player([TAKEN])
    base = f"{serve_app(player)}/bot/"
    settings = fp.SettingsResponse(introduction_message="I know tides.")
    fp.sync_bot_settings("Tides", KEY, settings=settings.model_dump(), base_url=base)
    fp.sync_bot_settings("Tides", KEY, settings={}, base_url=base)
    assert [asked.path for asked in player.asked] == [f"/bot/update_settings/Tides/{KEY}/1.2"] * 2
    assert [asked.json for asked in player.asked] == [settings.model_dump(), {}]
    assert player.asked[0].headers["content-type"] == "application/json"


async def test_it_works_inside_a_running_loop_and_prints_nothing(
    serve_app: ServeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    player = Player([TAKEN])
    fp.sync_bot_settings("Tides", KEY, base_url=f"{serve_app(player)}/")
    assert len(player.asked) == 1
    assert capsys.readouterr() == ("", "")


def test_a_refusal_is_an_error_without_the_key(serve_app: ServeApp) -> None:
    base = f"{serve_app(Player([Scene([b'no bot for ' + KEY.encode()], 404, headers=[])]))}/"
    with pytest.raises(fp.BotError, match="Error syncing settings for bot Tides: no bot for ") as caught:
        fp.sync_bot_settings("Tides", KEY, base_url=base)
    assert KEY not in str(caught.value)
    assert (caught.value.status, caught.value.bot_name) == (404, "Tides")


def test_nobody_there_is_an_error_without_the_key() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        base = f"http://127.0.0.1:{free.getsockname()[1]}/bot/"
    with pytest.raises(fp.BotError, match=f"nothing answers at {base}") as caught:
        fp.sync_bot_settings("Tides", KEY, base_url=base)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("settings", "hint"), [(None, " Check that the bot server is running."), ({}, "")])
def test_silence_is_an_error_that_says_what_to_check(
    serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch, settings: dict[str, object] | None, hint: str
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.2)
    base = f"{serve_app(Player([Scene([b''], headers=[], hold=True)]))}/"
    began = time.monotonic()
    with pytest.raises(fp.BotError) as caught:
        fp.sync_bot_settings("Tides", KEY, settings=settings, base_url=base)
    assert str(caught.value) == f"Timeout syncing settings for bot Tides.{hint}"
    assert time.monotonic() - began < 5


def test_the_key_is_in_no_log(serve_app: ServeApp, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fp.sync_bot_settings("Tides", KEY, base_url=f"{serve_app(Player([TAKEN]))}/")
    ours = [record for record in caplog.records if not record.name.startswith("uvicorn")]
    assert any(record.name == "httpx" for record in ours)
    assert not any(KEY in record.getMessage() for record in ours)


def test_poe_base_url_is_where_settings_go(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player([TAKEN])
    monkeypatch.setenv("POE_BASE_URL", serve_app(player))
    fp.sync_bot_settings("Tides", KEY)
    assert player.asked[0].path.startswith("/bot/fetch_settings/")
