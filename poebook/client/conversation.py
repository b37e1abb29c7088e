"""A conversation with one or several bots: what every face of poebook shows.

All state changes happen on the client portal's loop, so a conversation may be used from any thread and from inside
any running loop.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poebook.client.answer import Answer, AnswerEvent
from poebook.client.attaching import given
from poebook.client.commands import Commands
from poebook.client.dialogue import Dialogue
from poebook.client.forks import keep
from poebook.client.keeping import kept, read, restore, written
from poebook.client.looking import Looking
from poebook.client.parameters import Parameters, checked
from poebook.client.portal import client_portal, serves_here
from poebook.client.targets import resolve
from poebook.errors import PoebookError

if TYPE_CHECKING:
    from poebook.client.tapes.recording import Recording


class Conversation(Looking):
    """History and targets; needs no widget.

    ``targets`` are names of bots served here, names of bots on Poe, URLs or ``PoeBot`` objects; each question goes to
    all of them. ``key`` is for URL targets, ``parameters`` travel with every question.

    >>> from poebook import Conversation, PartialResponse, PoeBot
    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield PartialResponse(text=request.query[-1].content)
    >>> Conversation(Echo()).ask("hi").text
    'hi'
    """

    def __init__(
        self,
        *targets: object,
        key: str | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        if not targets:
            raise PoebookError('A conversation needs somebody to talk to: fp.Conversation("echo").')
        super().__init__(client_portal(), Dialogue(targets, key, checked(parameters or {})))
        self.commands = Commands(self._portal, self._dialogue)

    # -- asking -----------------------------------------------------------------------------------------------

    def ask(self, text: str, attachments: object = (), *, user: str | None = None) -> Any:
        """Ask all targets and wait: an ``Answer`` with one target, a list of them with several.

        ``user`` is the name of a simulated user who asks. Blocks, also inside a running loop. An interrupt stops the
        answer. With one target, raises ``BotError`` when there was no answer to be had; an answer that ended with an
        error is returned, with its ``.error`` set.

        ``attachments`` are one thing or several: paths, bytes, ``(name, bytes)``, open files, URLs, ``Attachment``
        objects, pandas DataFrames (sent as CSV), matplotlib Figures and PIL Images (as PNG), and an ``Answer`` (what is
        attached to it, else its text). Raises InvalidParameterError for what cannot be attached, is larger than
        ``max_upload``, or goes to a bot that takes none.
        """
        if serves_here():
            self._dialogue.refuse_neighbours()
        return self._portal.run(self._dialogue.ask(text, given(attachments), user=user))

    async def ask_async(self, text: str, attachments: object = (), *, user: str | None = None) -> Any:
        """The same as ``ask``, awaited."""
        return await self._portal.wait(self._dialogue.ask(text, given(attachments), user=user))

    async def stream(
        self, text: str, attachments: object = (), *, user: str | None = None
    ) -> AsyncIterator[AnswerEvent]:
        """Ask, and have each event as it comes, from whichever target; stops the answers when left early."""
        files = given(attachments)
        queue: asyncio.Queue[AnswerEvent | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(event: AnswerEvent | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, event)

        async def asked() -> None:
            try:
                await self._dialogue.ask(text, files, put, user)
            finally:
                put(None)

        future = self._portal.submit(asked())
        try:
            while (event := await queue.get()) is not None:
                yield event
            await asyncio.wrap_future(future)
        finally:
            future.cancel()

    def regenerate(self, target: int | str | None = None) -> Any:
        """Ask the last question again, of one target (its number or name) or of all, and wait for it.

        The answers before stay, as another branch. Raises like ``ask``.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> first, second = conversation.ask("hi"), conversation.regenerate()
        >>> first.message_id == second.message_id
        False
        """
        return self._portal.run(self._dialogue.again(self._index(target)))

    def edit(self, i: int, text: str) -> Any:
        """Ask ``text`` in place of the message ``messages[i]``, and wait like ``ask``.

        What was there, and what came after it, stays as another branch.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> _, _ = conversation.ask("one"), conversation.edit(0, "two")
        >>> [message.content for message in conversation.messages]
        ['two', 'hello']
        """
        turn, role = self._place(i)
        if role != "user":
            raise PoebookError(f"Message {i} is the bot's; only what you asked can be edited.")

        async def edit() -> Any:
            return await self._dialogue.edit(self._dialogue.tree.path()[turn], text)

        return self._portal.run(edit())

    def resend(self, body: str | dict[str, Any], answer: Answer | str | None = None) -> Any:
        """Send a request's body as it is here, edited perhaps, in place of the one that *answer* was given to.

        Without *answer* it is the last one. The answers before stay, as another branch. Raises like ``ask``.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> _ = conversation.ask("hi")
        >>> conversation.resend(conversation.trace_of()["body"]).text
        'hello'
        """
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        return self._portal.run(self._dialogue.resend(self._answer_id(answer), text))

    def undo(self) -> None:
        """Step back before the last question; asking anew then begins another branch beside it.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> _ = conversation.ask("hi")
        >>> conversation.undo()
        >>> conversation.messages
        []
        """
        self._portal.run(self._dialogue.undo())

    def branch(self, turn: int, to: int) -> None:
        """Show version ``to`` of the question of a turn, both counted from 0, with all that followed it.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> _, _ = conversation.ask("one"), conversation.edit(0, "two")
        >>> conversation.branch(0, 0)
        >>> conversation.messages[0].content
        'one'
        """
        self._portal.do(lambda: self._dialogue.branch(self._turn_id(turn), to))

    def fork(self, i: int) -> Conversation:
        """A conversation of its own that begins with everything up to and with ``messages[i]``.

        A question at the end takes its answer along, so that both sides are there.
        """
        turn, _ = self._place(i)
        return self._fork(turn)

    def fork_named(self, turn: str) -> str:
        """Fork after the shown turn with this id, and keep the fork under a name.

        ``fp.Chat(NAME)`` and ``%poebot chat NAME`` show it.
        """
        ids = [state["id"] for state in self.snapshot()["turns"]]
        if turn not in ids:
            raise PoebookError("That message is not shown, so no fork can begin there.")
        return keep(self._fork(ids.index(turn)))

    def _fork(self, turn: int) -> Conversation:
        other = Conversation(*self._dialogue.specs, key=self._dialogue.key, parameters=dict(self.parameters))
        self._portal.do(lambda: self._dialogue.give(other._dialogue, turn))
        return other

    def new(self) -> None:
        """Begin again: stop what is being answered and forget the messages. The bots see a new conversation."""
        self._portal.run(self._dialogue.clear())

    def stop(self, target: int | str | None = None) -> None:
        """Stop the answers under way, of one target or of all; what has come stays."""
        self.commands.stop(self._index(target))

    def refresh(self) -> None:
        """Ask the bots what they say of themselves again, as after a swap; returns at once."""
        self.commands.refresh()

    # -- saying what one thinks of an answer --------------------------------------------------------------------

    def like(self, answer: Answer | str | None = None) -> None:
        """Like an answer, given itself or by its ``message_id``; the last one if left out. ``on_feedback`` hears it."""
        self._portal.run(self._dialogue.feedback(self._answer_id(answer), "like"))

    def dislike(self, answer: Answer | str | None = None, *, reason: str | None = None) -> None:
        """Dislike an answer; ``reason`` goes with the message's ``feedback`` from then on."""
        self._portal.run(self._dialogue.feedback(self._answer_id(answer), "dislike", reason))

    def unlike(self, answer: Answer | str | None = None) -> None:
        """Take back a like or dislike. As on Poe, the bot is not told."""
        self._portal.run(self._dialogue.feedback(self._answer_id(answer), None))

    def reaction(self, reaction: str, answer: Answer | str | None = None, *, on: bool = True) -> None:
        """React to an answer, as with ``"heart"``; ``on=False`` takes that back.

        ``on_reaction_with_context`` hears of one that is new.
        """
        self._portal.run(self._dialogue.reaction(self._answer_id(answer), reaction, on))

    def pick(self, target: int | str | None, turn: int = -1) -> None:
        """Say whose answer was the best in a turn, the last if left out; None for nobody's.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot(bot_name="left"), PoeBot(bot_name="right"))
        >>> _ = conversation.ask("hi")
        >>> conversation.pick("right")
        >>> conversation.wins
        {'left': 0, 'right': 1}
        """
        index = self._index(target)
        self._portal.do(lambda: self._dialogue.pick(self._turn_id(turn), index))

    # -- what goes with the next question ---------------------------------------------------------------------

    @property
    def parameters(self) -> Parameters:
        """The values that travel with the next question; change them in place, or set them all.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot(), parameters={"unit": "c"})
        >>> conversation.parameters["detail"] = 2
        >>> conversation.parameters
        {'unit': 'c', 'detail': 2}
        """
        return Parameters(
            lambda: self._portal.do(lambda: dict(self._dialogue.state["parameters"])), self.commands.parameters
        )

    @parameters.setter
    def parameters(self, values: Mapping[str, Any]) -> None:
        self.commands.parameters(checked(dict(values)))

    @property
    def max_upload(self) -> int:
        """How large a file may be that is attached, in bytes; 50 MB unless it is set."""
        return self._dialogue.attached.desk.limit

    @max_upload.setter
    def max_upload(self, size: int) -> None:
        self._dialogue.attached.desk.limit = size

    @property
    def users(self) -> list[str]:
        """The names of the simulated users; ``ask(..., user=NAME)`` adds one."""
        return self._portal.do(lambda: list(self._dialogue.state["users"]))

    @users.setter
    def users(self, names: Iterable[str]) -> None:
        self._portal.do(lambda: self._dialogue.set_users(list(names)))

    # -- keeping ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the conversation as JSON; no key is in it. A file that cannot be written whole is left as it was."""
        specs = [resolve(spec, self._dialogue.key).spec for spec in self._dialogue.specs]
        text = self._portal.do(lambda: json.dumps(kept(self._dialogue, specs), ensure_ascii=False, indent=1))
        written(Path(path), text)

    def record(self, path: str | os.PathLike[str], *, append: bool = False) -> Recording:
        """Write each answer to a tape as it ends, from now on: its request, events, times, calls of other bots.

        As a context manager it ends with the block, else by ``.stop()``. A tape that is there is begun anew, with
        ``append`` carried on; ``fp.replay`` asks its questions again. No key is on it. Raises PoebookError when the
        file cannot be written, or is something else than a tape.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from poebook import Conversation, PoeBot, replay
        >>> conversation = Conversation(PoeBot())
        >>> with TemporaryDirectory() as folder:
        ...     with conversation.record(Path(folder) / "hello.tape.jsonl") as recording:
        ...         _ = conversation.ask("hi")
        ...     replay(recording.path, PoeBot()).passed
        True
        """
        from poebook.client.tapes.recording import record

        return record(self, path, append=append)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *targets: object, key: str | None = None) -> Conversation:
        """Read what ``save`` wrote; *targets*, if given, take the place of those that were saved.

        Raises PoebookError where there is no such file, or one that ``save`` did not write.
        """
        data = read(Path(path))
        conversation = cls(*(targets or data["targets"]), key=key, parameters=data.get("parameters"))
        restore(conversation._dialogue, data)
        return conversation
