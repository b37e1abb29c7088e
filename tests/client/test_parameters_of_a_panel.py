"""A bot with controls gets the value of each, whether somebody touched it or not."""

from __future__ import annotations

import threading
from typing import Any

import poebook as fp
from poebook.client.conversation import Conversation


class Settable(fp.PoeBot):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.got: list[dict[str, Any]] = []

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        detail = fp.Slider(label="Detail", parameter_name="detail", default_value=3, min_value=0, max_value=5, step=1)
        name = fp.TextField(label="Name", parameter_name="name")
        panel = fp.ParameterControls(sections=[fp.Section(controls=[detail, name])])
        return fp.SettingsResponse(parameter_controls=panel)

    async def get_response(self, request: fp.QueryRequest) -> Any:
        self.got.append(request.query[-1].parameters)
        yield fp.PartialResponse(text="done")


def test_the_defaults_go_with_a_question_beside_what_was_set() -> None:
    bot = Settable()
    conversation = Conversation(bot)
    _learnt(conversation)
    conversation.ask("as it is")
    conversation.parameters["name"] = "Ada"
    conversation.ask("with a name")
    conversation.parameters["detail"] = 5
    conversation.ask("in detail")
    assert bot.got == [{"detail": 3}, {"detail": 3, "name": "Ada"}, {"detail": 5, "name": "Ada"}]
    assert [turn["parameters"] for turn in conversation.snapshot()["turns"]] == [
        {},
        {"name": "Ada"},
        {"detail": 5, "name": "Ada"},
    ]


def _learnt(conversation: Conversation) -> None:
    """Have the bot's settings known."""
    known = threading.Event()
    conversation.subscribe(lambda op: known.set() if op["op"] == "targets" else None)
    conversation.refresh()
    assert known.wait(5)
