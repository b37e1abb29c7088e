"""What a bot says of itself to Poe."""

from __future__ import annotations

from pydantic import Field

from poebook.protocol.controls import ParameterControls
from poebook.protocol.model import Written


class SettingsResponse(Written):
    """A bot's settings. None leaves the choice to Poe, by ``response_version``.

    ``server_bot_dependencies`` names the bots that this one calls, with the number of calls an answer may take.
    ``rate_card`` and ``cost_label`` hold prices as ``[usd_milli_cents=N]``.

    >>> SettingsResponse(introduction_message="I repeat.").response_version
    2
    """

    response_version: int | None = 2
    context_clear_window_secs: int | None = None  # deprecated
    allow_user_context_clear: bool | None = None  # deprecated
    custom_rate_card: str | None = None  # deprecated
    server_bot_dependencies: dict[str, int] = Field(default_factory=dict)
    allow_attachments: bool | None = None
    introduction_message: str | None = None
    expand_text_attachments: bool | None = None
    enable_image_comprehension: bool | None = None
    enforce_author_role_alternation: bool | None = None
    enable_multi_bot_chat_prompting: bool | None = None  # deprecated
    enable_multi_entity_prompting: bool | None = None
    rate_card: str | None = None
    cost_label: str | None = None
    parameter_controls: ParameterControls | None = None
