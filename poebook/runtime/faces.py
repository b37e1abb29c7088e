"""The way up: what a served bot shows of itself is made by floors above, which are imported when they are wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from poebook.errors import MissingExtra

if TYPE_CHECKING:
    from poebook.client.conversation import Conversation
    from poebook.runtime.served import Served


def chat(conversation: Conversation | None, served: Served | None) -> Any:
    """A ``poebook.Chat`` with a card for *served*; with no conversation, the card alone."""
    try:
        module = import_module("poebook.widget.chat")
    except ImportError as error:
        if isinstance(error, MissingExtra) or error.name not in ("anywidget", "ipywidgets", "traitlets", "IPython"):
            raise
        raise MissingExtra("anywidget", extra="notebook") from None
    return module.Chat(*([] if conversation is None else [conversation]), card=served)


def show(chat: Any) -> None:
    """Display a ``poebook.Chat`` below the cell that runs.

    Raises NotImplementedError where nobody could see more of it than text; IPython then shows that.
    """
    showing = import_module("poebook.notebook.showing")
    if not showing.has_front_end():
        raise NotImplementedError
    showing.publish(chat, repr(chat))
