"""make_app: what it refuses, which key it takes, what it makes of the application."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import httpx
import pytest

import poebook
import poebook.client.settings as client_settings
from tests import upstream
from tests.conftest import ServeApp
from tests.parity.pair import query
from tests.parity.standin import StandIn
from tests.upstream import fastapi_poe

KEY, OTHER = "k" * 32, "o" * 32
BOTH = pytest.mark.parametrize("fp", [fastapi_poe, poebook], ids=["the original", "ours"])
Make = Callable[[ModuleType], Any]

REFUSED: dict[str, Make] = {
    "a key in both places": lambda fp: fp.make_app(fp.PoeBot(access_key=KEY), access_key=OTHER),
    "the same key in both places": lambda fp: fp.make_app(fp.PoeBot(access_key=KEY), access_key=KEY),
    "an old key in both places": lambda fp: fp.make_app(fp.PoeBot(access_key=KEY), api_key=OTHER),
    "a name in both places": lambda fp: fp.make_app(fp.PoeBot(access_key=KEY, bot_name="a"), bot_name="b"),
    "a key for a list": lambda fp: fp.make_app([fp.PoeBot(access_key=KEY)], access_key=KEY),
    "an old key for a list": lambda fp: fp.make_app([fp.PoeBot(access_key=KEY)], api_key=KEY),
    "a name for a list": lambda fp: fp.make_app([fp.PoeBot(access_key=KEY)], bot_name="a"),
    "one path twice": lambda fp: fp.make_app([fp.PoeBot(access_key=KEY), fp.PoeBot(access_key=OTHER)]),
    "one path twice without keys": lambda fp: fp.make_app([fp.PoeBot(), fp.PoeBot()], allow_without_key=True),
    "a list with a bot without key": lambda fp: fp.make_app([fp.PoeBot("/a", KEY), fp.PoeBot("/b")]),
}
WARNINGS_ASIDE = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@BOTH
@pytest.mark.parametrize("name", REFUSED)
def test_make_app_refuses_with_a_value_error(fp: ModuleType, name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        REFUSED[name](fp)


@BOTH
@WARNINGS_ASIDE
@pytest.mark.parametrize(
    ("said", "environment", "taken"),
    [
        ({"access_key": KEY}, {}, KEY),
        ({"access_key": KEY}, {"POE_ACCESS_KEY": OTHER}, KEY),
        ({}, {"POE_ACCESS_KEY": OTHER}, OTHER),
        ({"api_key": KEY}, {}, KEY),
        ({"api_key": KEY}, {"POE_ACCESS_KEY": OTHER}, OTHER),
        ({"access_key": KEY, "api_key": OTHER}, {}, KEY),
        ({"api_key": KEY}, {"POE_API_KEY": OTHER}, KEY),
        ({}, {"POE_API_KEY": OTHER}, OTHER),
        ({"allow_without_key": True}, {"POE_ACCESS_KEY": OTHER}, OTHER),
        ({"allow_without_key": True}, {"POE_ACCESS_KEY": ""}, None),
        ({"allow_without_key": True}, {}, None),
    ],
)
def test_make_app_looks_for_the_key_in_one_order(
    fp: ModuleType, said: Any, environment: dict[str, str], taken: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    bot = fp.PoeBot()
    fp.make_app(bot, **said)
    assert bot.access_key == taken


@BOTH
@pytest.mark.parametrize(
    ("said", "environment"), [({"api_key": KEY}, {}), ({}, {"POE_API_KEY": KEY})], ids=["api_key", "$POE_API_KEY"]
)
def test_old_ways_to_give_the_key_warn(
    fp: ModuleType, said: Any, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.warns(DeprecationWarning, match=r"(?i)api_key"):
        fp.make_app(fp.PoeBot(), **said)


@BOTH
def test_a_bots_own_key_is_not_measured_and_comes_first(fp: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_ACCESS_KEY", OTHER)
    bot = fp.PoeBot(access_key="123")
    fp.make_app(bot)
    assert bot.access_key == "123"


@BOTH
def test_the_given_application_is_extended_and_given_back(fp: ModuleType) -> None:
    from fastapi import FastAPI

    app = FastAPI()
    assert fp.make_app(fp.PoeBot("/a", KEY), app=app) is app
    assert fp.make_app([fp.PoeBot("/b", KEY)], app=app) is app
    routes: list[Any] = [route for route in app.routes if getattr(route, "path", "") in ("/a", "/b")]
    assert sorted((route.path, sorted(route.methods - {"HEAD"})) for route in routes) == [
        ("/a", ["GET"]),
        ("/a", ["POST"]),
        ("/b", ["GET"]),
        ("/b", ["POST"]),
    ]
    assert isinstance(fp.make_app(fp.PoeBot(), allow_without_key=True), FastAPI)


@BOTH
@WARNINGS_ASIDE
def test_what_the_given_application_depends_on_comes_first(fp: ModuleType, serve_app: ServeApp) -> None:
    from fastapi import Depends, FastAPI, Header, HTTPException

    def guest(x_guest: str = Header("")) -> None:
        if x_guest != "yes":
            raise HTTPException(403, "By invitation only")

    url = serve_app(fp.make_app(fp.PoeBot(access_key=KEY), app=FastAPI(dependencies=[Depends(guest)])))
    headers = {"authorization": f"Bearer {KEY}"}
    assert httpx.post(url, json=query(), headers=headers).status_code == 403
    assert httpx.get(url).status_code == 403
    let_in = httpx.post(url, json=query(), headers={**headers, "x-guest": "yes"})
    assert let_in.text == 'event: text\r\ndata: {"text": "hello"}\r\n\r\nevent: done\r\ndata: {}\r\n\r\n'
    assert httpx.post(url, json=query(), headers={"x-guest": "yes"}).status_code == 401
    assert httpx.put(url, headers={"x-guest": "yes"}).status_code == 405
    assert "invitation" not in httpx.get(url, headers={"x-guest": "yes"}).text


@BOTH
@WARNINGS_ASIDE
def test_the_application_may_be_mounted_in_another(fp: ModuleType, serve_app: ServeApp) -> None:
    from fastapi import FastAPI

    outer = FastAPI()
    outer.mount("/bots", fp.make_app([fp.PoeBot("/a", KEY), fp.PoeBot("/b", KEY)]))
    url = serve_app(outer)
    headers = {"authorization": f"Bearer {KEY}"}
    assert httpx.post(f"{url}/bots/b", json=query(), headers=headers).text.startswith("event: text")
    assert httpx.post(f"{url}/b", json=query(), headers=headers).status_code == 404


@BOTH
@pytest.mark.parametrize("bot", [{"access_key": KEY}, {"bot_name": "Bot"}], ids=["no name", "no key"])
def test_a_bot_whose_settings_cannot_be_pushed_is_warned_of(
    fp: ModuleType, bot: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "uvicorn.default"):
        fp.make_app(fp.PoeBot(**bot), allow_without_key=True)
    assert any("settings" in record.getMessage().lower() for record in caplog.records)
    assert {record.name for record in caplog.records} == {"uvicorn.default"}


@pytest.fixture
def pushed(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """What stands for Poe where settings are pushed to, for both libraries."""
    standin = StandIn()
    standin.url = serve_app(standin)
    monkeypatch.setattr(
        upstream.base,
        "sync_bot_settings",
        partial(upstream.client.sync_bot_settings, base_url=f"{standin.url}/fastapi_poe/"),
    )
    monkeypatch.setattr(
        client_settings,
        "push_settings",
        lambda name, key, settings: client_settings.sync_bot_settings_async(
            name, key, settings=settings, base_url=f"{standin.url}/poebook/"
        ),
    )
    return standin


@pytest.mark.parametrize("bot_name", ["Tides", "Ebb-and_Flow.2"])
def test_settings_are_pushed_when_name_and_key_are_there(pushed: StandIn, bot_name: str) -> None:
    for fp in (fastapi_poe, poebook):

        async def get_settings(self: object, setting: Any, fp: ModuleType = fp) -> Any:
            return fp.SettingsResponse(introduction_message=f"{setting.type} {setting.version}")

        kind = type("Bot", (fp.PoeBot,), {"get_settings": get_settings})
        fp.make_app(kind(bot_name=bot_name), access_key=KEY)
        fp.make_app([kind("/a", KEY, bot_name), kind("/b", OTHER, bot_name)])
    wanted, given = pushed.take("fastapi_poe"), pushed.take("poebook")
    assert given == wanted
    assert [one["path"] for one in given] == [f"update_settings/{bot_name}/{key}/1.2" for key in (KEY, KEY, OTHER)]
    assert given[0]["said"]["introduction_message"] == "settings 1.2"


@BOTH
def test_a_push_that_fails_stops_nothing(fp: ModuleType, pushed: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    async def get_settings(self: object, setting: Any) -> Any:
        raise ValueError("not today")

    kind = type("Bot", (fp.PoeBot,), {"get_settings": get_settings})
    with caplog.at_level(logging.ERROR):
        fp.make_app(kind(bot_name="Tides"), access_key=KEY)
    assert "not today" in caplog.text
    assert "Tides" in caplog.text
    assert pushed.take(fp.__name__) == []


@BOTH
def test_the_old_way_to_take_attachments_warns(fp: ModuleType) -> None:
    body = {"version": "1.2", "type": "query", "user_id": "", "conversation_id": "", "message_id": ""}
    request = fp.QueryRequest.model_validate({**body, "query": [{"role": "user", "content": "a"}]})
    with pytest.warns(DeprecationWarning, match="insert_attachment_messages") as warned:
        assert fp.PoeBot().concat_attachment_content_to_message_body(request).query[-1].content == "a"
    assert [one.filename for one in warned] == [__file__]


@BOTH
def test_the_name_of_the_call_is_set_on_a_bot_that_has_none(fp: ModuleType) -> None:
    bot = fp.PoeBot()
    fp.make_app(bot, bot_name="Named", allow_without_key=True)
    assert bot.bot_name == "Named"


@BOTH
def test_bots_in_a_tuple_are_several(fp: ModuleType) -> None:
    paths = [getattr(route, "path", "") for route in fp.make_app((fp.PoeBot("/a", KEY), fp.PoeBot("/b", KEY))).routes]
    assert {"/a", "/b"} <= set(paths)
