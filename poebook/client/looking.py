"""What can be seen of a conversation, from any thread and inside any running loop."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from poebook.client import history, page
from poebook.client.answer import Answer, AnswerError
from poebook.client.board import Listener
from poebook.client.dialogue import Dialogue
from poebook.client.keeping import written
from poebook.client.portal import Portal
from poebook.client.trace import COLUMNS, error_of, lines, rows
from poebook.client.turns import ConversationState
from poebook.errors import PoebookError
from poebook.protocol import ProtocolMessage


class Looking:
    """Messages, answers, traces and the state; nothing here changes them."""

    def __init__(self, portal: Portal, dialogue: Dialogue) -> None:
        self._portal = portal
        self._dialogue = dialogue

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
        return self._dialogue.messages(self.snapshot()["turns"], self._index(target) or 0)

    @property
    def answers(self) -> dict[str, Answer]:
        """The last round of answers, by the target's name."""
        turns = self.snapshot()["turns"]
        last = turns[-1]["answers"] if turns else []
        known = self._dialogue.answers  # one that is only just asked for is not yet there
        return {self._dialogue.names[a["target"]]: known[a["id"]] for a in last if a["id"] in known}

    def trace(self, answer: Answer | str | None = None) -> Any:
        """Every event of the shown answers, or of one: a DataFrame where pandas is installed, else ``Rows`` of dicts.

        The columns are ``turn``, ``target``, ``answer`` (its id), ``n``, ``event``, ``s`` (seconds since the question
        was sent), ``text`` and ``data``. ``trace_of`` has the request and the handler's log.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> _ = conversation.ask("hi")
        >>> len(conversation.trace())
        2
        """
        from poebook.client.evaluating.table import table_of

        wanted = None if answer is None else self._answer_id(answer)
        table = rows(self._portal.do(lambda: self._dialogue.answered(wanted)))
        return table_of(table, COLUMNS)

    def trace_of(self, answer: Answer | str | None = None, start: int = 1) -> dict[str, Any]:
        """How an answer came about, the last one if left out: ``poebook.client.trace.TraceState``, without a key.

        ``start`` is the number of the first event that is wanted.

        >>> from poebook import Conversation, PoeBot
        >>> conversation = Conversation(PoeBot())
        >>> _ = conversation.ask("hi")
        >>> [event["data"] for event in conversation.trace_of()["events"]]
        ['{"text": "hello"}', '{}']
        """
        id = self._answer_id(answer)
        found = self._portal.do(lambda: self._dialogue.trace(id, max(1, start)))
        assert found is not None, "an answer of this conversation has a trace"
        return found

    def export_trace(self, path: str | os.PathLike[str]) -> None:
        """Write how the shown answers came about as JSON Lines: request, events, log and end of each."""
        ids = [answer["id"] for turn in self.snapshot()["turns"] for answer in turn["answers"]]
        text = "".join(f"{line}\n" for id in ids for line in lines(self.trace_of(id), self._dialogue.answers[id]))
        written(Path(path), text)

    def snapshot(self) -> ConversationState:
        """The whole state as JSON, a copy; see ``poebook.client.turns``."""
        return self._portal.do(self._dialogue.copy)

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

    @property
    def wins(self) -> dict[str, int]:
        """How often each target's answer was picked, by the target's name."""
        return {target["name"]: target["wins"] for target in self.snapshot()["targets"]}

    @property
    def troubles(self) -> dict[str, AnswerError]:
        """Why a bot's settings, or some of them, could not be had, by the target's name; empty when all could.

        The chat says the same under Settings. It is known from the first question or ``refresh`` on.

        >>> from poebook import Conversation, PoeBot
        >>> class Forgetful(PoeBot):
        ...     async def get_settings(self, setting):
        ...         return {}["introduction"]
        >>> conversation = Conversation(Forgetful())
        >>> _ = conversation.ask("hi")
        >>> print(conversation.troubles["Forgetful"])
        The bot's settings could not be had: KeyError: 'introduction'
        """
        targets = self.snapshot()["targets"]
        return {one["name"]: error_of(one["trouble"]) for one in targets if one["trouble"] is not None}

    def to_html(self) -> str:
        """The conversation as one page of HTML: no script in it, no key, and nothing that would be fetched.

        Answers' Markdown is rendered where the package mistune is there, as it is with ``poebook[notebook]``.
        """
        return page.page(self.snapshot())

    def save_html(self, path: str | os.PathLike[str]) -> None:
        """Write ``to_html()`` to a file. A file that cannot be written whole is left as it was."""
        written(Path(path), self.to_html())

    # -- which one is meant ------------------------------------------------------------------------------------

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

    def _turn_id(self, turn: int) -> str:
        """A shown turn's id from its number; on the portal's loop."""
        turns = self._dialogue.state["turns"]
        try:
            return turns[turn]["id"]
        except IndexError:
            raise PoebookError(f"There is no turn {turn}; there are {len(turns)}.") from None

    def _answer_id(self, answer: Answer | str | None) -> str:
        """Which answer is meant; the last one for None."""
        if answer is not None:
            id = answer if isinstance(answer, str) else answer.message_id
            if id not in self._dialogue.answers:
                raise PoebookError("That answer is not of this conversation; `.answers` has the last ones.")
            return id
        last = list(self.answers.values())
        if not last:
            raise PoebookError("Nothing has been asked yet; ask something first.")
        if len(last) > 1:
            raise PoebookError("Whose answer? Give one of `.answers`, such as `conversation.answers[NAME]`.")
        return last[0].message_id
