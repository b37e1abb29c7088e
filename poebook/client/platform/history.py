"""Which messages a bot is told, and in whose name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from poebook.client.platform.settings import Assumed
from poebook.protocol import ProtocolMessage
from poebook.wire.attachments import alternate_roles


def told(
    messages: Sequence[ProtocolMessage], settings: Assumed, *, bot_name: str, most: int | None = None
) -> list[ProtocolMessage]:
    """The messages as the bot gets them: the last *most*, others' words in their names, roles in turn.

    Where several bots or people have spoken and the bot wants it so (``enable_multi_entity_prompting``), what others
    said comes as a user's message that begins with who said it. With ``enforce_author_role_alternation`` neighbours
    of one role become one message.

    >>> from poebook.protocol import Sender
    >>> said = [ProtocolMessage(role="user", content="hi"),
    ...         ProtocolMessage(role="bot", content="yo", sender=Sender(name="other")),
    ...         ProtocolMessage(role="user", content="and you?")]
    >>> [(m.role, m.content) for m in told(said, Assumed(), bot_name="echo")]
    [('user', 'hi'), ('user', 'other said:\\n\\nyo'), ('user', 'and you?')]
    """
    kept = list(_newest(messages, most))
    if settings.enable_multi_entity_prompting:
        kept = _in_names(kept, bot_name)
    return alternate_roles(kept) if settings.enforce_author_role_alternation else kept


def _newest(messages: Sequence[ProtocolMessage], most: int | None) -> Iterator[ProtocolMessage]:
    """The last *most* messages, and before them the system's, which are no past of the chat."""
    cut = max(0, len(messages) - most) if most is not None else 0
    yield from (message for message in messages[:cut] if message.role == "system")
    yield from messages[cut:]


def _in_names(messages: list[ProtocolMessage], bot_name: str) -> list[ProtocolMessage]:
    bots = {_speaker(message) for message in messages if message.role == "bot"} - {None}
    people = {_speaker(message) for message in messages if message.role == "user"} - {None}
    others = {name for name in bots if name != bot_name}
    several = people if len(people) > 1 else set()
    return [_named(message, others, several) for message in messages]


def _named(message: ProtocolMessage, others: set[str | None], people: set[str | None]) -> ProtocolMessage:
    name = _speaker(message)
    is_other = message.role == "bot" and name in others and message.message_type is None
    if not is_other and not (message.role == "user" and name in people):
        return message
    return message.model_copy(update={"role": "user", "content": f"{name} said:\n\n{message.content}"})


def _speaker(message: ProtocolMessage) -> str | None:
    return (message.sender.name or message.sender.id) if message.sender else None
