"""Settings that could not be had: what the chat, and Python, say of it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import HTTPException

import poebook as fp
from poebook.client import asking
from poebook.client.answer import AnswerError
from tests.runtime.asking import Says, until

_WORDS: dict[str, str] = {}


class Forgetful(Says):
    """Looks its introduction up where it is not."""

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message=_WORDS["introduction"])


class Declaring(Says):
    """Gives as settings what it is told to."""

    def __init__(self, given: Any) -> None:  # whatever an author may return
        super().__init__("hi")
        self.given = given

    async def get_settings(self, setting: fp.SettingsRequest) -> Any:
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


class Remote(fp.PoeBot):
    """Answers with whatever JSON, as other servers may."""

    async def handle_settings(self, settings_request: Any, context: Any) -> Any:
        from starlette.responses import JSONResponse

        return JSONResponse({"introduction_message": "Hello.", "allow_attachments": "often", "rate_card": 3})


def trouble(conversation: fp.Conversation) -> AnswerError | None:
    """What is said of the bot's settings once it was asked something."""
    conversation.ask("hi")
    return next(iter(conversation.troubles.values()), None)


@pytest.mark.parametrize("asked", ["by its name", "in process"])
def test_an_exception_is_told_with_its_line_and_a_mended_bot_makes_it_vanish(asked: str) -> None:
    served = fp.serve(Forgetful("hi"), "forgetful")
    conversation = fp.Conversation("forgetful" if asked == "by its name" else Forgetful("hi"))
    error = trouble(conversation)
    assert error is not None
    assert str(error) == "The bot's settings could not be had: KeyError: 'introduction'"
    assert error.fault is not None
    assert error.fault.line == Forgetful.get_settings.__code__.co_firstlineno + 1
    assert "_WORDS[" in error.fault.traceback
    if asked == "by its name":
        fp.serve(Declaring({"introduction_message": "Hello."}), "forgetful")
        conversation.refresh()
        until(lambda: conversation.troubles == {}, "the trouble did not vanish")
        assert conversation.snapshot()["targets"][0]["introduction"] == "Hello."
    served.stop()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["introduction"], "Declaring.get_settings gave a list; `return` a fp.SettingsResponse(...)."),
        ({"allow_attachments": "often"}, "allow_attachments: Input should be a valid boolean"),
        (ValueError("\n two lines\nand a third"), "ValueError: two lines"),
        (ExceptionGroup("both", [ValueError("a")]), "ExceptionGroup: both (1 sub-exception)"),
    ],
)
def test_why_is_said_in_one_line(given: object, words: str) -> None:
    error = trouble(fp.Conversation(Declaring(given)))
    assert error is not None
    assert words in error.title
    assert "\n" not in error.title


def test_a_bot_elsewhere_is_told_by_its_answer_without_anybodys_code() -> None:
    served = fp.serve(Forgetful("hi"), "elsewhere")
    conversation = fp.Conversation(served.url, key=served.key)
    assert trouble(conversation) == AnswerError(
        "The bot's settings could not be had.", "The bot's server failed; its log says why."
    )
    served.stop()


def test_a_refusal_that_is_meant_is_not_told_as_what_was_raised_before() -> None:
    served = fp.serve(Forgetful("hi"), "meant")
    conversation = fp.Conversation("meant")
    assert trouble(conversation) is not None
    fp.serve(Declaring(HTTPException(503, "not yet")), "meant")
    conversation.refresh()
    until(lambda: conversation.troubles["meant"].fault is None, "the old exception is still told")
    assert conversation.troubles["meant"].title == "The bot's settings could not be had."
    served.stop()


def test_settings_that_make_no_sense_hide_none_of_the_others() -> None:
    served = fp.serve(Remote(), "remote")
    conversation = fp.Conversation(served.url, key=served.key)
    error = trouble(conversation)
    assert error is not None
    assert error.title == "Some of the bot's settings do nothing."
    assert "allow_attachments: Input should be a valid boolean" in error.text
    assert "rate_card: Input should be a valid string" in error.text
    assert conversation.snapshot()["targets"][0]["introduction"] == "Hello."
    served.stop()


def test_controls_that_poe_drops_are_told() -> None:
    controls = fp.ParameterControls(sections=[fp.Section(controls=[fp.Divider()])])
    settings = fp.SettingsResponse(response_version=1, parameter_controls=controls)
    error = trouble(fp.Conversation(Declaring(settings)))
    assert error is not None
    assert "Poe drops parameter_controls without response_version=2." in error.text


def test_settings_that_take_too_long_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_PATIENCE_S", 0.2)

    class Waiting(Says):
        async def get_settings(self, setting: fp.SettingsRequest) -> Any:
            import asyncio

            await asyncio.Event().wait()

    error = trouble(fp.Conversation(Waiting("hi")))
    assert error is not None
    assert error.text == "There was no answer within 0.2 seconds. Does `get_settings` wait for something?"


def test_a_bot_that_says_all_there_is_to_say_is_no_trouble() -> None:
    assert trouble(fp.Conversation(Declaring(fp.SettingsResponse(introduction_message="Hello.")))) is None
