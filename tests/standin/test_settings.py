"""Settings that are fetched and pushed, and what Poe makes of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import poebook as fp
from poebook.server.app import make_app
from tests.standin.asking import Keeps, Says, status_and_error, until
from tests.standin.conftest import Asks, OpenPoe

BRIEF = fp.ToggleSwitch(label="Brief", parameter_name="brief", default_value=True)
CONTROLS = fp.ParameterControls(
    sections=[
        fp.Section(
            controls=[
                fp.Slider(label="Size", parameter_name="size", default_value=3, min_value=0, max_value=5, step=1),
                fp.TextField(label="City", parameter_name="city"),
            ],
        ),
        fp.Section(
            tabs=[fp.Tab(controls=[fp.ToggleSwitch(label="Brief", parameter_name="brief", default_value=True)])]
        ),
    ]
)


def sync(client: Any, bot: str, key: str, **more: Any) -> None:
    client.library.sync_bot_settings(bot, key, base_url=f"{client.poe.base_url}bot/", **more)


def test_a_bot_is_asked_for_its_settings_once(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    client = asks(open_poe([bot]))
    client.text("Keeps")
    client.text("Keeps")
    assert bot.asked_for_settings == 1


def test_settings_are_fetched_on_request(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    poe = open_poe([bot])
    client = asks(poe)
    client.text("Keeps")
    bot.settings = fp.SettingsResponse(parameter_controls=CONTROLS)
    sync(client, "Keeps", str(poe.key_of("Keeps")))
    client.text("Keeps")
    assert bot.asked_for_settings == 2
    assert bot.last.query[-1].parameters == {"size": 3, "brief": True}


def test_settings_are_pushed(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    poe = open_poe([bot])
    client = asks(poe)
    sync(client, "Keeps", str(poe.key_of("Keeps")), settings={"parameter_controls": CONTROLS.model_dump()})
    client.parts("Keeps", request=client.request(client.message("hi", parameters={"size": 1, "odd": "x"})))
    assert bot.asked_for_settings == 0
    assert bot.last.query[-1].parameters == {"size": 1, "brief": True, "odd": "x"}


def test_make_app_pushes_to_the_local_poe(open_poe: OpenPoe, asks: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = Keeps(fp.SettingsResponse(parameter_controls=CONTROLS), access_key="k" * 32, bot_name="tides")
    poe = open_poe([bot])
    monkeypatch.setenv("POE_BASE_URL", poe.base_url)
    make_app(bot)
    assert bot.asked_for_settings == 1
    asks(poe).text("tides")
    assert bot.asked_for_settings == 1
    assert bot.last.query[-1].parameters["size"] == 3


def test_controls_need_the_second_version_of_settings(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps(fp.SettingsResponse(response_version=1, parameter_controls=CONTROLS))
    poe = open_poe([bot])
    asks(poe).text("Keeps")
    assert bot.last.query[-1].parameters == {}
    assert poe.inbox[0].words == "Poe drops parameter_controls without response_version=2."


def test_settings_that_cannot_be_had_leave_those_that_were_there(open_poe: OpenPoe, asks: Asks) -> None:
    class Moody(Keeps):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            if self.asked_for_settings:
                raise RuntimeError("not now")
            return await super().get_settings(setting)

    bot = Moody(fp.SettingsResponse(parameter_controls=CONTROLS))
    poe = open_poe([bot])
    client = asks(poe)
    client.text("Moody")
    with pytest.raises(client.library.BotError, match="could not be had"):
        sync(client, "Moody", str(poe.key_of("Moody")))
    client.text("Moody")
    assert bot.last.query[-1].parameters["size"] == 3


def test_a_bot_asks_to_be_asked_for_its_settings(open_poe: OpenPoe, asks: Asks) -> None:
    class Refetches(Keeps):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            yield fp.MetaResponse(refetch_settings=True)
            yield "hi"

    bot = Refetches()
    asks(open_poe([bot])).text("Refetches")
    until(lambda: bot.asked_for_settings == 2, "the bot was not asked again")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"allow_attachments": "perhaps"}, "allow_attachments"),
        ({"alow_attachments": True}, "Did you mean allow_attachments"),
        ({"server_bot_dependencies": {"echo": "many"}}, "server_bot_dependencies.echo"),
        ({"parameter_controls": {"sections": [{"controls": [{"control": "knob"}]}]}}, "parameter_controls"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    open_poe: OpenPoe, asks: Asks, settings: dict[str, Any], words: str
) -> None:
    poe = open_poe([Keeps()])
    client = asks(poe)
    with pytest.raises(client.library.BotError, match=words):
        sync(client, "Keeps", str(poe.key_of("Keeps")), settings=settings)


def test_a_wrong_key_and_an_unknown_bot_are_refused(open_poe: OpenPoe) -> None:
    poe = open_poe([Keeps()])
    assert status_and_error(poe, "bot/fetch_settings/Keeps/wrong/1.2", None)[0] == 401
    status, error = status_and_error(poe, "bot/update_settings/Keps/wrong/1.2", None, json={})
    assert status == 404
    assert "There is no bot Keps here. Here are Keeps." in error["message"]
    assert "wrong" not in error["message"]


def test_roles_take_turns_where_the_bot_wants_it(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps(fp.SettingsResponse(enforce_author_role_alternation=True))
    client = asks(open_poe([bot]))
    client.parts("Keeps", request=client.request(client.message("a"), client.message("b")))
    assert [message.content for message in bot.last.query] == ["a\n\nb"]


@pytest.mark.parametrize(("wanted", "content"), [(None, "tides said:\n\nebb"), (False, "ebb")])
def test_what_other_bots_said_comes_in_their_names(
    open_poe: OpenPoe, asks: Asks, wanted: bool | None, content: str
) -> None:
    bot = Keeps(fp.SettingsResponse(enable_multi_entity_prompting=wanted))
    client = asks(open_poe([bot]))
    library = client.library
    said = library.ProtocolMessage(role="bot", content="ebb", sender=library.Sender(name="tides"))
    own = library.ProtocolMessage(role="bot", content="flood", sender=library.Sender(name="Keeps"))
    client.parts("Keeps", request=client.request(client.message("a"), said, own, client.message("b")))
    assert [message.content for message in bot.last.query[1:3]] == [content, "flood"]


def test_long_histories_lose_their_beginning(open_poe: OpenPoe, asks: Asks) -> None:
    bot = Keeps()
    client = asks(open_poe([bot], limits={"messages": 3}))
    system = client.library.ProtocolMessage(role="system", content="be brief")
    client.parts("Keeps", request=client.request(system, *(client.message(str(n)) for n in range(10))))
    assert [message.content for message in bot.last.query] == ["be brief", "7", "8", "9"]


def test_slow_settings_hold_nobody_up_for_ever(open_poe: OpenPoe, asks: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Says):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            await asyncio.sleep(60)
            return self.settings

    monkeypatch.setattr("poebook.standin.state.SETTINGS_S", 0.1)
    poe = open_poe([Slow("hi")])
    assert asks(poe).text("Slow") == "hi"
    assert "settings could not be had" in poe.inbox[0].words
