"""A bot is a dataclass, however its author makes subclasses of it."""

from __future__ import annotations

import dataclasses
import inspect
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

import poebook as fp
from poebook.server import posting
from tests.conftest import ServeApp
from tests.server.asking import KEY, events, post, query, request, text
from tests.upstream import fastapi_poe as theirs

_PRIVATE = {"_cost_requests_inner", "_yield_pending_file_events"}


def test_the_fields_are_those_of_fastapi_poe_in_their_order() -> None:
    def fields(bot: Any) -> list[tuple[str, Any]]:
        return [(field.name, field.default) for field in dataclasses.fields(bot)]

    assert fields(fp.PoeBot) == fields(theirs.PoeBot)[: len(fields(fp.PoeBot))]
    bot = fp.PoeBot("/x", "key", "name", False, True)
    assert dataclasses.astuple(bot) == ("/x", "key", "name", False, True)


def test_the_methods_take_what_those_of_fastapi_poe_take() -> None:
    names = [name for name, _ in inspect.getmembers(theirs.PoeBot, callable) if not name.startswith("__")]
    for name in set(names) - _PRIVATE:
        given, wanted = (inspect.signature(getattr(lib.PoeBot, name)).parameters for lib in (fp, theirs))
        for parameter, said in wanted.items():
            assert parameter in given, f"{name}({parameter})"
            assert given[parameter].default == said.default, f"{name}({parameter})"
            assert given[parameter].kind == said.kind, f"{name}({parameter})"
        assert list(given)[: len(wanted)] == list(wanted)


def test_bots_are_compared_by_identity() -> None:
    @dataclass
    class Named(fp.PoeBot):
        model: str = "small"

    for kind in (fp.PoeBot, Named):
        one, other = kind(), kind()
        assert one != other
        assert len({one, other, one}) == 2


def test_an_author_may_compare_bots_otherwise() -> None:
    class Same(fp.PoeBot):
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

    assert Same() == Same()
    assert len({Same(), Same()}) == 1


def test_a_dataclass_of_ones_own_shows_its_fields_but_no_key() -> None:
    @dataclass
    class Named(fp.PoeBot):
        model: str = "small"

    shown = repr(Named(access_key=KEY, model="large"))
    assert "model='large'" in shown
    assert KEY not in shown


class _Plain(fp.PoeBot):
    def __init__(self, greeting: str) -> None:  # and no super().__init__()
        self.greeting = greeting

    async def get_response(self, request: Any) -> AsyncIterator[Any]:
        yield self.greeting
        await self.post_message_attachment(
            message_id=request.message_id, file_data=b"x", filename="x.txt", access_key=KEY
        )

    async def _upload_file(self, **said: Any) -> fp.Attachment:
        return fp.Attachment(url="https://a.example/x", content_type="text/plain", name=said["file_name"])


@dataclass
class _OwnFields(_Plain):
    greeting: str = "hi"

    def __post_init__(self) -> None:  # and no super().__post_init__()
        self.ready = True


@pytest.mark.parametrize("bot", [_Plain("hi"), _OwnFields()], ids=["own init", "own fields"])
async def test_a_bot_that_calls_no_super_works_with_attachments(serve_app: ServeApp, bot: fp.PoeBot) -> None:
    answer = await events(serve_app(fp.make_app(bot, allow_without_key=True)))
    assert [name for name, _ in answer] == ["text", "file", "done"]
    assert text(answer) == "hi"


async def test_the_default_answer_says_hello(serve_app: ServeApp) -> None:
    assert await events(serve_app(fp.make_app(fp.PoeBot(), allow_without_key=True))) == [
        ("text", {"text": "hello"}),
        ("done", {}),
    ]


class _Hooks(fp.PoeBot):
    """Keeps what its hooks were given."""

    def __post_init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        self.calls.append(("settings", setting.version))
        return fp.SettingsResponse(introduction_message="Hello.", server_bot_dependencies={"Web": 1})

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        self.calls.append(("feedback", feedback_request.feedback_type))

    async def on_reaction_with_context(
        self, reaction_request: fp.ReportReactionRequest, context: fp.RequestContext
    ) -> None:
        self.calls.append(("reaction", (reaction_request.reaction, context.http_request.method)))

    async def on_error(self, error_request: fp.ReportErrorRequest) -> None:
        self.calls.append(("error", error_request.metadata))


async def test_the_hooks_get_what_poe_reports(serve_app: ServeApp) -> None:
    bot = _Hooks()
    url = serve_app(fp.make_app(bot, allow_without_key=True))
    settings = (await post(url, request("settings"))).json()
    await post(url, request("report_feedback", feedback_type="unheard_of"))
    await post(url, request("report_reaction", reaction="heart"))
    await post(url, request("report_error", message="m", metadata={"a": [1]}))
    assert bot.calls == [
        ("settings", "1.2"),
        ("feedback", "unheard_of"),
        ("reaction", ("heart", "POST")),
        ("error", {"a": [1]}),
    ]
    assert len(settings) == 15
    assert settings["response_version"] == 2
    assert settings["allow_attachments"] is None
    assert (settings["introduction_message"], settings["server_bot_dependencies"]) == ("Hello.", {"Web": 1})


async def test_the_settings_are_those_of_fastapi_poe(serve_app: ServeApp) -> None:
    def settings(lib: Any) -> Any:
        either = lib.LiteralValue(literal=True), lib.ParameterValue(parameter_name="brief")
        condition = lib.ComparatorCondition(comparator="eq", left=either[0], right=either[1])
        slider = lib.Slider(label="S", parameter_name="s", min_value=0, max_value=1.5, step=0.5)
        hidden = lib.ConditionallyRenderControls(condition=condition, controls=[slider])
        switch = lib.ToggleSwitch(label="Brief", parameter_name="brief", default_value=True)
        section = lib.Section(name="Look", controls=[switch, lib.Divider(), hidden])
        return lib.SettingsResponse(
            parameter_controls=lib.ParameterControls(sections=[section]), allow_attachments=True
        )

    class Bot(fp.PoeBot):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            made: fp.SettingsResponse = settings(fp)
            return made

    response = await post(serve_app(fp.make_app(Bot(), allow_without_key=True)), request("settings"))
    assert response.json() == settings(theirs).model_dump()


@pytest.mark.parametrize(
    ("hook", "body"),
    [
        ("get_settings", request("settings")),
        ("on_feedback", request("report_feedback", feedback_type="like")),
        ("on_reaction_with_context", request("report_reaction", reaction="heart")),
        ("on_error", request("report_error", message="m", metadata={})),
    ],
)
async def test_a_hook_that_raises_is_answered_by_500_and_no_word_of_it(
    serve_app: ServeApp, hook: str, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def raises(self: object, *arguments: object) -> None:
        raise ValueError("secret words")

    made: type[fp.PoeBot] = type("Bot", (fp.PoeBot,), {hook: raises})
    response = await post(serve_app(fp.make_app(made(), allow_without_key=True)), body)
    assert (response.status_code, response.json()) == (500, {"detail": "Internal server error"})
    assert "secret words" in caplog.text


async def test_a_reported_error_is_logged(serve_app: ServeApp, caplog: pytest.LogCaptureFixture) -> None:
    url = serve_app(fp.make_app(fp.PoeBot(), allow_without_key=True))
    with caplog.at_level(logging.ERROR, "poebook"):
        await post(url, request("report_error", message="no done came", metadata={}))
    assert "no done came" in caplog.text


async def test_the_handlers_of_requests_may_be_overridden(serve_app: ServeApp) -> None:
    class Bot(fp.PoeBot):
        async def handle_settings(self, settings_request: Any, context: Any) -> Any:
            return {"mine": True}

    response = await post(serve_app(fp.make_app(Bot(), allow_without_key=True)), request("settings"))
    assert response.json() == {"mine": True}


async def test_attachments_of_the_last_message_are_put_before_it_unless_not_wanted(serve_app: ServeApp) -> None:
    class Bot(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
            yield " | ".join(message.content for message in request.query)

    file = {"url": "u", "content_type": "text/plain", "name": "n", "parsed_content": "words"}
    body = query({"role": "user", "content": "last", "attachments": [file]})
    plain, inserted = "last", "Below is the content of n:\n\nwords | last"
    for bot, wanted in ((Bot(), inserted), (Bot(should_insert_attachment_messages=False), plain)):
        url = serve_app(fp.make_app(bot, allow_without_key=True))
        assert text(await events(url, body)) == wanted


@pytest.mark.filterwarnings("always:concat_attachments_to_message:DeprecationWarning")
async def test_the_older_way_puts_attachments_behind_the_last_message(serve_app: ServeApp) -> None:
    class Bot(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[Any]:
            yield request.query[-1].content

    file = {"url": "u", "content_type": "text/plain", "name": "n", "parsed_content": "words"}
    body = query({"role": "user", "content": "last", "attachments": [file]})
    bot = Bot(should_insert_attachment_messages=False, concat_attachments_to_message=True)
    url = serve_app(fp.make_app(bot, allow_without_key=True))
    with pytest.warns(DeprecationWarning, match="concat_attachments_to_message"):
        assert text(await events(url, body)) == "last\n\nBelow is the content of n:\n\nwords"


def test_a_name_is_found_in_a_url() -> None:
    for url in ("https://a.example/x%20y.png?q=1#z", "https://a.example/", "", "x", "https://a.example/a/b/"):
        assert posting.get_filename_from_url(url) == theirs.base.get_filename_from_url(url)
    assert len(posting.generate_inline_ref()) == 8
    assert posting.generate_inline_ref().isalnum()
