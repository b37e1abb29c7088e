"""Bots that say something wrong of themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.conformance.sound import Refused, Sound

SLIDER = {
    "control": "slider",
    "label": "Detail",
    "parameter_name": "detail",
    "default_value": 3,
    "min_value": 0,
    "max_value": 5,
    "step": 1,
}


def panel(*controls: dict[str, Any]) -> dict[str, Any]:
    return {"api_version": "2", "sections": [{"name": "Look", "controls": list(controls), "tabs": None}]}


class Says(Sound):
    """Says ``more`` beside what is sound."""

    more: ClassVar[dict[str, Any]] = {}

    def settings(self) -> Any:
        return {**super().settings(), **self.more}


class NoSettings(Sound):
    plants = "settings.status"

    def settings_body(self) -> bytes:
        raise Refused(500, "oops")


class SettingsInWords(Sound):
    plants = "settings.not-object"

    def settings(self) -> Any:
        return "none"


class Misspells(Says):
    plants = "settings.unknown"
    more: ClassVar = {"introduction": "Hello."}


class YesInWords(Says):
    plants = "settings.types"
    more: ClassVar = {"allow_attachments": "yes"}


class OfOldVersion(Says):
    plants = "settings.version"
    more: ClassVar = {"response_version": None}


class OfOldFashion(Says):
    plants = "settings.deprecated"
    more: ClassVar = {"custom_rate_card": "[usd_milli_cents=3]"}


class CallsHalfABot(Says):
    plants = "settings.dependencies"
    more: ClassVar = {"server_bot_dependencies": {"GPT-5": 0}}


class ListsBots(Says):
    plants = "settings.dependencies"
    more: ClassVar = {"server_bot_dependencies": ["GPT-5"]}


class CallsManyBots(Says):
    plants = "settings.calls"
    more: ClassVar = {"server_bot_dependencies": {"GPT-5": 101}}


class PricesInWords(Says):
    plants = "settings.unpriced"
    more: ClassVar = {"rate_card": "A penny a word."}


class ChangesItsMind(Sound):
    plants = "settings.unstable"

    def __init__(self) -> None:
        self.asked = 0

    def settings(self) -> Any:
        self.asked += 1
        return {**super().settings(), "introduction_message": f"You are number {self.asked}."}


class InventsControls(Says):
    plants = "controls.invalid"
    more: ClassVar = {"parameter_controls": panel({**SLIDER, "control": "knob"})}


class ControlsOfOldVersion(Says):
    plants = "controls.dropped"
    more: ClassVar = {"response_version": None, "parameter_controls": panel(SLIDER)}


class DefaultOutOfRange(Says):
    plants = "controls.slip"
    more: ClassVar = {"parameter_controls": panel({**SLIDER, "default_value": 9})}


class Controlled(Says):
    """No fault: a panel, a price and a bot that it calls."""

    more: ClassVar = {
        "parameter_controls": panel(SLIDER, {"control": "divider"}),
        "rate_card": "[usd_milli_cents=3] a word",
        "server_bot_dependencies": {"GPT-5": 2},
    }
