"""What appears below a cell: the card and the chat, or one line of text where no widget can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from IPython.core.getipython import get_ipython
from IPython.display import display

from poebook.client.conversation import Conversation
from poebook.client.refusals import place
from poebook.errors import MissingExtra
from poebook.runtime import faces
from poebook.runtime.served import Served

_kept: WeakSet[Any] = WeakSet()  # the copies of conversations that stand somewhere
_chats: dict[str, tuple[Served, dict[tuple[str, ...] | None, Any]]] = {}


def show(served: Served, *, beside: Sequence[str] = (), chat: bool = True) -> None:
    """Show *served* with its chat, or with its card alone. The same chat is shown again when it is there already."""
    line = line_of(served)
    if not has_front_end():
        print(line)
        return
    try:
        widget = _widget(served, tuple(beside) if chat else None)
    except MissingExtra as missing:
        print(f"{line}\n{missing}")
        return
    publish(widget, line)


def publish(widget: Any, line: str) -> None:
    """Display *widget*, with *line* for places that can show text only.

    Beside it stands a copy of the conversation, which the notebook keeps and the living widget hides.
    """
    data, metadata = widget._repr_mimebundle_(exclude={"text/markdown"})  # the copy has it
    display({**data, "text/plain": line}, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
    if widget.saved is not None:
        place = _Place(widget.saved.display_id)
        place.put(widget.saved.show(place.change))
        _kept.add(widget.saved)
        _settle_after_cells()


def _settle_after_cells() -> None:
    """Have each cell end with the copies that belong to it: who runs a notebook as a script reads no further."""
    callbacks = getattr(get_ipython(), "events", None)
    if callbacks is not None and _settle not in callbacks.callbacks["post_run_cell"]:
        callbacks.register("post_run_cell", _settle)


def _settle(result: object) -> None:
    for saved in list(_kept):
        saved.settle()


class _Place:
    """An output that may be given other contents, from any thread."""

    def __init__(self, display_id: str) -> None:
        self._transient = {"display_id": display_id}
        self._publisher: Any = getattr(get_ipython(), "display_pub", None)  # whoever captures this, captures all

    def put(self, data: dict[str, str], *, update: bool = False) -> None:
        self._publisher.publish(data=data, metadata={}, transient=self._transient, update=update)

    def change(self, data: dict[str, str]) -> None:
        self.put(data, update=True)


def line_of(served: Served) -> str:
    """The bot in one line."""
    public = f" and published at {shown_url(served)}" if served.public_url else ""
    return f"{served.name}, version {served.version}, is served at {served.url}{public}"


def shown_url(served: Served) -> str:
    """The public address, without what may be secret in it."""
    return place(served.public_url or served.url)


def has_front_end() -> bool:
    """Whether this is a kernel, whose outputs somebody may look at with more than a terminal."""
    shell = get_ipython()
    return shell is not None and any(one.__name__ == "ZMQInteractiveShell" for one in type(shell).__mro__)


def _widget(served: Served, beside: tuple[str, ...] | None) -> Any:
    """The chat beside these other targets, or (None) the card."""
    kept_for, widgets = _chats.get(served.name, (None, {}))
    if kept_for is not served:  # stopped meanwhile and served anew: its conversations go on
        if kept_for is not None:
            served.conversations = {**kept_for.conversations, **served.conversations}
        widgets = {}
        _chats[served.name] = (served, widgets)
    if beside is not None:
        served.beside = beside
    if beside not in widgets:
        widgets[beside] = faces.chat(None if beside is None else served.conversation, served)
    if beside is not None:
        served.conversation.refresh()
    return widgets[beside]


def conversation_line(conversation: Conversation) -> str:
    """A chat without a card in one line."""
    return f"Chat with {' and '.join(conversation.targets)}"
