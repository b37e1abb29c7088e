"""What goes on in a conversation: questions, answers and how they end. Runs on the client portal's loop only."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from poebook.client import asking, history
from poebook.client.answer import Answer, AnswerError, AnswerEvent
from poebook.client.reading import AnswerReader
from poebook.client.targets import Target, resolve
from poebook.client.turns import ConversationState, Op, TargetState, apply, find_answer, fresh_answer
from poebook.errors import PoebookError
from poebook.protocol import Attachment
from poebook.wire.ids import new_id

Listener = Callable[[Op], None]
Watcher = Callable[[AnswerEvent], None]


class Dialogue:
    """The state of a conversation, and all that changes it.

    Every change is an op (see ``poebook.client.turns``): applied to the state, then told to the listeners.
    """

    def __init__(self, specs: Sequence[object], key: str | None, parameters: dict[str, Any]) -> None:
        self.specs = specs
        self.key = key
        self.parameters = parameters
        self.user_id = new_id("u")
        targets = [resolve(spec, key) for spec in specs]
        self.names = _distinct([target.name for target in targets])
        self.state: ConversationState = {
            "id": new_id("c"),
            "targets": [
                {"name": name, "where": target.where, "introduction": None}
                for name, target in zip(self.names, targets, strict=True)
            ],
            "turns": [],
        }
        self.answers: dict[str, Answer] = {}
        self.attachments: dict[str, list[Attachment]] = {}
        self.listeners: list[Listener] = []
        self._asked: dict[str, float] = {}
        self._tasks: dict[int, asyncio.Task[PoebookError | None]] = {}
        self._turn = asyncio.Lock()

    def copy(self) -> ConversationState:
        """The state as it stands, for others to keep."""
        now = time.perf_counter()
        state: ConversationState = json.loads(json.dumps(self.state))
        for turn in state["turns"]:
            for answer in turn["answers"]:
                if answer["state"] == "streaming":
                    answer["elapsed_s"] = now - self._asked.get(answer["id"], now)
        return state

    async def ask(self, text: str, attachments: Sequence[Attachment] = (), watcher: Watcher | None = None) -> Any:
        """Ask all targets; an ``Answer`` with one target, a list of them with several."""
        async with self._turn:
            turn_id, place = new_id("m"), len(self.state["turns"])
            ids = {index: new_id("m") for index in range(len(self.specs))}
            if attachments:
                self.attachments[turn_id] = list(attachments)
            fresh = [fresh_answer(id, index) for index, id in ids.items()]
            self._emit({"op": "turn", "id": turn_id, "text": text, "at": int(time.time() * 1000), "answers": fresh})
            return await self._round(place, ids, watcher)

    async def again(self, target: int | None) -> Any:
        """Ask the last question again, of one target or of all."""
        async with self._turn:
            if not self.state["turns"]:
                raise PoebookError("Nothing has been asked yet, so there is nothing to regenerate.")
            place = len(self.state["turns"]) - 1
            ids = {index: new_id("m") for index in (range(len(self.specs)) if target is None else [target])}
            for index, id in ids.items():
                turn = self.state["turns"][place]["id"]
                self._emit({"op": "answer", "turn": turn, "answer": fresh_answer(id, index)})
            return await self._round(place, ids, None)

    async def edit(self, turn: int, text: str) -> Any:
        """Ask *text* in place of the question of the turn with this number."""
        self.halt()
        async with self._turn:
            kept = self.attachments.get(self.state["turns"][turn]["id"], [])
            self._emit({"op": "truncate", "turns": turn})
        return await self.ask(text, kept)

    async def clear(self) -> None:
        """Stop, and forget what was said."""
        self.halt()
        async with self._turn:
            self._emit({"op": "clear"})
            self.state["id"] = new_id("c")
            self.answers.clear()
            self.attachments.clear()

    def halt(self, target: int | None = None) -> None:
        """Stop the answers under way."""
        for index, task in self._tasks.items():
            if target is None or index == target:
                task.cancel()

    async def react(self, answer_id: str, feedback: str | None) -> None:
        """Like or dislike an answer."""
        shown = find_answer(self.state, answer_id)
        if shown is None:
            return
        self._emit({"op": "feedback", "id": answer_id, "feedback": feedback})
        if feedback is not None:
            target = resolve(self.specs[shown["target"]], self.key)
            await asking.feedback(
                target, feedback, message_id=answer_id, user_id=self.user_id, conversation_id=self.state["id"]
            )

    async def introduce(self) -> None:
        """Learn what the bots say of themselves, and tell when that has changed."""
        targets = await asyncio.gather(*(self._introduce(index) for index in range(len(self.specs))))
        if targets != self.state["targets"]:
            self._emit({"op": "targets", "targets": targets})

    async def _introduce(self, index: int) -> TargetState:
        try:
            target = resolve(self.specs[index], self.key)
        except PoebookError:
            return self.state["targets"][index]
        words = await asking.introduction(target)
        return {"name": self.names[index], "where": target.where, "introduction": words}

    def _emit(self, op: Op) -> None:
        apply(self.state, op)
        for listener in list(self.listeners):
            listener(op)

    async def _round(self, place: int, ids: dict[int, str], watcher: Watcher | None) -> Any:
        """Ask the targets in *ids* about the turn at *place*, all at once, and wait for the last."""
        tasks = {index: asyncio.create_task(self._answer(place, index, id, watcher)) for index, id in ids.items()}
        self._tasks.update(tasks)
        try:
            await asyncio.wait(tasks.values())
        except asyncio.CancelledError:
            self.halt()
            await asyncio.wait(tasks.values())
            raise
        finally:
            for index in tasks:
                self._tasks.pop(index, None)
        answers = [self.answers[id] for id in ids.values()]
        if len(self.specs) > 1:
            return answers
        trouble = tasks[next(iter(ids))].result()
        if trouble is not None and not answers[0].events:
            raise trouble
        return answers[0]

    async def _answer(self, place: int, index: int, id: str, watcher: Watcher | None) -> PoebookError | None:
        """Read one answer to its end, whatever that is; the return value is why there was none."""
        events: list[AnswerEvent] = []
        answer = Answer(target=self.names[index], state="streaming", message_id=id, events=events)
        self.answers[id] = answer
        reader, target, trouble = AnswerReader(id), None, None
        began = self._asked[id] = time.perf_counter()
        try:
            target = resolve(self.specs[index], self.key)
            async for name, data in asking.events(target, self._query(place, index, id)):
                s = time.perf_counter() - began
                event, ops = reader.read(name, data, s, answer.target)
                events.append(event)
                if answer.first_event_s is None and reader.count:
                    answer.first_event_s = s
                    self._emit({"op": "first", "id": id, "s": s})
                for op in ops:
                    self._emit(op)
                if watcher is not None:
                    watcher(event)
                if reader.error is not None:
                    break
        except (Exception, asyncio.CancelledError) as error:
            trouble = error
        answer.total_s = time.perf_counter() - began
        self._finish(answer, reader, target, trouble)
        return trouble if isinstance(trouble, PoebookError) else None

    def _query(self, place: int, index: int, id: str) -> bytes:
        turns = self.state["turns"][: place + 1]
        told = history.messages(turns, index, self.answers, self.attachments, unanswered=True)
        if self.parameters:
            told[-1].parameters = dict(self.parameters)
        return asking.query(told, message_id=id, user_id=self.user_id, conversation_id=self.state["id"])

    def _finish(
        self, answer: Answer, reader: AnswerReader, target: Target | None, trouble: BaseException | None
    ) -> None:
        """Settle how the answer ended, tell it, and fill the ``Answer``."""
        answer.state, answer.error, answer.note = asking.outcome(reader, target, trouble)
        answer.event_count, answer.metadata = reader.count, reader.metadata
        self._asked.pop(reader.id, None)
        self._emit(
            {
                "op": "end",
                "id": reader.id,
                "state": answer.state,
                "error": _error_state(answer.error),
                "note": answer.note,
                "first_event_s": answer.first_event_s,
                "total_s": answer.total_s,
                "event_count": reader.count,
            }
        )
        shown = find_answer(self.state, reader.id)
        if shown is not None:
            answer.text, answer.content_type = shown["text"], shown["content_type"]
            answer.suggested_replies = list(shown["replies"])
            answer.attachments = [Attachment(**file) for file in shown["files"]]


def _distinct(names: list[str]) -> list[str]:
    """*names*, with a number behind those that came before."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


def _error_state(error: AnswerError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    fault = error.fault
    shown = (
        None
        if fault is None
        else {
            "summary": fault.summary,
            "cell": fault.cell,
            "line": fault.line,
            "traceback": fault.traceback,
        }
    )
    return {"title": error.title, "text": error.text, "allow_retry": error.allow_retry, "fault": shown}
