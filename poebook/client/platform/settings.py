"""What Poe assumes where a bot's settings leave a choice to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from pydantic import ValidationError

from poebook.errors import InvalidBotSettings
from poebook.protocol import ParameterControls, SettingsResponse

_CHOICES: dict[str, tuple[bool, bool]] = {  # a setting, what Poe assumes before response_version 2, and from it on
    "allow_attachments": (False, True),
    "expand_text_attachments": (True, True),
    "enable_image_comprehension": (False, False),
    "enforce_author_role_alternation": (False, False),
    "enable_multi_entity_prompting": (False, True),
}
_OLD_NAMES = {"enable_multi_entity_prompting": "enable_multi_bot_chat_prompting", "rate_card": "custom_rate_card"}


@dataclass(frozen=True)
class Assumed:
    """Settings as Poe goes by them: nothing is left open.

    >>> Assumed().allow_attachments
    True
    """

    allow_attachments: bool = True
    expand_text_attachments: bool = True
    enable_image_comprehension: bool = False
    enforce_author_role_alternation: bool = False
    enable_multi_entity_prompting: bool = True
    introduction_message: str = ""
    rate_card: str | None = None
    cost_label: str | None = None
    parameter_controls: ParameterControls | None = None
    server_bot_dependencies: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Row(TypedDict):
    """One setting as a table shows it: what the bot declares (None: it leaves the choice to Poe), what Poe assumes."""

    name: str
    declared: Any
    assumed: Any


def parsed(data: object) -> SettingsResponse:
    """Settings out of parsed JSON. Raises InvalidBotSettings, whose message names the field.

    >>> parsed({"introduction_message": "Hi."}).response_version
    2
    """
    if not isinstance(data, Mapping):
        raise InvalidBotSettings("Settings are a JSON object.")
    try:
        return SettingsResponse.model_validate(dict(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise InvalidBotSettings(f"{place}: {first['msg']}") from None


def assumed(settings: SettingsResponse) -> Assumed:
    """The settings with Poe's choices, by ``response_version``, where the bot left them open.

    >>> assumed(SettingsResponse(response_version=1)).allow_attachments
    False
    """
    is_new = (settings.response_version or 0) >= 2
    chosen = {name: choice(settings, name, before[is_new]) for name, before in _CHOICES.items()}
    controls, warnings = settings.parameter_controls, []
    if controls is not None and not is_new:
        controls = None
        warnings.append("Poe drops parameter_controls without response_version=2.")
    return Assumed(
        **chosen,
        introduction_message=settings.introduction_message or "",
        rate_card=choice(settings, "rate_card", None),
        cost_label=settings.cost_label,
        parameter_controls=controls,
        server_bot_dependencies=dict(settings.server_bot_dependencies),
        warnings=tuple(warnings),
    )


def choice(settings: SettingsResponse, name: str, otherwise: Any) -> Any:
    """What the bot says, under the setting's name or the one it had before; else *otherwise*."""
    said = getattr(settings, name)
    if said is None and name in _OLD_NAMES:
        said = getattr(settings, _OLD_NAMES[name])
    return otherwise if said is None else said


def rows(settings: SettingsResponse) -> list[Row]:
    """A row for each setting, as JSON.

    >>> rows(SettingsResponse(allow_attachments=False))[0]
    {'name': 'allow_attachments', 'declared': False, 'assumed': False}
    """
    goes_by = assumed(settings)
    names = [*_CHOICES, "introduction_message", "rate_card", "cost_label", "server_bot_dependencies"]
    table: list[Row] = [
        {"name": name, "declared": choice(settings, name, None), "assumed": getattr(goes_by, name)} for name in names
    ]
    version = settings.response_version
    return [*table, {"name": "response_version", "declared": version, "assumed": version or 0}]
