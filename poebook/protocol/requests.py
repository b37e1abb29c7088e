"""What Poe asks of a bot server."""

from __future__ import annotations

from typing import Any, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field

from poebook.protocol.messages import Identifier, ProtocolMessage, User
from poebook.protocol.model import Model
from poebook.protocol.tools import ToolCallDefinition, ToolDefinition, ToolResultDefinition

RequestType: TypeAlias = Literal["query", "settings", "report_feedback", "report_reaction", "report_error"]


class BaseRequest(Model):
    """What every request has: the protocol's version (now ``1.2``) and a type."""

    model_config = ConfigDict(hide_input_in_errors=True)  # keys are among the fields

    version: str
    type: RequestType


class QueryRequest(BaseRequest):
    """A question: all messages so far, oldest first; ``message_id`` is that of the answer to be made.

    ``access_key`` and ``api_key`` are set by the server to the bot's key; they never show in a ``repr``.
    ``query_creation_time`` is in microseconds since the epoch.

    >>> QueryRequest(version="1.2", type="query", query=[ProtocolMessage(role="user", content="hi")],
    ...              user_id="u-1", conversation_id="c-1", message_id="m-1").language_code
    'en'
    """

    query: list[ProtocolMessage]
    user_id: Identifier
    conversation_id: Identifier
    message_id: Identifier
    metadata: Identifier = ""
    api_key: str = "<missing>"
    access_key: str = "<missing>"
    temperature: float | None = None
    skip_system_prompt: bool = False
    logit_bias: dict[str, float] = Field(default_factory=dict)
    stop_sequences: list[str] = Field(default_factory=list)
    language_code: str = "en"
    adopt_current_bot_name: bool | None = None
    bot_query_id: Identifier = ""
    users: list[User] = Field(default_factory=list)
    tools: list[ToolDefinition] | None = None
    tool_calls: list[ToolCallDefinition] | None = None
    tool_results: list[ToolResultDefinition] | None = None
    query_creation_time: int | None = None
    extra_params: dict[str, Any] | None = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """A request from parsed JSON."""
        return cls.model_validate(data)


class SettingsRequest(BaseRequest):
    """Poe asks for the bot's settings.

    >>> SettingsRequest(version="1.2", type="settings").type
    'settings'
    """


class ReportFeedbackRequest(BaseRequest):
    """A user liked or disliked an answer; more feedback types may come.

    >>> ReportFeedbackRequest(version="1.2", type="report_feedback", message_id="m-1", user_id="u-1",
    ...                       conversation_id="c-1", feedback_type="like").feedback_type
    'like'
    """

    message_id: Identifier
    user_id: Identifier
    conversation_id: Identifier
    feedback_type: str


class ReportReactionRequest(BaseRequest):
    """A user reacted to an answer.

    >>> ReportReactionRequest(version="1.2", type="report_reaction", message_id="m-1", user_id="u-1",
    ...                       conversation_id="c-1", reaction="heart").reaction
    'heart'
    """

    message_id: Identifier
    user_id: Identifier
    conversation_id: Identifier
    reaction: str


class ReportErrorRequest(BaseRequest):
    """Poe, or whoever asks, found a fault in the bot's answers.

    >>> ReportErrorRequest(version="1.2", type="report_error", message="no done", metadata={}).message
    'no done'
    """

    message: str
    metadata: dict[str, Any]
