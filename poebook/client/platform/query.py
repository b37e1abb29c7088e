"""One message's request to a bot, as Poe makes it."""

from __future__ import annotations

import json
from collections.abc import Callable

from poebook.client.platform.history import told
from poebook.client.platform.limits import Limits
from poebook.client.platform.parameters import with_defaults
from poebook.client.platform.settings import Assumed
from poebook.protocol import Attachment, ProtocolMessage, QueryRequest
from poebook.wire.ids import new_id

Reader = Callable[[Attachment], str | None]  # the text in a file; None where there is none to be had
_KEYS = {"access_key", "api_key"}


def prepared(
    request: QueryRequest,
    settings: Assumed,
    *,
    bot_name: str,
    now_us: int,
    limits: Limits = Limits(),  # noqa: B008  # it cannot be changed
    read: Reader | None = None,
) -> QueryRequest:
    """*request* as the bot gets it: ids and times where there are none, history, parameters and files by its settings.

    ``now_us`` is in microseconds since the epoch. ``read`` reads the files of the last message. The request given is
    not changed.

    >>> said = [ProtocolMessage(role="user", content="hi")]
    >>> ids = {"user_id": "", "conversation_id": "", "message_id": "m-1"}
    >>> asked = QueryRequest(version="1.2", type="query", query=said, **ids)
    >>> ready = prepared(asked, Assumed(), bot_name="echo", now_us=1)
    >>> ready.user_id[:2], ready.message_id, ready.query[0].timestamp
    ('u-', 'm-1', 1)
    """
    messages = [_complete(message, now_us) for message in request.query]
    last = messages[-1]
    if last.role == "user":
        values = with_defaults(settings.parameter_controls, last.parameters)
        files = [_read(file, read, settings) for file in last.attachments]
        messages[-1] = last.model_copy(update={"parameters": values, "attachments": files})
    return request.model_copy(
        update={
            "query": told(messages, settings, bot_name=bot_name, most=limits.messages),
            "user_id": request.user_id or new_id("u"),
            "conversation_id": request.conversation_id or new_id("c"),
            "message_id": request.message_id or new_id("m"),
            "metadata": request.metadata or new_id("d"),
            "query_creation_time": request.query_creation_time or now_us,
        }
    )


def body_of(request: QueryRequest) -> bytes:
    """The request as it travels: JSON, UTF-8, without keys."""
    try:
        return request.model_dump_json(exclude=_KEYS, by_alias=True, warnings=False).encode()
    except ValueError:  # half a surrogate pair, as text that was cut has it
        return json.dumps(request.model_dump(exclude=_KEYS, by_alias=True, warnings=False)).encode()


def _complete(message: ProtocolMessage, now_us: int) -> ProtocolMessage:
    """The message with an id and a time."""
    if message.message_id and message.timestamp:
        return message
    made = {"message_id": message.message_id or new_id("m"), "timestamp": message.timestamp or now_us}
    return message.model_copy(update=made)


def _read(file: Attachment, read: Reader | None, settings: Assumed) -> Attachment:
    """The file with its text, where the bot wants that of its kind."""
    wanted = settings.enable_image_comprehension if is_image(file) else settings.expand_text_attachments
    if not wanted or file.parsed_content is not None or read is None:
        return file
    return file.model_copy(update={"parsed_content": read(file)})


def is_image(file: Attachment) -> bool:
    return file.content_type.startswith("image/")
