"""The answers of a conversation while they are given, and what is known of each. Runs on the portal's loop only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from poebook.client import asking, nested
from poebook.client.answer import Answer, AnswerEvent
from poebook.client.reading import AnswerReader
from poebook.client.recent import remember
from poebook.client.targets import Target
from poebook.client.trace import Asked, error_state
from poebook.client.turns import AnswerState, Op
from poebook.errors import BotError, PoebookError
from poebook.protocol import Attachment

Watcher = Callable[[AnswerEvent], None]
Body = Callable[[int, str, Target], Awaitable[bytes]]  # a request, for a target's number, an answer's id, the target


class Answering:
    """Asks targets and reads what they answer.

    ``target`` says who has a number, ``names`` their names; ``changed`` is told of every change, and ``shown`` finds
    the state that the changes make of an answer.
    """

    def __init__(
        self,
        names: list[str],
        target: Callable[[int], Target],
        changed: Callable[[Op], None],
        shown: Callable[[str], AnswerState | None],
    ) -> None:
        self._names = names
        self._target = target
        self._changed = changed
        self._shown = shown
        self.answers: dict[str, Answer] = {}
        self.asked: dict[str, Asked] = {}
        self._began: dict[str, float] = {}
        self._tasks: dict[str, tuple[int, asyncio.Task[PoebookError | None]]] = {}

    def elapsed(self, id: str) -> float:
        """Seconds since an answer under way was asked for."""
        now = time.perf_counter()
        return now - self._began.get(id, now)

    def is_under_way(self, target: int | None) -> bool:
        """Whether a target answers, or anybody does."""
        return any(target in (None, index) and not task.done() for index, task in self._tasks.values())

    def give(self, other: Answering, id: str) -> None:
        """Let *other* know what is known of an answer."""
        if id in self.answers:
            other.answers[id] = self.answers[id]
        if id in self.asked:
            other.asked[id] = self.asked[id]

    def halt(self, target: int | None = None) -> None:
        """Stop the answers under way."""
        for index, task in self._tasks.values():
            if target is None or index == target:
                task.cancel()

    async def idle(self) -> None:
        """Wait until nobody answers."""
        while self._tasks:
            await asyncio.wait([task for _, task in self._tasks.values()])

    async def round(
        self, ids: dict[int, str], body: Body, watcher: Watcher | None = None
    ) -> tuple[list[Answer], PoebookError | None]:
        """Ask the targets in *ids* all at once, and wait for the last; with why the first gave no answer at all.

        *body* makes the requests.
        """
        tasks = {id: asyncio.create_task(self._answer(index, id, body, watcher)) for index, id in ids.items()}
        self._tasks |= {id: (index, tasks[id]) for index, id in ids.items()}
        try:
            await asyncio.wait(tasks.values())
        except asyncio.CancelledError:
            for task in tasks.values():
                task.cancel()
            await asyncio.wait(tasks.values())
            raise
        finally:
            for id in tasks:
                self._tasks.pop(id, None)
        answers = [self.answers[id] for id in tasks]
        trouble = tasks[answers[0].message_id].result()
        return answers, None if answers[0].events else trouble

    async def _answer(self, index: int, id: str, body: Body, watcher: Watcher | None) -> PoebookError | None:
        """Read one answer to its end, whatever that is; the return value is why there was none."""
        events: list[AnswerEvent] = []
        answer = Answer(target=self._names[index], state="streaming", message_id=id, events=events)
        self.answers[id] = answer
        reader, trouble = AnswerReader(id), None
        began = self._began[id] = time.perf_counter()
        try:
            target = self._target(index)
            asked = self.asked[id] = Asked(target, await body(index, id, target))
            with nested.expecting(id, asked.target.name, asked.heard):
                async for batch in asking.events(asked.target, asked.body):
                    s = time.perf_counter() - began
                    asked.status = 200
                    for sent in batch:
                        event, ops = reader.read(sent.event, sent.data, s, answer.target)
                        events.append(event)
                        if answer.first_event_s is None and reader.count:
                            answer.first_event_s = s
                            self._changed({"op": "first", "id": id, "s": s})
                        for op in ops:
                            self._changed(op)
                        if watcher is not None:
                            watcher(event)
                        if reader.error is not None:
                            break
                    if reader.error is not None:
                        break
        except (Exception, asyncio.CancelledError) as error:
            trouble = error
        answer.total_s = time.perf_counter() - began
        self._finish(answer, reader, self.asked.get(id), trouble)
        return trouble if isinstance(trouble, PoebookError) else None

    def _finish(self, answer: Answer, reader: AnswerReader, asked: Asked | None, trouble: BaseException | None) -> None:
        """Settle how the answer ended, fill the ``Answer``, and tell."""
        if asked is not None and isinstance(trouble, BotError):
            asked.status = trouble.status
        answer.state, answer.error, answer.note = asking.outcome(reader, asked.target if asked else None, trouble)
        answer.event_count, answer.metadata = reader.count, reader.metadata
        self._began.pop(reader.id, None)
        if asked is not None:
            remember(asked, answer)
            asyncio.get_running_loop().run_in_executor(None, asked.pack)
        shown = self._shown(reader.id)
        if shown is not None:
            answer.text, answer.content_type = shown["text"], shown["content_type"]
            answer.suggested_replies = list(shown["replies"])
            answer.attachments = [Attachment(**file) for file in shown["files"]]
        end: Any = {
            "op": "end",
            "id": reader.id,
            "state": answer.state,
            "error": error_state(answer.error),
            "note": answer.note,
            "first_event_s": answer.first_event_s,
            "total_s": answer.total_s,
            "event_count": reader.count,
        }
        self._changed(end)
        cost = asked.target.price(reader.id) if asked is not None and asked.target.price is not None else None
        if cost is not None:
            answer.cost = cost
            self._changed({"op": "cost", "id": reader.id, "cost": cost})
