"""A bot whose settings are known is told what Poe would tell it."""

from __future__ import annotations

import threading
from typing import Any

import poebook as fp
from poebook.client.conversation import Conversation


class Listener(fp.PoeBot):
    """Keeps what it is told; is mute when it is told to be."""

    def __init__(self, **settings: Any) -> None:  # those of a SettingsResponse
        super().__init__()
        self.settings = settings
        self.parameters: dict[str, Any] = {}
        self.told: list[list[tuple[str, str]]] = []

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        self.parameters = request.query[-1].parameters
        self.told.append([(message.role, message.content) for message in request.query])
        if "mute" not in request.query[-1].content:
            yield fp.PartialResponse(text="yes")

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(**self.settings)


def known(bot: Listener) -> Conversation:
    """A conversation with *bot* that knows its settings."""
    conversation, learnt = Conversation(bot), threading.Event()
    conversation.subscribe(lambda op: learnt.set() if op["op"] == "targets" else None)
    conversation.refresh()
    assert learnt.wait(5)
    return conversation


def test_what_several_people_say_comes_in_their_names() -> None:
    bot = Listener()
    conversation = known(bot)
    conversation.ask("one", user="Ada")
    conversation.ask("two", user="Bo")
    assert bot.told[0] == [("user", "one")]
    assert bot.told[1] == [("user", "Ada said:\n\none"), ("bot", "yes"), ("user", "Bo said:\n\ntwo")]


def test_a_bot_that_does_not_want_names_gets_none() -> None:
    bot = Listener(enable_multi_entity_prompting=False)
    conversation = known(bot)
    conversation.ask("one", user="Ada")
    conversation.ask("two", user="Bo")
    assert bot.told[1] == [("user", "one"), ("bot", "yes"), ("user", "two")]


def test_roles_take_turns_where_the_bot_wants_that() -> None:
    bot = Listener(enforce_author_role_alternation=True)
    conversation = known(bot)
    conversation.parameters["unit"] = "c"
    conversation.ask("mute")
    conversation.ask("two")
    assert bot.told[1] == [("user", "mute\n\ntwo")]
    assert bot.parameters == {"unit": "c"}
    other = Listener()
    conversation = known(other)
    conversation.ask("mute")
    conversation.ask("two")
    assert other.told[1] == [("user", "mute"), ("user", "two")]


def test_a_conversation_learns_the_settings_before_its_first_question() -> None:
    detail = fp.Slider(label="Detail", parameter_name="detail", min_value=0, max_value=5, step=1, default_value=2)
    bot = Listener(parameter_controls=fp.ParameterControls(sections=[fp.Section(controls=[detail])]))
    conversation = Conversation(bot)
    conversation.ask("one")
    assert bot.parameters == {"detail": 2}
    conversation.parameters["detail"] = 4
    conversation.ask("two")
    assert bot.parameters == {"detail": 4}
    assert conversation.snapshot()["targets"][0]["controls"] is not None
