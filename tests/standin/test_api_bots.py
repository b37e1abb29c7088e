"""API bots by Poe's REST interface, against a local Poe."""

from __future__ import annotations

from typing import Any

import pytest

import poebook as fp
from poebook.errors import InvalidKey, InvalidParameterError
from tests.conftest import ServeApp
from tests.server.poe import Poe
from tests.standin.asking import Says
from tests.standin.conftest import OpenPoe

DOOR: dict[str, Any] = {"base_url": "https://bots.example.org/v1/", "model_name": "tides", "model_key": "s3cret-s3cret"}


@pytest.fixture
def poe(open_poe: OpenPoe, monkeypatch: pytest.MonkeyPatch) -> fp.LocalPoe:
    one = open_poe({"echo": Says})
    monkeypatch.setenv("POE_BASE_URL", one.base_url)
    monkeypatch.setenv("POE_API_KEY", one.api_key)
    return one


def test_a_bot_is_registered_found_and_deleted(poe: fp.LocalPoe) -> None:
    assert fp.api_bots() == []
    fp.create_api_bot("Tides", description="When it is high.", prices={"prompt": "0.000001", "completion": "0"}, **DOOR)
    (found,) = fp.api_bots()
    assert found == fp.api_bot("Tides")
    assert (found["handle"], found["description"]) == ("Tides", "When it is high.")
    settings = found["api_bot_settings"]
    assert (settings["base_url"], settings["model_name"]) == ("https://bots.example.org/v1", "tides")
    assert settings["pricing"]["prompt"] == "0.000001"
    assert settings["input_modalities"] == ["text"]
    assert "s3cret" not in str(found)
    fp.delete_api_bot("Tides")
    assert fp.api_bots() == []


def test_what_is_refused_is_told_with_the_reason(poe: fp.LocalPoe, monkeypatch: pytest.MonkeyPatch) -> None:
    fp.create_api_bot("Tides", **DOOR)
    with pytest.raises(fp.BotError, match="a bot of that name exists already") as caught:
        fp.create_api_bot("Tides", **DOOR)
    assert (caught.value.status, caught.value.bot_name) == (409, "Tides")
    with pytest.raises(fp.BotError, match="a bot of that name exists already"):
        fp.create_api_bot("echo", **DOOR)
    with pytest.raises(fp.BotError, match="there is no such bot, or the account is not enabled"):
        fp.delete_api_bot("Moon")
    with pytest.raises(fp.BotError, match="the key is wrong, or the account is not enabled"):
        fp.api_bots(api_key="another")
    monkeypatch.delenv("POE_API_KEY")
    with pytest.raises(InvalidKey, match="set POE_API_KEY"):
        fp.api_bots()


def test_names_are_quoted_in_addresses(poe: fp.LocalPoe) -> None:
    fp.create_api_bot("Tides & Moon?", **DOOR)
    assert fp.api_bot("Tides & Moon?")["handle"] == "Tides & Moon?"


@pytest.mark.parametrize("address", ["bots.example.org/v1", "https://bots.example.org", "ftp://bots.example.org/v1"])
def test_what_is_no_door_is_refused_before_poe_is_asked(poe: fp.LocalPoe, address: str) -> None:
    with pytest.raises(InvalidParameterError, match="no address of a door"):
        fp.create_api_bot("Tides", base_url=address, model_name="tides", model_key="s3cret")


def test_no_key_is_in_an_error(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    said = f"no: {DOOR['model_key']} for own-key-own-key".encode()
    monkeypatch.setenv("POE_BASE_URL", serve_app(Poe(status=500, body=said)))
    with pytest.raises(fp.BotError) as caught:
        fp.create_api_bot("Tides", api_key="own-key-own-key", **DOOR)
    assert "it says: no:" in str(caught.value)
    assert "s3cret" not in str(caught.value) + str(caught.value.body)
    assert "own-key" not in str(caught.value) + str(caught.value.body)


def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9")
    with pytest.raises(fp.BotError, match="Is the network there"):
        fp.api_bots(api_key="own-key")


async def test_it_works_inside_a_running_loop(poe: fp.LocalPoe) -> None:
    assert fp.api_bots() == []


def test_answers_of_other_shapes_are_read_as_nothing(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_BASE_URL", serve_app(Poe(body=b'["x"]')))
    assert fp.api_bots(api_key="own-key") == []
    monkeypatch.setenv("POE_BASE_URL", serve_app(Poe(body=b"fine", content_type="text/plain")))
    assert fp.api_bot("Tides", api_key="own-key") == {}
