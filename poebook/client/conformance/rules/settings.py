"""What the bot says of itself."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from poebook.client.conformance.evidence import Evidence, Rule, cut, of
from poebook.client.conformance.exchange import Exchange
from poebook.protocol import SettingsResponse

_DEPRECATED = (
    "context_clear_window_secs",
    "allow_user_context_clear",
    "custom_rate_card",
    "enable_multi_bot_chat_prompting",
)
_PRICE = re.compile(r"\[usd_milli_cents=[^\]]+\]")
_PRICED = ("rate_card", "cost_label")


def faults_of(settings: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What pydantic has against them: the kind, the place and the words of each fault."""
    try:
        SettingsResponse.model_validate(settings, strict=True)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_context=False)
        return [(row["type"], ".".join(map(str, row["loc"])), row["msg"]) for row in rows]
    return []


def _status(one: Exchange) -> str | None:
    if one.status is None or one.ok or one.status == 429:
        return None
    return f"The settings request is answered with the status {one.status}."


def _not_object(evidence: Evidence) -> str | None:
    answer = evidence.of("settings")
    if not answer.ok or evidence.settings is not None:
        return None
    return f'The settings are no JSON object: "{cut(answer.body[:200].decode("utf-8", "replace"))}".'


def _unknown(evidence: Evidence) -> str | None:
    unknown = [name for name in evidence.settings or {} if name not in SettingsResponse.model_fields]
    return f"Poe knows no setting {', '.join(map(cut, unknown[:5]))}." if unknown else None


def _types(evidence: Evidence) -> str | None:
    for kind, where, words in faults_of(evidence.settings or {}):
        if kind != "extra_forbidden" and not where.startswith(("parameter_controls", "server_bot_dependencies")):
            return f"The setting {cut(where)} is not as it should be: {words}."
    return None


def _version(evidence: Evidence) -> str | None:
    settings = evidence.settings
    if settings is None or settings.get("response_version") is not None or settings.get("parameter_controls"):
        return None
    return "The settings have no response_version, so Poe fills in the defaults of 2023."


def _deprecated(evidence: Evidence) -> str | None:
    used = [name for name in _DEPRECATED if (evidence.settings or {}).get(name) is not None]
    return f"The settings use {', '.join(used)}, which Poe is giving up." if used else None


def _dependencies(evidence: Evidence) -> str | None:
    declared = (evidence.settings or {}).get("server_bot_dependencies")
    if declared is None:
        return None
    if not isinstance(declared, dict):
        return "server_bot_dependencies is no object from names to numbers."
    wrong = [name for name, calls in declared.items() if not isinstance(calls, int) or calls is True or calls < 1]
    return f"server_bot_dependencies has no number of calls for {cut(wrong[0])}." if wrong else None


def _calls(evidence: Evidence) -> str | None:
    declared = (evidence.settings or {}).get("server_bot_dependencies")
    if not isinstance(declared, dict):
        return None
    calls, most = sum(n for n in declared.values() if isinstance(n, int)), evidence.limits.calls
    return f"The bot declares {calls} calls of other bots; Poe allows {most} a message." if calls > most else None


def _unpriced(evidence: Evidence) -> str | None:
    for name in _PRICED:
        text = (evidence.settings or {}).get(name)
        if isinstance(text, str) and text and not _PRICE.search(text):
            return f"The {name} names no price as [usd_milli_cents=N]."
    return None


def _unstable(evidence: Evidence) -> str | None:
    first, second = evidence.of("settings"), evidence.of("settings again")
    if not (first.ok and second.ok) or first.body == second.body:
        return None
    try:
        same = first.json() == second.json()
    except ValueError:
        return None
    return None if same else "Two settings requests in a row are answered differently."


RULES = (
    Rule("settings.status", "error", of("settings", _status), "Answer settings with 200; {} will do."),
    Rule("settings.not-object", "error", _not_object, "Answer settings with a JSON object."),
    Rule("settings.unknown", "warning", _unknown, "Look for a slip of the pen; Poe ignores it."),
    Rule("settings.types", "error", _types, "Send the type that the protocol names."),
    Rule("settings.version", "info", _version, "Send response_version 2."),
    Rule("settings.deprecated", "info", _deprecated, "Leave them out."),
    Rule("settings.dependencies", "error", _dependencies, 'Declare {"NAME": 1}: how often an answer calls whom.'),
    Rule("settings.calls", "warning", _calls, "Declare only what one answer needs."),
    Rule("settings.unpriced", "warning", _unpriced, "Write prices as [usd_milli_cents=N], so that Poe shows them."),
    Rule("settings.unstable", "warning", _unstable, "Say the same each time; push settings when they change."),
)
