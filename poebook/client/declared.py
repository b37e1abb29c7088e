"""A target as the state shows it, by what the bot declares of itself: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poebook.client.answer import AnswerError
from poebook.client.platform import settings as platform
from poebook.client.platform.history import told
from poebook.client.platform.parameters import with_defaults
from poebook.client.trace import error_state
from poebook.client.turns import TargetState, fresh_target
from poebook.errors import InvalidBotSettings
from poebook.protocol import ParameterControls, ProtocolMessage, SettingsResponse


def described(
    name: str, where: str, declared: Mapping[str, Any] | None, trouble: AnswerError | None = None
) -> TargetState:
    """A target by the settings that it *declared*; None where it could not be asked, of which *trouble* says why.

    >>> target = described("echo", "this kernel", {"introduction_message": "I repeat.", "allow_attachments": False})
    >>> target["introduction"], target["allow_attachments"], target["expand_text_attachments"]
    ('I repeat.', False, True)
    """
    state = fresh_target(name, where)
    state["trouble"] = error_state(trouble)
    if declared is None:
        return state
    settings, senseless = _readable(declared)
    poe = platform.assumed(settings)
    if senseless or poe.warnings:
        state["trouble"] = error_state(_doubtful([*senseless, *poe.warnings]))
    state["introduction"] = poe.introduction_message if poe.introduction_message.strip() else None
    state["allow_attachments"] = poe.allow_attachments
    state["expand_text_attachments"] = poe.expand_text_attachments
    controls = poe.parameter_controls
    state["controls"] = None if controls is None else controls.model_dump(mode="json")
    state["settings"] = [
        {"name": row["name"], "declared": row["declared"], "assumed": row["assumed"]} for row in platform.rows(settings)
    ]
    return state


def with_defaults_of(target: TargetState, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values *given* for the next question, with the defaults of the target's controls where there is none.

    >>> controls = {"sections": [{"controls": [{"control": "toggle_switch", "label": "Brief", "parameter_name": "brief",
    ...                                         "default_value": True}]}]}
    >>> with_defaults_of({**fresh_target("echo", "this kernel"), "controls": controls}, {"seed": 7})
    {'brief': True, 'seed': 7}
    """
    controls = target["controls"]
    return with_defaults(None if controls is None else ParameterControls.model_validate(controls), given)


def told_by(target: TargetState, messages: list[ProtocolMessage]) -> list[ProtocolMessage]:
    """The *messages* as Poe would tell them to a bot with these settings: in whose names, and roles in turn or not.

    A bot whose settings are not known is told them as they are; so is one on Poe, where Poe sees to it.

    >>> from poebook.protocol import Sender
    >>> said = [ProtocolMessage(role="user", content="hi", sender=Sender(name=name)) for name in ("Ada", "Bo")]
    >>> [message.content for message in told_by(described("echo", "this kernel", {}), said)][1]
    'Bo said:\\n\\nhi'
    """
    rows = target["settings"]
    declared = {row["name"]: row["assumed"] if row["declared"] is None else row["declared"] for row in rows}
    if not rows:
        return messages
    settings = platform.Assumed(
        enable_multi_entity_prompting=bool(declared["enable_multi_entity_prompting"]),
        enforce_author_role_alternation=bool(declared["enforce_author_role_alternation"]),
    )
    return told(messages, settings, bot_name=target["name"])


def _readable(declared: Mapping[str, Any]) -> tuple[SettingsResponse, list[str]]:
    """The settings, without those that make no sense, and why not: one bad field hides none of the others."""
    known = {name: value for name, value in declared.items() if name in SettingsResponse.model_fields}
    slips = {name: slip for name, value in known.items() if (slip := _slip(name, value)) is not None}
    good = {name: value for name, value in known.items() if name not in slips}
    return SettingsResponse.model_validate(good), list(slips.values())


def _slip(name: str, value: object) -> str | None:
    try:
        platform.parsed({name: value})
    except InvalidBotSettings as error:
        return f"{error}."
    return None


def _doubtful(slips: list[str]) -> AnswerError:
    """Settings of which some do nothing."""
    return AnswerError("Some of the bot's settings do nothing.", " ".join([*slips, "Mend them in `get_settings`."]))
