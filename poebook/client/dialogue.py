"""What goes on in a conversation: questions, answers and how they end. Runs on the client portal's loop only."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from poebook.client import asking, history
from poebook.client.answer import Answer
from poebook.client.answering import Answering, Watcher
from poebook.client.attached import Attached
from poebook.client.attaching import Given
from poebook.client.declared import described, told_by, with_defaults_of
from poebook.client.desk import refused_by
from poebook.client.held import Held
from poebook.client.targets import Target, resolve
from poebook.client.trace import trace, untraced
from poebook.client.tree import Node, Tree
from poebook.client.turns import (
    AnswerState,
    ConversationState,
    Op,
    TargetState,
    TurnState,
    apply,
    copied,
    fold_answer,
    fresh_answer,
    fresh_target,
    fresh_turn,
)
from poebook.errors import InvalidParameterError, PoebookError
from poebook.protocol import ProtocolMessage
from poebook.wire.ids import new_id

Listener = Callable[[Op], None]


class Dialogue:
    """The state of a conversation, and all that changes it.

    Every change is an op (see ``poebook.client.turns``): made here, then told to the listeners. The state's turns are
    the tree's own.
    """

    def __init__(self, specs: Sequence[object], key: str | None, parameters: dict[str, Any]) -> None:
        self.specs = specs
        self.key = key
        self.user_id = new_id("u")
        targets = [resolve(spec, key) for spec in specs]
        self.names = _distinct([target.name for target in targets])
        self.tree = Tree()
        self.state: ConversationState = {
            "id": new_id("c"),
            "targets": [fresh_target(name, target.where) for name, target in zip(self.names, targets, strict=True)],
            "turns": [],
            "parameters": parameters,
            "users": [],
        }
        self.answering = Answering(
            self.names, lambda index: resolve(self.specs[index], key), self._changed, lambda id: self.tree.answer(id)
        )
        self.answers = self.answering.answers
        self.attached = Attached()
        self.people: dict[str, str] = {}  # the ids of simulated users, by name
        self.listeners: list[Listener] = []
        self._asking = asyncio.Lock()

    # -- looking ----------------------------------------------------------------------------------------------

    def copy(self) -> ConversationState:
        """The state as it stands, for others to keep."""
        state: ConversationState = json.loads(json.dumps(self.state))
        state["turns"] = [self._told(turn) for turn in state["turns"]]
        return state

    def messages(self, turns: list[TurnState], index: int) -> list[ProtocolMessage]:
        """What the target with this number has been told and has said in *turns*."""
        people = history.People(self.people, self.user_id)
        return history.messages(turns, index, self.answers, self.attached.known(), people)

    def shown(self, turn_id: str) -> Node:
        """The shown turn with this id. Raises PoebookError."""
        for node in reversed(self.tree.path()):
            if node.turn["id"] == turn_id:
                return node
        raise PoebookError("That message is not shown, so nothing can be done with it.")

    def last(self) -> Node:
        """The last turn that is shown. Raises PoebookError."""
        path = self.tree.path()
        if not path:
            raise PoebookError("Nothing has been asked yet; ask something first.")
        return path[-1]

    # -- asking -----------------------------------------------------------------------------------------------

    async def ask(
        self,
        text: str,
        attachments: Sequence[Given | Held] = (),
        watcher: Watcher | None = None,
        user: str | None = None,
    ) -> Any:
        """Ask all targets; an ``Answer`` with one target, a list of them with several."""
        async with self._asking:
            await self.answering.idle()
            files = await self._held(attachments)
            turn = self._turn(text, user)
            self.attached.add(turn, files)
            node = self.tree.append(turn)
            self._reshaped({"op": "turn", **self._told(node.turn)})
            return await self._round(node, _ids(turn["answers"]), watcher)

    async def again(self, target: int | None) -> Any:
        """Ask the last question again, of one target or of all; the others' answers stay."""
        if not self.tree.path():
            raise PoebookError("Nothing has been asked yet, so there is nothing to regenerate.")
        if target is not None and self._asking.locked() and not self.answering.is_under_way(target):
            return await self._again(self.last(), target)
        async with self._asking:
            await self.answering.idle()
            return await self._again(self.last(), target)

    async def edit(self, node: Node, text: str) -> Any:
        """Ask *text* as another version of the question of *node*."""
        self.halt()
        async with self._asking:
            await self.answering.idle()
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
        self.halt(target)
        async with self._asking:
            await self.answering.idle()
            turn = self._version(node, target)
            turn["text"] = asking.question_of(body, turn["text"])
            ids = {target: next(a["id"] for a in turn["answers"] if a["target"] == target)}
            return await self._beside(node, turn, ids, asking.again(body, answer_id, ids[target]))

    async def undo(self) -> None:
        """Step back before the last question, which stays to be found as another version of the next one."""
        node = self.last()
        self.halt()
        async with self._asking:
            await self.answering.idle()
            self.tree.cut(node)
            self._show_from(node)

    async def clear(self) -> None:
        """Stop, and forget what was said."""
        self.halt()
        async with self._asking:
            await self.answering.idle()
            self.tree = Tree()
            self.state["id"] = new_id("c")
            self._reshaped({"op": "clear"})
            self.answers.clear()
            self.answering.asked.clear()
            self.attached.clear()

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
            other.answers[answer["id"]] = self.answers[answer["id"]]
            other.answering.asked |= {id: asked for id, asked in self.answering.asked.items() if id == answer["id"]}
        other.attached.take(self.attached)
        other.people = dict(self.people)
        other.state["users"] = list(self.state["users"])

    # -- looking elsewhere, and saying what one thinks -----------------------------------------------------------

    def branch(self, turn_id: str, to: int) -> None:
        """Show another version of a question that is shown. Raises PoebookError."""
        node = self.shown(turn_id)
        versions = node.parent.children
        if not 0 <= to < len(versions):
            raise PoebookError(f"There is no version {to} of that message; there are {len(versions)}, counted from 0.")
        self.tree.show(versions[to])
        self._show_from(versions[to])

    def pick(self, turn_id: str, target: int | None) -> None:
        """Say which target's answer was the best; None for none of them."""
        self._changed({"op": "picked", "turn": self.shown(turn_id).turn["id"], "target": target})

    def set_parameters(self, values: dict[str, Any]) -> None:
        """What goes with the next question."""
        if values != self.state["parameters"]:
            self._changed({"op": "parameters", "values": values})

    def set_users(self, names: Iterable[str]) -> None:
        """Who may ask; those who were known keep their ids."""
        users = list(dict.fromkeys(names))
        if users != self.state["users"]:
            self.people |= {name: new_id("u") for name in users if name not in self.people}
            self._changed({"op": "users", "users": users})

    async def feedback(self, answer_id: str, feedback: str | None, reason: str | None = None) -> None:
        """Like or dislike an answer, or take that back; the bot hears of a like or dislike."""
        answer = self.tree.answer(answer_id)
        if answer is None:
            return
        reason = (reason or None) if feedback is not None else None
        known = answer["feedback"] == feedback
        self._changed({"op": "feedback", "id": answer_id, "feedback": feedback, "reason": reason})
        if feedback is not None and not known:
            await asking.feedback(self._target(answer), feedback, **self._about(answer_id))

    async def reaction(self, answer_id: str, reaction: str, on: bool = True) -> None:
        """React to an answer, or take the reaction back; the bot hears of one that is new."""
        answer = self.tree.answer(answer_id)
        if answer is None or (reaction in answer["reactions"]) == on:
            return
        others = [one for one in answer["reactions"] if one != reaction]
        self._changed({"op": "reactions", "id": answer_id, "reactions": [*others, *([reaction] if on else [])]})
        if on:
            await asking.reaction(self._target(answer), reaction, **self._about(answer_id))

    async def introduce(self) -> None:
        """Learn what the bots say of themselves, and tell when that has changed."""
        learnt = await asyncio.gather(*(self._introduce(index) for index in range(len(self.specs))))
        targets = [{**new, "wins": old["wins"]} for new, old in zip(learnt, self.state["targets"], strict=True)]
        if targets != self.state["targets"]:
            self._changed({"op": "targets", "targets": targets})

    async def _introduce(self, index: int) -> TargetState:
        try:
            target = resolve(self.specs[index], self.key)
        except PoebookError:
            return self.state["targets"][index]
        return described(self.names[index], target.where, await asking.settings(target))

    def _target(self, answer: AnswerState) -> Target:
        return resolve(self.specs[answer["target"]], self.key)

    def _about(self, answer_id: str) -> dict[str, str]:
        return {"message_id": answer_id, "user_id": self.user_id, "conversation_id": self.state["id"]}

    # -- changes ----------------------------------------------------------------------------------------------

    def _changed(self, op: Op) -> None:
        """Make a change that leaves the tree's shape alone, also of an answer that is not shown."""
        answer = self.tree.answer(op["id"]) if "id" in op else None
        if answer is not None:
            fold_answer(answer, op)
        elif "id" not in op:
            apply(self.state, op)
        self._tell(op)

    def _reshaped(self, op: Op) -> None:
        """Tell of a change of the tree's shape."""
        self.state["turns"] = self.tree.turns()
        self._tell(op)

    def _show_from(self, node: Node) -> None:
        """Tell what is shown from the place of *node* on."""
        depth = len(self.tree.line(node)) - 1
        turns = [self._told(turn) for turn in self.tree.turns()[depth:]]
        self._reshaped({"op": "path", "from": depth, "turns": turns})

    def _tell(self, op: Op) -> None:
        for listener in list(self.listeners):
            listener(op)

    def _told(self, turn: TurnState) -> TurnState:
        """*turn* for others to keep, with how long its answers have been under way."""
        copy = copied(turn)
        for answer in copy["answers"]:
            if answer["state"] == "streaming":
                answer["elapsed_s"] = self.answering.elapsed(answer["id"])
        return copy

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
        new = self.tree.beside(node, turn)
        self._show_from(new)
        return await self._round(new, ids, body=body)

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
        declared = self.state["targets"][index]
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

    def trace(self, answer_id: str, start: int = 1) -> dict[str, Any] | None:
        """How an answer came about, see ``poebook.client.trace``; None for one that is not known."""
        answer, asked = self.answers.get(answer_id), self.answering.asked.get(answer_id)
        if answer is None:
            return None
        return untraced(answer, start) if asked is None else trace(asked, answer, start)


def _ids(answers: list[AnswerState]) -> dict[int, str]:
    return {answer["target"]: answer["id"] for answer in answers}


def _distinct(names: list[str]) -> list[str]:
    """*names*, with a number behind those that came before."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out
