"""A conversation with one or several bots: what every face of poebook shows.

All state changes happen on the client portal's loop, so a conversation may be used from any thread and from inside
any running loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from poebook.client import history
from poebook.client.answer import Answer, AnswerEvent
from poebook.client.dialogue import Dialogue, Listener
from poebook.client.portal import client_portal
from poebook.client.targets import resolve
from poebook.client.turns import ConversationState
from poebook.errors import PoebookError
from poebook.protocol import Attachment, ProtocolMessage


class Conversation:
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
        self._portal = client_portal()
        self._dialogue = Dialogue(targets, key, dict(parameters or {}))

    # -- asking -----------------------------------------------------------------------------------------------

    def ask(self, text: str, attachments: Sequence[Attachment] = ()) -> Any:
        """Ask all targets and wait: an ``Answer`` with one target, a list of them with several.

        Blocks, also inside a running loop. An interrupt stops the answer. With one target, raises ``BotError`` when
        there was no answer to be had; an answer that ended with an error is returned, with its ``.error`` set.
        """
        return self._portal.run(self._dialogue.ask(text, attachments))

    async def ask_async(self, text: str, attachments: Sequence[Attachment] = ()) -> Any:
        """The same as ``ask``, awaited."""
        return await self._portal.wait(self._dialogue.ask(text, attachments))

    async def stream(self, text: str, attachments: Sequence[Attachment] = ()) -> AsyncIterator[AnswerEvent]:
        """Ask, and have each event as it comes, from whichever target; stops the answers when left early."""
        queue: asyncio.Queue[AnswerEvent | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(event: AnswerEvent | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, event)

        async def asked() -> None:
            try:
                await self._dialogue.ask(text, attachments, put)
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
        """Ask the last question again, of one target (its number or name) or of all, and wait for it."""
        return self._portal.run(self._dialogue.again(self._index(target)))

    def edit(self, i: int, text: str) -> Any:
        """Ask ``text`` in place of the message ``messages[i]``; what came after it is dropped. Waits like ``ask``."""
        turn, role = self._place(i)
        if role != "user":
            raise PoebookError(f"Message {i} is the bot's; only what you asked can be edited.")
        return self._portal.run(self._dialogue.edit(turn, text))

    def fork(self, i: int) -> Conversation:
        """A conversation of its own that begins with everything up to and with ``messages[i]``.

        A question at the end takes its answer along, so that both sides are there.
        """
        turn, _ = self._place(i)
        other = Conversation(*self._dialogue.specs, key=self._dialogue.key, parameters=self.parameters)
        other._dialogue.state["turns"] = self.snapshot()["turns"][: turn + 1]
        other._dialogue.answers = dict(self._dialogue.answers)
        other._dialogue.attachments = dict(self._dialogue.attachments)
        return other

    def new(self) -> None:
        """Begin again: stop what is being answered and forget the messages. The bots see a new conversation."""
        self._portal.run(self._dialogue.clear())

    def stop(self, target: int | str | None = None) -> None:
        """Stop the answers under way, of one target or of all; what has come stays."""
        self.halt(self._index(target))

    # -- commands that return at once, for buttons ------------------------------------------------------------

    def start(self, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """Begin to ask; what comes is told to those who subscribed."""
        self._portal.submit(_quiet(self._dialogue.ask(text, attachments)))

    def restart(self, target: int | None = None) -> None:
        """Begin to ask the last question again."""
        self._portal.submit(_quiet(self._dialogue.again(target)))

    def halt(self, target: int | None = None) -> None:
        """Stop, from any thread."""
        self._portal.call(self._dialogue.halt, target)

    def clear(self) -> None:
        """Begin a new conversation, from any thread."""
        self._portal.submit(_quiet(self._dialogue.clear()))

    def react(self, answer_id: str, feedback: str | None) -> None:
        """Like or dislike an answer, or take that back; the bot's ``on_feedback`` hears of a like or dislike."""
        self._portal.submit(_quiet(self._dialogue.react(answer_id, feedback)))

    def refresh(self) -> None:
        """Ask the bots for their introductions again, as after a swap."""
        self._portal.submit(_quiet(self._dialogue.introduce()))

    # -- looking ----------------------------------------------------------------------------------------------

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that travel with every question; change them in place."""
        return self._dialogue.parameters

    @property
    def targets(self) -> list[str]:
        """The names of those who are asked."""
        return list(self._dialogue.names)

    @property
    def id(self) -> str:
        """The conversation's id, as the bots see it; a new conversation has a new one."""
        return self._dialogue.state["id"]

    @property
    def messages(self) -> list[ProtocolMessage]:
        """What has been said, as the first target would be told, oldest first."""
        return self.messages_of(0)

    def messages_of(self, target: int | str) -> list[ProtocolMessage]:
        """What has been said, as one of the targets would be told."""
        index = self._index(target) or 0
        return history.messages(self.snapshot()["turns"], index, self._dialogue.answers, self._dialogue.attachments)

    @property
    def answers(self) -> dict[str, Answer]:
        """The last round of answers, by the target's name."""
        turns = self.snapshot()["turns"]
        last = turns[-1]["answers"] if turns else []
        return {self._dialogue.names[a["target"]]: self._dialogue.answers[a["id"]] for a in last}

    def snapshot(self) -> ConversationState:
        """The whole state as JSON, a copy; see ``poebook.client.turns``."""
        if self._portal.inside:
            return self._dialogue.copy()

        async def copy() -> ConversationState:
            return self._dialogue.copy()

        return self._portal.run(copy())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have *listener* told of every change, on the portal's loop, in order; the return value ends that."""
        self._portal.call(self._dialogue.listeners.append, listener)

        def leave() -> None:
            if listener in self._dialogue.listeners:
                self._dialogue.listeners.remove(listener)

        return lambda: self._portal.call(leave)

    def __repr__(self) -> str:
        said = len(self._dialogue.state["turns"])
        return f"<Conversation with {' and '.join(self._dialogue.names)}, {said} {'turn' if said == 1 else 'turns'}>"

    def _repr_markdown_(self) -> str:
        return history.markdown(self.snapshot())

    # -- keeping ----------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the conversation as JSON; no key is in it. A file that cannot be written whole is left as it was."""
        data = {
            "poebook": 1,
            "targets": [t.spec for t in (resolve(s, self._dialogue.key) for s in self._dialogue.specs)],
            "parameters": self.parameters,
            "conversation": self.snapshot(),
            "details": history.details(self._dialogue.answers, self._dialogue.attachments),
        }
        file = Path(path)
        part = file.with_name(file.name + ".part")
        part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(part, file)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *targets: object, key: str | None = None) -> Conversation:
        """Read what ``save`` wrote; *targets*, if given, take the place of those that were saved."""
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            turns, specs = data["conversation"]["turns"], data["targets"]
        except (ValueError, KeyError, TypeError):
            raise PoebookError(f"{path} is no saved conversation.") from None
        conversation = cls(*(targets or specs), key=key, parameters=data.get("parameters"))
        conversation._dialogue.state["turns"] = turns
        conversation._dialogue.answers, conversation._dialogue.attachments = history.restore(data)
        return conversation

    # -- small change -----------------------------------------------------------------------------------------

    def _index(self, target: int | str | None) -> int | None:
        """A target's number from its number or name."""
        if target is None:
            return None
        if isinstance(target, str):
            if target not in self._dialogue.names:
                raise PoebookError(f"{target} is not asked here; these are: {', '.join(self._dialogue.names)}.")
            return self._dialogue.names.index(target)
        if not -len(self._dialogue.names) <= target < len(self._dialogue.names):
            raise PoebookError(f"There is no target {target}; there are {len(self._dialogue.names)}, counted from 0.")
        return target % len(self._dialogue.names)

    def _place(self, i: int) -> tuple[int, str]:
        """The turn that ``messages[i]`` belongs to, and its role."""
        places = history.places(self.snapshot()["turns"], 0)
        try:
            return places[i]
        except IndexError:
            raise PoebookError(f"There is no message {i}; there are {len(places)}.") from None


async def _quiet(work: Awaitable[object]) -> None:
    """*work* for its effects; a failure has been told as a change, and is no news."""
    with contextlib.suppress(PoebookError):
        await work
