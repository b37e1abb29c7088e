"""What goes on in a conversation: questions, answers and how they end. Runs on the client portal's loop only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from poebook.client import asking, history
from poebook.client.answer import Answer
from poebook.client.answering import Answering, Watcher
from poebook.client.attached import Attached
from poebook.client.attaching import Given
from poebook.client.board import Board
from poebook.client.declared import described, told_by, with_defaults_of
from poebook.client.desk import refused_by
from poebook.client.held import Held
from poebook.client.targets import Target, resolve
from poebook.client.trace import trace, untraced
from poebook.client.tree import Node
from poebook.client.turns import (
    AnswerState,
    TargetState,
    TurnState,
    fresh_answer,
    fresh_target,
    fresh_turn,
)
from poebook.errors import InvalidParameterError, PoebookError
from poebook.protocol import ProtocolMessage
from poebook.wire.ids import new_id


class Dialogue(Board):
    """A conversation that goes on: it asks its targets, and tells them what is thought of their answers."""

    def __init__(self, specs: Sequence[object], key: str | None, parameters: dict[str, Any]) -> None:
        self.specs = specs
        self.key = key
        self.user_id = new_id("u")
        targets = [resolve(spec, key) for spec in specs]
        self.names = distinct([target.name for target in targets])
        super().__init__(
            [fresh_target(name, target.where) for name, target in zip(self.names, targets, strict=True)], parameters
        )
        self.answering = Answering(
            self.names, lambda index: resolve(self.specs[index], key), self.changed, lambda id: self.tree.answer(id)
        )
        self.answers = self.answering.answers
        self.attached = Attached()
        self._introduced = False  # whether it is known what the bots want to be told, and with what defaults
        self._leaving = 0  # how many wait to go on from elsewhere
        self._asking = asyncio.Lock()
        self._met: set[int] = set()  # targets that were asked for their settings by the first question

    def refuse_neighbours(self) -> None:
        """Raise PoebookError where a target is served by this thread's loop, which cannot answer while it waits."""
        for spec, name in zip(self.specs, self.names, strict=True):
            if resolve(spec, self.key).kind == "local":
                raise PoebookError(
                    f"{name} can never answer while this handler waits for it: one loop serves both. Write `await "
                    "fp.Conversation(...).ask_async(...)`, or the handler without `async`."
                )

    # -- looking ----------------------------------------------------------------------------------------------

    def messages(self, turns: list[TurnState], index: int) -> list[ProtocolMessage]:
        """What the target with this number has been told and has said in *turns*."""
        people = history.People(self.people, self.user_id)
        return history.messages(turns, index, self.answers, self.attached.known(), people)

    # -- asking -----------------------------------------------------------------------------------------------

    async def ask(
        self,
        text: str,
        attachments: Sequence[Given | Held] = (),
        watcher: Watcher | None = None,
        user: str | None = None,
    ) -> Any:
        """Ask all targets; an ``Answer`` with one target, a list of them with several."""
        _refuse_what_is_no_text(text)
        async with self._asking:
            await self.answering.idle()
            if not self._introduced:
                await self.introduce()
            files = await self._held(attachments)
            turn = self._turn(text, user)
            self.attached.add(turn, files)
            return await self._round(self.append(turn), _ids(turn["answers"]), watcher)

    async def again(self, target: int | None) -> Any:
        """Ask the last question again, of one target or of all; the others' answers stay."""
        if not self.tree.path():
            raise PoebookError("Nothing has been asked yet, so there is nothing to regenerate.")
        if target is not None and not self._leaving and self._others_answer(target):
            return await self._again(self.last(), target)
        async with self._asking:
            await self.answering.idle()
            return await self._again(self.last(), target)

    async def edit(self, node: Node, text: str) -> Any:
        """Ask *text* as another version of the question of *node*."""
        _refuse_what_is_no_text(text)
        async with self._stopped():
            turn = self._turn(text, node.turn["user"])
            self.attached.share(node.turn, turn)
            return await self._beside(node, turn, _ids(turn["answers"]))

    async def resend(self, answer_id: str, body: str) -> Any:
        """Send *body* in place of the request that an answer was given to."""
        holding = [n for n in self.tree.path() if any(a["id"] == answer_id for a in n.turn["answers"])]
        if not holding:
            raise PoebookError("That answer is not shown, so its request cannot be sent again.")
        node = holding[-1]
        target = next(a["target"] for a in node.turn["answers"] if a["id"] == answer_id)
        async with self._stopped(target):
            turn = self._version(node, target)
            turn["text"] = asking.question_of(body, turn["text"])
            ids = {target: next(a["id"] for a in turn["answers"] if a["target"] == target)}
            return await self._beside(node, turn, ids, asking.again(body, answer_id, ids[target]))

    async def undo(self) -> None:
        """Step back before the last question, which stays to be found as another version of the next one."""
        node = self.last()
        async with self._stopped():
            self.step_back(node)

    async def clear(self) -> None:
        """Stop, and forget what was said."""
        async with self._stopped():
            self.wipe()
            self.answers.clear()
            self.answering.asked.clear()
            self.attached.clear()

    @asynccontextmanager
    async def _stopped(self, target: int | None = None) -> AsyncIterator[None]:
        """Alone, once the answers under way have been stopped."""
        self._leaving += 1
        left = False
        try:
            self.halt(target)
            async with self._asking:
                await self.answering.idle()
                self._leaving, left = self._leaving - 1, True
                yield
        finally:
            self._leaving -= not left

    def _others_answer(self, target: int) -> bool:
        """Whether answers are under way, and the target's is not among them."""
        return self.answering.is_under_way(None) and not self.answering.is_under_way(target)

    def elapsed(self, answer_id: str) -> float:
        return self.answering.elapsed(answer_id)

    def halt(self, target: int | None = None) -> None:
        """Stop the answers under way."""
        self.answering.halt(target)

    def give(self, other: Dialogue, turn: int) -> None:
        """Let *other*, which is new, begin with what is shown here, up to the turn with this number."""
        for told in self.copy()["turns"][: turn + 1]:
            other.tree.append(told)
        other.state["turns"] = other.tree.turns()
        for answer in other.tree.answers():
            answer["state"] = "stopped" if answer["state"] == "streaming" else answer["state"]
            self.answering.give(other.answering, answer["id"])
        other.attached.take(self.attached)
        other.people = dict(self.people)
        other.state["users"] = list(self.state["users"])

    # -- saying what one thinks, and hearing what bots say of themselves ---------------------------------------

    async def feedback(self, answer_id: str, feedback: str | None, reason: str | None = None) -> None:
        """Like or dislike an answer, or take that back; the bot hears of a like or dislike."""
        answer = self.tree.answer(answer_id)
        if answer is None:
            return
        reason = (reason or None) if feedback is not None else None
        known = answer["feedback"] == feedback
        self.changed({"op": "feedback", "id": answer_id, "feedback": feedback, "reason": reason})
        if feedback is not None and not known:
            await asking.feedback(self._target(answer), feedback, **self._about(answer_id))

    async def reaction(self, answer_id: str, reaction: str, on: bool = True) -> None:
        """React to an answer, or take the reaction back; the bot hears of one that is new."""
        answer = self.tree.answer(answer_id)
        if answer is None or (reaction in answer["reactions"]) == on:
            return
        others = [one for one in answer["reactions"] if one != reaction]
        self.changed({"op": "reactions", "id": answer_id, "reactions": [*others, *([reaction] if on else [])]})
        if on:
            await asking.reaction(self._target(answer), reaction, **self._about(answer_id))

    async def introduce(self) -> None:
        """Learn what the bots say of themselves, and tell when that has changed."""
        learnt = await asyncio.gather(*(self._introduce(index) for index in range(len(self.specs))))
        self._introduced = True
        targets = [{**new, "wins": old["wins"]} for new, old in zip(learnt, self.state["targets"], strict=True)]
        if targets != self.state["targets"]:
            self.changed({"op": "targets", "targets": targets})

    async def _declared(self, index: int, target: Target) -> TargetState:
        """What a target declares of itself; a bot served here is asked once, where nobody looked before it is asked."""
        if target.kind == "local" and index not in self._met and not self.state["targets"][index]["settings"]:
            self._met.add(index)
            learnt = await self._introduce(index)
            targets = list(self.state["targets"])
            targets[index] = {**learnt, "wins": targets[index]["wins"]}
            if targets != self.state["targets"]:
                self.changed({"op": "targets", "targets": targets})
        return self.state["targets"][index]

    async def _introduce(self, index: int) -> TargetState:
        try:
            target = resolve(self.specs[index], self.key)
        except PoebookError:
            return self.state["targets"][index]
        return described(self.names[index], target.where, *await asking.met(target))

    def _target(self, answer: AnswerState) -> Target:
        return resolve(self.specs[answer["target"]], self.key)

    def _about(self, answer_id: str) -> dict[str, str]:
        return {"message_id": answer_id, "user_id": self.user_id, "conversation_id": self.state["id"]}

    def _turn(self, text: str, user: str | None) -> TurnState:
        """A new question to all targets, with the parameters as they are."""
        if user is not None:
            self.set_users([*self.state["users"], user])
        answers = [fresh_answer(new_id("m"), index) for index in range(len(self.specs))]
        turn = fresh_turn(new_id("m"), text, int(time.time() * 1000), answers)
        turn["parameters"], turn["user"] = dict(self.state["parameters"]), user
        return turn

    def _version(self, node: Node, target: int | None) -> TurnState:
        """The same question, its answer by *target* or by all to be given anew."""
        kept = {a["target"]: a for a in node.turn["answers"] if target not in (None, a["target"])}
        indexes = range(len(self.specs))
        return {**node.turn, "answers": [kept.get(i) or fresh_answer(new_id("m"), i) for i in indexes]}

    async def _held(self, attachments: Sequence[Given | Held]) -> list[Held]:
        """Files ready to go along. Raises InvalidParameterError, also when a bot takes none."""
        held = [one for one in attachments if isinstance(one, Held)]
        given = [one for one in attachments if not isinstance(one, Held)]
        if given:
            await self.introduce()
            refusal = refused_by(self.state["targets"])
            if refusal is not None:
                raise InvalidParameterError(refusal)
            held += await self.attached.desk.hold(given)
        await asyncio.gather(*(file.show() for file in held))
        return held

    # -- answers ----------------------------------------------------------------------------------------------

    async def _again(self, node: Node, target: int | None) -> Any:
        turn = self._version(node, target)
        ids = {i: id for i, id in _ids(turn["answers"]).items() if target in (None, i)}
        return await self._beside(node, turn, ids)

    async def _beside(self, node: Node, turn: TurnState, ids: dict[int, str], body: bytes | None = None) -> Any:
        return await self._round(self.beside(node, turn), ids, body=body)

    async def _round(
        self, node: Node, ids: dict[int, str], watcher: Watcher | None = None, body: bytes | None = None
    ) -> Any:
        """The answers of the targets in *ids* to the turn at *node*; *body* is sent in place of the usual one."""

        async def query(index: int, id: str, target: Target) -> bytes:
            return body if body is not None else await self._query(node, index, id, target)

        answers, trouble = await self.answering.round(ids, query, watcher)
        if len(self.specs) > 1:
            return answers
        if trouble is not None:
            raise trouble
        return answers[0]

    async def _query(self, node: Node, index: int, id: str, target: Target) -> bytes:
        turns, people = self.tree.line(node), history.People(self.people, self.user_id)
        declared = await self._declared(index, target)
        files = await self.attached.sent_to(target, turns, expand=declared["expand_text_attachments"])
        told = history.messages(turns, index, self.answers, files, people, unanswered=True)
        told = told_by(declared, told)
        told[-1].parameters = with_defaults_of(declared, node.turn["parameters"])
        return asking.query(
            told,
            message_id=id,
            user_id=self.people.get(node.turn["user"] or "", self.user_id),
            conversation_id=self.state["id"],
            people={name: self.people[name] for name in self.state["users"]},
        )

    def answered(self, answer_id: str | None) -> list[tuple[int, Answer]]:
        """The shown answers, or the one with this id wherever it is, each with the number of its turn."""
        if answer_id is None:
            line = self.tree.turns()
        else:
            holding = (n for n in self.tree.nodes() if any(a["id"] == answer_id for a in n.turn["answers"]))
            line = self.tree.line(next(holding))
        found = [(number, state["id"]) for number, turn in enumerate(line) for state in turn["answers"]]
        return [(n, self.answers[id]) for n, id in found if answer_id in (None, id) and id in self.answers]

    def trace(self, answer_id: str, start: int = 1, *, brief: bool = False) -> dict[str, Any] | None:
        """How an answer came about, see ``poebook.client.trace``; None for one that is not known."""
        answer, asked = self.answers.get(answer_id), self.answering.asked.get(answer_id)
        if answer is None:
            return None
        return untraced(answer, start) if asked is None else trace(asked, answer, start, brief=brief)


def _ids(answers: list[AnswerState]) -> dict[int, str]:
    return {answer["target"]: answer["id"] for answer in answers}


def distinct(names: list[str]) -> list[str]:
    """*names*, with a number behind those that came before."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


def _refuse_what_is_no_text(question: object) -> None:
    if not isinstance(question, str):
        kind = type(question).__name__
        raise InvalidParameterError(f"A question is a str, not {kind}; ask its words, as in str(...), or attach it.")
