"""What make_app puts together, and what it refuses to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import fastapi
import httpx
import pytest

import poebook as fp
from poebook.errors import InvalidKey, InvalidSetup
from tests.conftest import ServeApp
from tests.server.asking import KEY, events, post, query, text
from tests.server.poe import Poe

OTHER = "o" * 32


def _bot(path: str = "/", key: str | None = None, name: str | None = None) -> fp.PoeBot:
    return fp.PoeBot(path=path, access_key=key, bot_name=name)


def _app(given: Any, *more: Any, **options: Any) -> fastapi.FastAPI:
    """make_app, for calls that its types forbid too."""
    return fp.make_app(given, *more, **options)


@pytest.fixture
def poe(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> Poe:
    """Settings go here."""
    stand_in = Poe()
    monkeypatch.setenv("POE_BASE_URL", serve_app(stand_in) + "/")
    return stand_in


# -- the key ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "environment", "key"),
    [
        ({"access_key": KEY}, {"POE_ACCESS_KEY": OTHER}, KEY),
        ({}, {"POE_ACCESS_KEY": KEY, "POE_API_KEY": OTHER}, KEY),
        ({}, {"POE_ACCESS_KEY": KEY, "POE_API_KEY": "short"}, KEY),
        ({"allow_without_key": True}, {}, None),
        ({"allow_without_key": True}, {"POE_ACCESS_KEY": KEY}, KEY),
        ({"allow_without_key": True}, {"POE_API_KEY": "the client's, which is of another length"}, None),
    ],
)
def test_a_bot_without_key_gets_one(
    options: dict[str, Any], environment: dict[str, str], key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    bot = _bot()
    fp.make_app(bot, **options)
    assert bot.access_key == key


@pytest.mark.parametrize(
    ("options", "environment", "words"),
    [
        ({"api_key": KEY}, {"POE_API_KEY": OTHER}, "api_key= is deprecated"),
        ({}, {"POE_API_KEY": KEY}, "set POE_ACCESS_KEY instead"),
    ],
)
def test_older_ways_to_give_a_key_warn_whoever_called(
    options: dict[str, Any], environment: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    bot = _bot()
    with pytest.warns(DeprecationWarning, match=words) as caught:
        fp.make_app(bot, **options)
    assert bot.access_key == KEY
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ({}, {}),
        ({"access_key": "short-secret"}, {}),
        ({"access_key": "short-secret"}, {"POE_ACCESS_KEY": KEY}),
        ({"access_key": "short-secret", "allow_without_key": True}, {}),
        ({"api_key": "short-secret"}, {}),
        ({}, {"POE_ACCESS_KEY": "short-secret"}),
        ({"allow_without_key": True}, {"POE_ACCESS_KEY": "short-secret"}),
        ({}, {"POE_API_KEY": "the client's short-secret, of another length"}),
    ],
)
@pytest.mark.filterwarnings("ignore:api_key= is deprecated:DeprecationWarning")
def test_no_key_or_a_wrong_one_is_an_error_that_says_where_to_get_one(
    options: dict[str, Any],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=r"poe\.com/create_bot") as caught:
        fp.make_app(_bot(), **options)
    assert isinstance(caught.value, InvalidKey)
    assert "short-secret" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_bots_own_key_is_not_measured() -> None:
    fp.make_app(_bot(key="123"))


def test_an_empty_key_is_no_key() -> None:
    with pytest.raises(InvalidKey):
        fp.make_app(_bot(key=""))
    with pytest.raises(InvalidKey):
        fp.make_app([_bot(key="")])


# -- what is said twice, or does not go together ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "options", "words"),
    [
        (lambda: _bot(key=OTHER), {"access_key": KEY}, "one place only"),
        (lambda: _bot(key=OTHER), {"api_key": KEY}, "one place only"),
        (lambda: _bot(key=OTHER, name="a"), {"bot_name": "b"}, "one place only"),
        (lambda: [_bot(key=OTHER)], {"bot_name": "b"}, "to each bot"),
        (lambda: [_bot()], {"access_key": KEY}, "to each bot"),
        (lambda: [_bot()], {"api_key": KEY}, "to each bot"),
        (lambda: [_bot("/a", OTHER), _bot("/a", OTHER)], {}, "path /a"),
        (lambda: [_bot("/a", OTHER), _bot("/b")], {}, "at /b has no access key"),
        (lambda: _bot("a", OTHER), {}, "path='/a'"),
        (lambda: fp.PoeBot, {}, r"make_app\(PoeBot\(\)\)"),
        (lambda: ["echo"], {}, "a str is none"),
    ],
)
def test_what_does_not_go_together_is_refused(
    given: Callable[[], Any], options: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        _app(given(), **options)
    assert isinstance(caught.value, InvalidSetup)
    assert KEY not in str(caught.value)
    assert OTHER not in str(caught.value)


def test_with_several_bots_no_key_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_ACCESS_KEY", KEY)
    bots = [_bot("/a"), _bot("/b", OTHER)]
    fp.make_app(bots, allow_without_key=True)
    assert [bot.access_key for bot in bots] == [None, OTHER]


# -- the application ------------------------------------------------------------------------------------------------


class _Named(fp.PoeBot):
    async def get_response(self, request: Any) -> Any:
        yield self.path


async def test_several_bots_are_served_by_their_paths(serve_app: ServeApp) -> None:
    bots = [_Named(path="/a", access_key=KEY), _Named(path="/b/c", access_key=OTHER)]
    url = serve_app(fp.make_app(bots))
    assert text(await events(f"{url}/a", key=KEY)) == "/a"
    assert text(await events(f"{url}/b/c", key=OTHER)) == "/b/c"
    assert (await post(f"{url}/a", query(), key=OTHER)).status_code == 401


async def test_a_given_application_is_extended(serve_app: ServeApp) -> None:
    app = fastapi.FastAPI()

    @app.get("/health")
    async def health() -> str:
        return "well"

    assert fp.make_app(_bot("/bot"), allow_without_key=True, app=app) is app
    url = serve_app(app)
    assert text(await events(f"{url}/bot")) == "hello"
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/health")).json() == "well"


async def test_a_bot_answers_below_a_mounted_application(serve_app: ServeApp) -> None:
    outer = fastapi.FastAPI()
    outer.mount("/bots", fp.make_app(_bot("/echo"), allow_without_key=True))
    assert text(await events(f"{serve_app(outer)}/bots/echo")) == "hello"


async def test_middleware_of_the_authors_own_lets_streams_through(serve_app: ServeApp) -> None:
    from starlette.middleware.base import BaseHTTPMiddleware

    from poebook.base import LoggingMiddleware

    async def marked(request: Any, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["x-marked"] = "yes"
        return response

    app = fp.make_app(_bot(), allow_without_key=True)
    app.add_middleware(BaseHTTPMiddleware, dispatch=marked)
    app.add_middleware(LoggingMiddleware)
    response = await post(serve_app(app), query())
    assert response.headers["x-marked"] == "yes"
    assert response.content.endswith(b"event: done\r\ndata: {}\r\n\r\n")


async def test_a_route_of_the_authors_own_answers_invalid_requests_as_with_fastapi_poe(serve_app: ServeApp) -> None:
    app = fp.make_app(_bot(), allow_without_key=True)

    @app.get("/square")
    async def square(n: int) -> int:
        return n * n

    async with httpx.AsyncClient() as client:
        response = await client.get(f"{serve_app(app)}/square?n=two")
    assert (response.status_code, response.text) == (500, "Internal server error")


def test_an_authors_own_answer_to_invalid_requests_stays() -> None:
    from fastapi.exceptions import RequestValidationError

    async def mine(request: object, error: Exception) -> fastapi.Response:
        return fastapi.Response(status_code=418)

    app = fastapi.FastAPI()
    app.add_exception_handler(RequestValidationError, mine)
    fp.make_app(_bot(), allow_without_key=True, app=app)
    assert app.exception_handlers[RequestValidationError] is mine


# -- settings ---------------------------------------------------------------------------------------------------------


class _Introduced(fp.PoeBot):
    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message="Hello.")


def _pushed(poe: Poe) -> None:
    assert poe.sent[0].path == f"/bot/update_settings/tide/{KEY}/1.2"
    settings = poe.sent[0].json()
    assert len(settings) == 15
    assert settings["introduction_message"] == "Hello."


def test_settings_are_pushed_when_name_and_key_are_known(poe: Poe, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        fp.make_app(_Introduced(), KEY, bot_name="tide")
    _pushed(poe)
    ours = [record.getMessage() for record in caplog.records if record.name != "uvicorn.access"]  # the stand-in's own
    assert KEY not in "".join(ours)


async def test_settings_are_pushed_from_inside_a_running_loop_too(poe: Poe) -> None:
    fp.make_app(_Introduced(), KEY, bot_name="tide")
    assert await asyncio.to_thread(poe.arrived.wait, 10)
    _pushed(poe)


def test_each_of_several_bots_has_its_settings_pushed(poe: Poe) -> None:
    bots = [_Introduced(path=f"/{name}", access_key=KEY, bot_name=name) for name in ("a", "b")]
    fp.make_app(bots)
    assert sorted(sent.path for sent in poe.sent) == [f"/bot/update_settings/{n}/{KEY}/1.2" for n in ("a", "b")]


@pytest.mark.parametrize(("key", "name", "missing"), [(KEY, None, "bot_name"), (None, "tide", "access key")])
def test_without_name_or_key_the_log_says_that_nothing_is_pushed(
    poe: Poe, key: str | None, name: str | None, missing: str, caplog: pytest.LogCaptureFixture
) -> None:
    fp.make_app(_bot(key=key, name=name), allow_without_key=True)
    assert poe.sent == []
    assert [record.name for record in caplog.records] == ["uvicorn.default"]
    assert f"has no {missing}" in caplog.text


def test_a_push_that_fails_is_logged_and_stops_nothing(poe: Poe, caplog: pytest.LogCaptureFixture) -> None:
    poe.status, poe.body = 400, f"no such bot for {KEY}".encode()
    fp.make_app(_bot(), KEY, bot_name="tide")
    assert "no such bot" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("slip", ["raises", "gives nothing"])
def test_settings_that_cannot_be_made_are_logged_and_stop_nothing(
    poe: Poe, slip: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def get_settings(self: object, setting: object) -> None:
        if slip == "raises":
            raise ValueError("no words")

    made: type[fp.PoeBot] = type("Bot", (fp.PoeBot,), {"get_settings": get_settings})
    fp.make_app(made(), KEY, bot_name="tide")
    assert poe.sent == []
    assert "tide" in caplog.text
    assert KEY not in caplog.text
