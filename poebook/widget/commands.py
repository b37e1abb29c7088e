"""What the page may ask of the kernel: a table of messages, each with what it does.

Each handler runs on whichever thread the front end's messages arrive, so it returns at once. It raises LookupError,
TypeError or ValueError where a message breaks the contract; such a message does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from poebook.client.conversation import Conversation
from poebook.client.turns import UploadState
from poebook.widget.messages import Message
from poebook.widget.parts import late_part


class Published(Protocol):
    """What the card's buttons do to its bot; each returns at once."""

    @property
    def public_url(self) -> str | None: ...
    def start_publishing(self) -> None: ...
    def start_unpublishing(self) -> None: ...
    def start_pushing(self) -> None: ...


class Desk(Protocol):
    """What handlers see of a chat."""

    @property
    def conversation(self) -> Conversation: ...

    @property
    def key(self) -> str | None:
        """The key of the bot on the card."""
        ...

    @property
    def bot(self) -> Published | None:
        """The bot on the card."""
        ...

    def hello(self, keeps: bool) -> None:
        """A page wants everything; whether it puts the notebook's copy in its place itself."""
        ...

    def tell(self, message: Message, buffers: Sequence[bytes] | None = None) -> None:
        """Send one small message at once."""
        ...

    def reply(self, make: Callable[[], Message | None]) -> None:
        """Make a message on the portal's loop, and send it in pieces; nothing for None."""
        ...

    def saved(self) -> None:
        """A page wants the copy that a notebook keeps of the conversation."""
        ...


Buffers = Sequence[Any]  # bytes-like, as the comm gives them
Handler = Callable[[Desk, Message, Buffers], None]


def _hello(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.hello(content.get("keeps") is True)


def _send(desk: Desk, content: Message, buffers: Buffers) -> None:
    uploads = [str(id) for id in content.get("uploads") or ()]
    text, user = _text(content, "text"), content.get("user")
    if text.strip() or uploads:
        desk.conversation.commands.send(text, uploads, user if isinstance(user, str) and user.strip() else None)


def _edit(desk: Desk, content: Message, buffers: Buffers) -> None:
    text = _text(content, "text")
    if text.strip():
        desk.conversation.commands.edit(_text(content, "turn"), text)


def _stop(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.stop(_target(desk, content))


def _regenerate(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.regenerate(_target(desk, content))


def _new(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.new()


def _undo(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.undo()


def _branch(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.branch(_text(content, "turn"), _number(content, "to"))


def _feedback(desk: Desk, content: Message, buffers: Buffers) -> None:
    feedback, reason = content["feedback"], content.get("reason")
    if feedback not in ("like", "dislike", None):
        raise ValueError(feedback)
    words = reason if isinstance(reason, str) else None
    desk.conversation.commands.feedback(_text(content, "answer"), feedback, words)


def _reaction(desk: Desk, content: Message, buffers: Buffers) -> None:
    reaction = _text(content, "reaction")
    if reaction:
        desk.conversation.commands.reaction(_text(content, "answer"), reaction, content["on"] is not False)


def _pick(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.pick(_text(content, "turn"), _target(desk, content))


def _parameters(desk: Desk, content: Message, buffers: Buffers) -> None:
    values = content["values"]
    if not isinstance(values, dict):
        raise TypeError(values)
    desk.conversation.commands.parameters(values)


def _resend(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.resend(_text(content, "answer"), _text(content, "body"))


def _fork(desk: Desk, content: Message, buffers: Buffers) -> None:
    turn, conversation = _text(content, "turn"), desk.conversation
    desk.reply(lambda: {"kind": "forked", "turn": turn, "name": conversation.fork_named(turn)})


def _trace(desk: Desk, content: Message, buffers: Buffers) -> None:
    answer, start = _text(content, "answer"), max(1, _number(content, "from"))
    is_brief = content.get("brief") is True  # the page has the request, which repeats the whole conversation
    conversation = desk.conversation

    def make() -> Message | None:
        trace = conversation.commands.trace(answer, start, brief=is_brief)
        return None if trace is None else {"kind": "trace", "answer": answer, "trace": trace}

    desk.reply(make)


def _upload(desk: Desk, content: Message, buffers: Buffers) -> None:
    size = _number(content, "size")
    if size < 0:
        raise ValueError(size)
    id, name, content_type = _text(content, "upload"), _text(content, "name"), _text(content, "type")
    desk.conversation.commands.upload(id, name, content_type, size, _telling(desk))


def _chunk(desk: Desk, content: Message, buffers: Buffers) -> None:
    id, index, data = _text(content, "upload"), _number(content, "index"), memoryview(buffers[0]).cast("B")
    desk.conversation.commands.chunk(id, index, data, _telling(desk))


def _drop_upload(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.conversation.commands.drop_upload(_text(content, "upload"))


def _parsed(desk: Desk, content: Message, buffers: Buffers) -> None:
    id, commands = _text(content, "upload"), desk.conversation.commands
    desk.reply(lambda: {"kind": "parsed", "upload": id, "text": commands.parsed(id)})


def _telling(desk: Desk) -> Callable[[UploadState], None]:
    return lambda upload: desk.tell({"kind": "upload", "upload": upload})


def _key(desk: Desk, content: Message, buffers: Buffers) -> None:
    if desk.key is not None:
        desk.tell({"kind": "key", "key": desk.key, "nonce": str(content["nonce"])})


def _address(desk: Desk, content: Message, buffers: Buffers) -> None:
    """The public address with all that belongs to it, for the clipboard; it goes the way of the key."""
    if desk.bot is not None and desk.bot.public_url is not None:
        desk.tell({"kind": "key", "key": desk.bot.public_url, "nonce": str(content["nonce"])})


def _publish(desk: Desk, content: Message, buffers: Buffers) -> None:
    if desk.bot is not None:
        desk.bot.start_publishing()


def _unpublish(desk: Desk, content: Message, buffers: Buffers) -> None:
    if desk.bot is not None:
        desk.bot.start_unpublishing()


def _push(desk: Desk, content: Message, buffers: Buffers) -> None:
    if desk.bot is not None:
        desk.bot.start_pushing()


def _saved(desk: Desk, content: Message, buffers: Buffers) -> None:
    desk.saved()


def _part(desk: Desk, content: Message, buffers: Buffers) -> None:
    name = _text(content, "name")
    code = late_part(name)
    if code is not None:
        desk.tell({"kind": "part", "name": name}, [code])


HANDLERS: dict[str, Handler] = {
    "hello": _hello,
    "send": _send,
    "edit": _edit,
    "stop": _stop,
    "regenerate": _regenerate,
    "new": _new,
    "undo": _undo,
    "branch": _branch,
    "feedback": _feedback,
    "reaction": _reaction,
    "pick": _pick,
    "parameters": _parameters,
    "resend": _resend,
    "fork": _fork,
    "trace": _trace,
    "upload": _upload,
    "chunk": _chunk,
    "drop_upload": _drop_upload,
    "parsed": _parsed,
    "key": _key,
    "address": _address,
    "publish": _publish,
    "unpublish": _unpublish,
    "push": _push,
    "part": _part,
    "saved": _saved,
}


def _text(content: Message, field: str) -> str:
    value = content[field]
    if not isinstance(value, str):
        raise TypeError(field)
    return value


def _number(content: Message, field: str) -> int:
    value = content[field]
    if not isinstance(value, int):
        raise TypeError(field)
    return value


def _target(desk: Desk, content: Message) -> int | None:
    """Which bot is meant; None for all of them, or nobody."""
    target = content.get("target")
    return None if target is None else range(len(desk.conversation.targets))[target]
