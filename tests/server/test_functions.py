"""A bot made of functions, whatever they take."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import poebook as fp
from poebook.errors import InvalidSetup
from poebook.server.functions import bot_from_functions
from tests.conftest import ServeApp
from tests.server.asking import events, post, request, text

Function = Callable[..., Any]


def _request_only(request: Any) -> str:
    return str(request.query[-1].content)


def _with_self(self: Any, request: Any) -> Iterator[str]:
    yield f"{type(self).__name__} {request.query[-1].content}"


async def _with_context(request: Any, context: Any) -> AsyncIterator[str]:
    yield f"{context.http_request.method} {request.query[-1].content}"


async def _with_all(self: Any, request: Any, context: Any) -> str:
    return f"{type(self).__name__} {context.http_request.method} {request.query[-1].content}"


def _with_default(request: Any, loud: bool = False) -> str:
    return str(request.query[-1].content).upper() if loud else str(request.query[-1].content)


def _with_any(*arguments: Any) -> str:
    return str(arguments[0].query[-1].content)


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        (_request_only, "hi"),
        (_with_self, "tide hi"),
        (_with_context, "POST hi"),
        (_with_all, "tide POST hi"),
        (_with_default, "hi"),
        (_with_any, "hi"),
        (functools.partial(_with_default, loud=True), "HI"),
    ],
)
async def test_a_function_takes_what_it_says(serve_app: ServeApp, function: Function, answer: str) -> None:
    bot = bot_from_functions({"get_response": function}, "tide")
    assert bot.bot_name == "tide"
    assert text(await events(serve_app(fp.make_app(bot, allow_without_key=True)))) == answer


@pytest.mark.parametrize("function", [lambda: "hi", lambda a, b, c, d: "hi", lambda *, request: "hi"])
def test_a_function_that_takes_something_else_is_refused(function: Function) -> None:
    with pytest.raises(InvalidSetup, match="it should take"):
        bot_from_functions({"get_response": function})


def test_a_bot_needs_a_function_that_answers() -> None:
    with pytest.raises(InvalidSetup, match="get_response"):
        bot_from_functions({"get_settings": _request_only})


async def test_the_other_hooks_may_stand_beside(serve_app: ServeApp) -> None:
    seen = []

    def get_settings(setting: Any) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message="Hello.")

    async def on_feedback(feedback: Any) -> None:
        seen.append(feedback.feedback_type)

    def on_reaction(reaction: Any, context: Any) -> None:
        seen.append(reaction.reaction)

    def on_error(self: Any, error: Any) -> None:
        seen.append(error.message)

    functions: dict[str, Function] = {
        "get_response": _request_only,
        "get_settings": get_settings,
        "on_feedback": on_feedback,
        "on_reaction": on_reaction,
        "on_error": on_error,
    }
    url = serve_app(fp.make_app(bot_from_functions(functions), allow_without_key=True))
    assert (await post(url, request("settings"))).json()["introduction_message"] == "Hello."
    await post(url, request("report_feedback", feedback_type="like"))
    await post(url, request("report_reaction", reaction="heart"))
    await post(url, request("report_error", message="m", metadata={}))
    assert seen == ["like", "heart", "m"]


async def test_settings_of_a_function_are_pushed_as_well(serve_app: ServeApp) -> None:
    bot = bot_from_functions({"get_response": _request_only, "get_settings": lambda setting: fp.SettingsResponse()})
    assert (await bot.get_settings(fp.SettingsRequest(version="1.2", type="settings"))).response_version == 2


async def test_missing_points_are_said_by_an_event(serve_app: ServeApp) -> None:
    def get_response(request: Any) -> str:
        raise fp.InsufficientFundError

    answer = await events(serve_app(bot_from_functions({"get_response": get_response}).asgi_app()))
    assert answer[0][1]["error_type"] == "insufficient_fund"


async def test_a_slip_names_the_authors_function(serve_app: ServeApp, caplog: pytest.LogCaptureFixture) -> None:
    def get_response(request: Any) -> int:
        return 5

    await events(serve_app(bot_from_functions({"get_response": get_response}).asgi_app()))
    assert "get_response yielded a int" in caplog.text
    assert "PoeBot.get_response" not in caplog.text
