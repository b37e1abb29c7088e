"""The chat below a cell: a widget around a conversation."""

from __future__ import annotations

import contextlib
import difflib
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from poebook.client.conversation import Conversation
from poebook.client.forks import find
from poebook.client.portal import client_portal
from poebook.errors import InvalidParameterError, MissingExtra, PoebookError
from poebook.runtime import faces
from poebook.widget.commands import HANDLERS
from poebook.widget.feed import Feed
from poebook.widget.messages import Message, card
from poebook.widget.own_files import own_files
from poebook.widget.parts import STATIC
from poebook.widget.program import program, version
from poebook.widget.saved import Saved
from poebook.wire.ids import new_id

try:
    import anywidget
    import traitlets
except ImportError:
    raise MissingExtra("anywidget", extra="notebook") from None

if TYPE_CHECKING:
    from poebook.runtime.served import Served

_OPTIONS = ("key", "parameters", "card", "load_images")

logger = logging.getLogger("poebook")


class Chat(anywidget.AnyWidget):
    """A chat with one or several bots, in the output of a cell.

    ``targets`` are what ``Conversation`` takes, or one ``Conversation``; ``card`` is a served bot whose card stands
    above the chat, and with no targets stands alone. ``key`` and ``parameters`` are those of the conversation.
    ``load_images`` shows pictures of other hosts at once; else each waits for a click, as fetching it tells its host.

    >>> from poebook import Chat, PoeBot
    >>> chat = Chat(PoeBot())
    >>> chat.conversation.ask("hi").text
    'hello'
    """

    _esm = STATIC / "loader.js"

    chat_id = traitlets.Unicode().tag(sync=True)
    program = traitlets.Unicode().tag(sync=True)  # the id of the model that has it
    version = traitlets.Unicode().tag(sync=True)  # of the program

    _leave: Sequence[Callable[[], None]] = ()
    _saved: Saved | None = None

    def __init__(
        self,
        *targets: object,
        key: str | None = None,
        parameters: dict[str, Any] | None = None,
        card: Served | None = None,
        load_images: bool = False,
        **unknown: object,
    ) -> None:
        _refuse(unknown)
        self._card = card
        self._options = {"load_images": load_images}
        self._conversation = _conversation(targets, key, parameters, card)
        self._portal = client_portal()
        self._feed = Feed(self._portal, self._tell, self._state)
        super().__init__(chat_id=new_id("w"), program=program().model_id, version=version())
        if self._conversation is not None:
            self._saved = Saved(self.chat_id, self._conversation, self._portal, self._feed.reply)
        _answer_while_cells_run(self.comm)
        self.on_msg(self._heard)
        shown = [self._conversation.subscribe(self._feed.change)] if self._conversation is not None else []
        self._leave = [*shown, *([card.subscribe(self._swapped)] if card is not None else [])]

    @property
    def conversation(self) -> Conversation:
        """The conversation that is shown."""
        if self._conversation is None:
            raise InvalidParameterError('This shows a card alone; fp.Chat("NAME") has a conversation.')
        return self._conversation

    @property
    def conversations(self) -> list[Conversation]:
        """All conversations that are shown."""
        return [] if self._conversation is None else [self._conversation]

    def close(self) -> None:
        """Take the chat out of the page; the conversation goes on."""
        leaves, self._leave = self._leave, ()
        if leaves and self._portal.alive:
            for leave in leaves:
                leave()
            self._portal.call(self._feed.close)
            if self._saved is not None:
                self._portal.call(self._saved.close)
        super().close()

    @property
    def saved(self) -> Saved | None:
        """What a notebook keeps of the conversation beside the chat; None for a card alone."""
        return self._saved

    def __repr__(self) -> str:
        if self._conversation is None:
            return f"<Chat, the card of {self._card.name if self._card else 'nobody'}>"
        return f"<Chat with {' and '.join(self._conversation.targets)}>"

    def _ipython_display_(self) -> None:
        faces.show(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and for places without one the conversation in words."""
        shown: Any = super()._repr_mimebundle_(**kwargs) or {}
        widget, metadata = shown if isinstance(shown, tuple) else (shown, {})
        data = {**widget, "text/plain": repr(self)}
        if self._conversation is not None and "text/markdown" not in (kwargs.get("exclude") or ()):
            data |= {"text/markdown": words} if (words := self._conversation._repr_markdown_()) else {}
        return data, metadata

    # -- to the page ------------------------------------------------------------------------------------------

    def _state(self) -> dict[str, Any]:
        """Everything, as it stands; on the portal's loop."""
        return {
            "card": None if self._card is None else card(self._card),
            "chat": None if self._conversation is None else self._conversation.snapshot(),
            "options": {**self._options, **own_files()},
        }

    def _tell(self, message: Message, buffers: Sequence[bytes] | None = None) -> None:
        if self.comm is None:  # closed meanwhile
            return
        try:
            self.send(message, list(buffers) if buffers else None)
        except Exception:  # the kernel is on its way out, and the page with it
            logger.debug("A message to the chat's page was lost", exc_info=True)

    def _swapped(self) -> None:
        """The served bot is another version, or has stopped."""
        bot = self._card
        if bot is not None:
            self._portal.call(self._feed.card, card(bot))
            if self._conversation is not None and bot.state == "serving":
                self._conversation.refresh()

    # -- from the page; on whichever thread the front end's messages arrive ------------------------------------------

    def _heard(self, _: object, content: Any, buffers: Any) -> None:  # what a page sends is checked by the handlers
        handler = HANDLERS.get(str(content.get("kind"))) if isinstance(content, dict) else None
        if handler is None:
            return
        if isinstance(content.get("id"), str):
            self._tell({"kind": "ack", "id": content["id"]})
        with contextlib.suppress(LookupError, TypeError, ValueError, PoebookError):  # what makes no sense does nothing
            handler(_Desk(self), content, buffers or ())


class _Desk:
    """What the handlers of ``poebook.widget.commands`` see of a chat."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    @property
    def conversation(self) -> Conversation:
        return self._chat.conversation

    @property
    def key(self) -> str | None:
        return self._chat._card.key if self._chat._card is not None else None

    @property
    def bot(self) -> Served | None:
        return self._chat._card

    def hello(self, keeps: bool) -> None:
        self._chat._portal.call(self._chat._feed.hello)
        if self._chat._conversation is not None:
            self._chat._conversation.refresh()
        if self._chat._saved is not None:
            self._chat._portal.call(self._chat._saved.hello, keeps)

    def saved(self) -> None:
        if self._chat._saved is not None:
            self._chat._portal.call(self._chat._saved.send)

    def tell(self, message: Message, buffers: Sequence[bytes] | None = None) -> None:
        self._chat._tell(message, buffers)

    def reply(self, make: Callable[[], Message | None]) -> None:
        self._chat._portal.call(self._chat._feed.reply, make)


def _conversation(
    targets: Sequence[object], key: str | None, parameters: dict[str, Any] | None, bot: Served | None
) -> Conversation | None:
    given = [found for target in targets if (found := target if isinstance(target, Conversation) else find(target))]
    if not given:
        return Conversation(*targets, key=key, parameters=parameters) if targets or bot is None else None
    if len(targets) > 1:
        raise InvalidParameterError(
            "A chat shows one Conversation, or several targets; make a Conversation of all targets and give that."
        )
    if key is not None or parameters is not None:
        raise InvalidParameterError("The Conversation has its key and parameters already; leave them out here.")
    return given[0]


def _refuse(unknown: dict[str, object]) -> None:
    """A misspelt option is no option; widgets would swallow it."""
    for name in unknown:
        close = difflib.get_close_matches(name, _OPTIONS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it takes {', '.join(_OPTIONS[:-1])} and {_OPTIONS[-1]}."
        raise InvalidParameterError(f"Chat has no option {name}; {hint}")


def _answer_while_cells_run(comm: Any) -> None:  # the comm package has no types
    """Let the page's messages be handled on the subshell they were sent to.

    ipykernel would send them where the comm last *sent* from, which for a widget made in a cell is the main shell:
    busy for as long as a cell runs.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default
