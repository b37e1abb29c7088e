"""Messages: what has been said, by whom, and what is attached to it."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import Field

from poebook.protocol.model import Model

Identifier: TypeAlias = str
FeedbackType: TypeAlias = Literal["like", "dislike"]
ContentType: TypeAlias = Literal["text/markdown", "text/plain"]
MessageType: TypeAlias = Literal["function_call"]
Role: TypeAlias = Literal["system", "user", "bot", "tool"]


class MessageFeedback(Model):
    """What a user thinks of a message: ``like``, ``dislike`` or a type yet to come, perhaps with a reason.

    >>> MessageFeedback(type="like").reason is None
    True
    """

    type: str
    reason: str | None = None


class MessageReaction(Model):
    """A reaction of a user to a message.

    >>> MessageReaction(user_id="u-1", reaction="heart").reaction
    'heart'
    """

    user_id: Identifier
    reaction: str


class Attachment(Model):
    """A file that goes with a message.

    ``url`` lives ten minutes at Poe. ``inline_ref`` is what ``![title][ref]`` in the text refers to.
    ``parsed_content`` is the text that Poe read out of the file.

    >>> Attachment(url="https://a.example/x.csv", content_type="text/csv", name="x.csv").name
    'x.csv'
    """

    url: str
    content_type: str
    name: str
    inline_ref: str | None = None
    parsed_content: str | None = None


class Sender(Model):
    """Who sent a message.

    >>> Sender(name="echo").id is None
    True
    """

    id: Identifier | None = None
    name: str | None = None


class User(Model):
    """Somebody in the chat.

    >>> User(id="u-1").name is None
    True
    """

    id: Identifier
    name: str | None = None


class ProtocolMessage(Model):
    """A message of the chat.

    ``timestamp`` is in microseconds since the epoch. ``metadata`` is what the bot stored with its answer by a
    ``DataResponse``. ``parameters`` are the values of the bot's controls; they come from outside.

    >>> ProtocolMessage(role="user", content="hi").content_type
    'text/markdown'
    """

    role: Role
    message_type: str | None = None
    sender_id: str | None = None
    sender: Sender | None = None
    content: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    content_type: str = "text/markdown"
    timestamp: int = 0
    message_id: Identifier = ""
    feedback: list[MessageFeedback] = Field(default_factory=list)
    attachments: list[Attachment] = Field(default_factory=list)
    metadata: str | None = None
    referenced_message: ProtocolMessage | None = None
    reactions: list[MessageReaction] = Field(default_factory=list)
