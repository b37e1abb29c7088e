"""A bot whose settings are chosen by the query string: every key, and every kind of control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastapi_poe as fp

from tests.parity.bots.keys import KEY

Settings = fp.SettingsResponse


def _controls(*controls: Any, **more: Any) -> fp.SettingsResponse:
    """Settings with one section."""
    section = fp.Section(controls=list(controls) or None, **more)
    return fp.SettingsResponse(parameter_controls=fp.ParameterControls(sections=[section]))


def _when(comparator: Any, left: Any, right: Any, *controls: Any) -> fp.ConditionallyRenderControls:
    condition = fp.ComparatorCondition(comparator=comparator, left=left, right=right)
    return fp.ConditionallyRenderControls(condition=condition, controls=list(controls) or [fp.Divider()])


def _field(name: str = "a", **more: Any) -> fp.TextField:
    return fp.TextField(label="A", parameter_name=name, **more)


_MODE, _ONE = fp.ParameterValue(parameter_name="mode"), fp.LiteralValue(literal=1)

SETTINGS: dict[str, Callable[[], fp.SettingsResponse]] = {
    "none": Settings,
    "response_version": lambda: Settings(response_version=1),
    "no response_version": lambda: Settings(response_version=None),
    "server_bot_dependencies": lambda: Settings(server_bot_dependencies={"GPT-4o": 2, "Claude": 1}),
    "allow_attachments": lambda: Settings(allow_attachments=True),
    "introduction_message": lambda: Settings(introduction_message="Hi é 😀\n*there*"),
    "expand_text_attachments": lambda: Settings(expand_text_attachments=False),
    "enable_image_comprehension": lambda: Settings(enable_image_comprehension=True),
    "enforce_author_role_alternation": lambda: Settings(enforce_author_role_alternation=True),
    "enable_multi_entity_prompting": lambda: Settings(enable_multi_entity_prompting=False),
    "enable_multi_bot_chat_prompting": lambda: Settings(enable_multi_bot_chat_prompting=True),
    "rate_card and cost_label": lambda: Settings(rate_card="[usd_milli_cents=5] a message", cost_label="5+"),
    "custom_rate_card": lambda: Settings(custom_rate_card="5 points"),
    "context_clear_window_secs": lambda: Settings(context_clear_window_secs=3600),
    "allow_user_context_clear": lambda: Settings(allow_user_context_clear=True),
    "words for booleans": lambda: Settings.model_validate({"allow_attachments": "yes", "response_version": "2"}),
    "text_field": lambda: _controls(_field(description="d", default_value="x", placeholder="p")),
    "text_area": lambda: _controls(
        fp.TextArea(label="A", parameter_name="a", description="d", default_value="x", placeholder="p")
    ),
    "drop_down": lambda: _controls(
        fp.DropDown(
            label="A",
            parameter_name="a",
            default_value="1",
            options=[fp.ValueNamePair(value="1", name="One"), fp.ValueNamePair(value="2", name="Two")],
        )
    ),
    "toggle_switch": lambda: _controls(fp.ToggleSwitch(label="A", parameter_name="a", default_value=True)),
    "slider": lambda: _controls(
        fp.Slider(label="A", parameter_name="a", default_value=0.5, min_value=0, max_value=1, step=0.1)
    ),
    "aspect_ratio": lambda: _controls(
        fp.AspectRatio(
            label="A",
            parameter_name="a",
            default_value="16:9",
            options=[fp.AspectRatioOption(value="16:9", width=16, height=9), fp.AspectRatioOption(width=1, height=1.5)],
        )
    ),
    "divider": lambda: _controls(fp.Divider(), _field(), fp.Divider()),
    "a condition": lambda: _controls(_field("mode"), _when("eq", _MODE, _ONE, _field())),
    "every comparator": lambda: _controls(*[_when(one, _MODE, _ONE) for one in ("eq", "ne", "gt", "ge", "lt", "le")]),
    "every literal": lambda: _controls(
        *[_when("eq", fp.LiteralValue(literal=one), _MODE) for one in (True, 1, 1.5, "1", 0, False)]
    ),
    "a section with everything": lambda: _controls(_field(), name="More", collapsed_by_default=True),
    "tabs": lambda: _controls(
        name="More", tabs=[fp.Tab(name="One", controls=[_field()]), fp.Tab(controls=[_when("lt", _MODE, _ONE)])]
    ),
    "an empty section": _controls,
    "two sections": lambda: Settings(
        parameter_controls=fp.ParameterControls(
            sections=[fp.Section(name="a", controls=[_field()]), fp.Section(controls=[])]
        )
    ),
    "no sections": lambda: Settings(parameter_controls=fp.ParameterControls(sections=[])),
}


class Chosen(fp.PoeBot):
    """The settings named in the query string."""

    async def get_settings_with_context(
        self, setting: fp.SettingsRequest, context: fp.RequestContext
    ) -> fp.SettingsResponse:
        return SETTINGS[context.http_request.query_params["name"]]()


class Fixed(fp.PoeBot):
    """By the plain method; it says what it was asked."""

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message=f"{setting.type} {setting.version}")


def bots() -> list[fp.PoeBot]:
    return [Chosen(path="/settings", access_key=KEY), Fixed(path="/fixed-settings", access_key=KEY)]
